package publishing

import (
	"context"

	"jalon.dev/pkg/stats"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// News is what is told of a publication.
type News struct {
	// Published are the units of which there are results.
	Published map[string]bool
	// Fallen are the themes that fell in a unit, by its id.
	Fallen map[string][]string
}

// News is what there is to tell of an edition that was published.
func (p Publisher) News(ctx context.Context, editionID string) (News, error) {
	results, err := p.Results.All(ctx, editionID)
	if err != nil {
		return News{}, err
	}
	return newsOf(results, questionnaire.Standard()), nil
}

func newsOf(results []mongostore.Result, q questionnaire.Questionnaire) News {
	news := News{Published: map[string]bool{}, Fallen: map[string][]string{}}
	for _, r := range results {
		if r.Rest {
			continue
		}
		news.Published[r.UnitID] = true
		for i, theme := range q.Themes {
			if i < len(r.Changes) && r.Changes[i].Verdict == stats.Falling {
				news.Fallen[r.UnitID] = append(news.Fallen[r.UnitID], theme.Code)
			}
		}
	}
	return news
}
