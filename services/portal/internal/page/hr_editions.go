package page

import (
	"context"

	"github.com/a-h/templ"
)

// title is the edition's name, or that there is a new one.
func (view EditionView) title(ctx context.Context) string {
	if view.ID == "" {
		return t(ctx, "edition.new")
	}
	return t(ctx, "edition.named", "Name", view.Name)
}

// href leads to the edition's results, and before they are there to the edition.
func (row EditionRow) href() string {
	if row.Published {
		return "/barometer/results?edition=" + row.ID
	}
	return "/hr/barometer/" + row.ID
}

// watched makes the page look again while the edition moves by itself.
func (view EditionView) watched() templ.Attributes {
	every := "every 5s"
	switch {
	case view.Draft, view.Published:
		return nil
	case view.Preparing:
		every = "every 1s"
	}
	return templ.Attributes{"hx-get": view.action(), "hx-trigger": every, "hx-select": "#edition", "hx-swap": "outerHTML"}
}
