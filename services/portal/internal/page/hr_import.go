package page

import "context"

// blocked tells that no yes could make this file acceptable.
func blocked(view PreviewView) bool {
	return view.Report.Refusal != "" && !view.Report.ByGuard || view.Units && view.Report.Rejected > 0
}

func applyLabel(ctx context.Context, view PreviewView) string {
	if view.Report.Changes == 0 {
		return t(ctx, "import.apply_nothing")
	}
	return n(ctx, "import.apply", view.Report.Changes)
}
