package page

import "context"

// title is the edition's name, or that there is a new one.
func (view EditionView) title(ctx context.Context) string {
	if view.ID == "" {
		return t(ctx, "edition.new")
	}
	return t(ctx, "edition.named", "Name", view.Name)
}
