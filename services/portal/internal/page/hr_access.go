package page

import (
	"cmp"
	"context"

	"github.com/a-h/templ"
)

// wrongIf ties a field to what is wrong with it.
func wrongIf(field, text string) templ.Attributes {
	if text == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": field + "-wrong"}
}

// nameOr is a name, or words for somebody who was erased since.
func nameOr(ctx context.Context, name string) string { return cmp.Or(name, t(ctx, "access.erased")) }
