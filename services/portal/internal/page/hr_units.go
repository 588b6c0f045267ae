package page

import (
	"context"
	"strconv"
)

// deepest is how far the tree is indented; a phone has no room for more.
const deepest = 3

func depthClass(depth int) string {
	if depth == 0 {
		return ""
	}
	return "depth-" + strconv.Itoa(min(depth, deepest))
}

// inherited says what holds where a setting is left empty.
func inherited(ctx context.Context, above string) string {
	if above == "" {
		return t(ctx, "units.inherited_none")
	}
	return t(ctx, "units.inherited", "Value", above)
}
