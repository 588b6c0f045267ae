package page

import (
	"context"

	"jalon.dev/services/portal/internal/guide"
)

// GuideView is a guide seen from one side of the talk.
type GuideView struct {
	Guide guide.Guide
	Side  guide.Side
	// Others are all guides, for the list at the foot.
	Others []guide.Guide
}

const guidesBase = "/talks/guides/"

// otherOne says whose hopes and fears a side begins with.
func otherOne(ctx context.Context, view GuideView) string {
	if view.Side.Who == guide.Employee {
		return t(ctx, "guide.other_employee")
	}
	return words(ctx).Or("guide.other_"+view.Guide.Kind, t(ctx, "guide.other_manager"))
}

func sideAddress(g guide.Guide, side guide.Side) string {
	return guidesBase + g.Kind + "?side=" + side.Who
}

func sideName(ctx context.Context, side guide.Side) string {
	if side.Who == guide.Employee {
		return t(ctx, "guide.for_employee")
	}
	return t(ctx, "guide.for_manager")
}
