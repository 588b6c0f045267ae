package page

import "context"

func leafMonth(ctx context.Context, iso string) string {
	month, _ := words(ctx).Leaf(iso)
	return month
}

func leafDay(ctx context.Context, iso string) string {
	_, day := words(ctx).Leaf(iso)
	return day
}

// away says how far a date is: "in 5 days".
func away(ctx context.Context, iso string) string { return words(ctx).Away(iso, FrameOf(ctx).Now) }
