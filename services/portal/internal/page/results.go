package page

import "context"

func sharePercent(ctx context.Context, part, whole int) string {
	if whole <= 0 {
		return words(ctx).Percent(0)
	}
	return words(ctx).Percent(float64(part) / float64(whole))
}

// chartShape lays choices out as lines of words, and points as columns from low to high.
func chartShape(kind QuestionKind) string {
	if kind.Numeric() {
		return "columns"
	}
	return "bars"
}

// allUnits is how the filter names everything that the reader sees; a manager sees one unit at a time.
func allUnits(ctx context.Context, view ResultsView) string {
	if view.Address == "/team/results" {
		return ""
	}
	return t(ctx, "filter.all_units")
}

// commentsShown are those that are there without asking for more: a hundred would make a page that nobody reads to its end.
const commentsShown = 10

func (r ResultView) firstComments() []string { return r.Comments[:min(commentsShown, len(r.Comments))] }

func (r ResultView) otherComments() []string { return r.Comments[len(r.firstComments()):] }
