package publishing

import (
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/questionnaire"
	"jalon.dev/services/barometer/internal/stats"
)

// News is what is told of a publication.
type News struct {
	// Units are those of which there are results.
	Units []string
	// Fallen are the themes that fell in a unit, by its id.
	Fallen map[string][]string
}

func newsOf(results []mongostore.Result, q questionnaire.Questionnaire) News {
	news := News{Fallen: map[string][]string{}}
	for _, r := range results {
		if r.Rest {
			continue
		}
		news.Units = append(news.Units, r.UnitID)
		for i, theme := range q.Themes {
			if i < len(r.Changes) && r.Changes[i].Verdict == stats.Falling {
				news.Fallen[r.UnitID] = append(news.Fallen[r.UnitID], theme.Code)
			}
		}
	}
	return news
}
