package web

import (
	"context"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// history is what happened to a person, in words.
func (s *Site) history(ctx context.Context, words *i18n.Words, person string) (page.HistoryView, error) {
	kept, err := s.Peers.Directory().GetHistory(ctx, &directoryv1.GetHistoryRequest{PersonId: person})
	if err != nil {
		return page.HistoryView{}, err
	}
	told := historyWords{words: words}
	if told.units, err = s.unitNames(ctx); err != nil {
		return page.HistoryView{}, err
	}
	var managers []string
	for _, entry := range kept.GetEntries() {
		if entry.GetWhat() == "manager_changed" {
			managers = append(managers, entry.GetFrom(), entry.GetTo())
		}
	}
	if told.people, err = s.cards(ctx, managers...); err != nil {
		return page.HistoryView{}, err
	}
	today := s.now().In(words.Zone()).Format(time.DateOnly)
	view := page.HistoryView{Away: awayWords(words, kept.GetAwayFrom(), kept.GetAwayUntil(), today)}
	for _, entry := range slices.Backward(kept.GetEntries()) {
		row := page.HistoryEntry{
			On: entry.GetOn(), Title: words.Or("history."+entry.GetWhat(), entry.GetWhat()), Detail: told.detail(entry), Ahead: entry.GetOn() > today,
		}
		if entry.GetWhat() == "leave_changed" && entry.GetTo() == "" {
			row.Title = words.T("history.leave_cancelled")
		}
		if entry.GetNotedOn() != entry.GetOn() {
			row.Noted = words.T("history.noted", "On", words.Date(entry.GetNotedOn()))
		}
		view.Entries = append(view.Entries, row)
	}
	return view, nil
}

// awayWords says of a long leave what matters today; nothing of one whose last day has passed.
func awayWords(words *i18n.Words, from, until, today string) string {
	switch {
	case from == "" || until != "" && until < today:
		return ""
	case from > today && until == "":
		return words.T("history.away_from", "From", words.Date(from))
	case from > today:
		return words.T("history.away_between", "From", words.Date(from), "Until", words.Date(until))
	case until == "":
		return words.T("history.away_open", "From", words.Date(from))
	default:
		return words.T("history.away_until", "Until", words.Date(until), "From", words.Date(from))
	}
}

// historyWords name what entries refer to by id.
type historyWords struct {
	words  *i18n.Words
	units  map[string]*directoryv1.Unit
	people map[string]*directoryv1.PersonCard
}

// detail says from what to what.
func (h historyWords) detail(entry *directoryv1.HistoryEntry) string {
	from, to := entry.GetFrom(), entry.GetTo()
	switch entry.GetWhat() {
	case "hired":
		return h.unit(to)
	case "moved":
		return h.change(h.unit(from), h.unit(to))
	case "manager_changed":
		return h.change(h.person(from), h.person(to))
	case "promoted", "job_changed":
		if from == to {
			return to
		}
		return h.change(from, to)
	case "corrected":
		return h.change(h.words.Date(from), h.words.Date(to))
	case "unit_corrected": // from a name that was a mistake
		return h.change(from, h.unit(to))
	case "on_leave":
		return h.dated("history.until", to)
	case "returned":
		return h.dated("history.since", from)
	case "stayed":
		return h.dated("history.was_planned", from)
	case "left":
		return h.dated("history.was_planned", from)
	case "leave_changed":
		if from != to && to != "" {
			return h.change(h.words.Date(from), h.words.Date(to))
		}
	}
	return ""
}

func (h historyWords) change(from, to string) string {
	switch {
	case from == "":
		return to
	case to == "":
		return h.words.T("history.was", "From", from)
	default:
		return h.words.T("history.change", "From", from, "To", to)
	}
}

func (h historyWords) dated(key, date string) string {
	if parsed, err := clock.ParseDate(date); err != nil || parsed.IsZero() {
		return ""
	}
	return h.words.T(key, "On", h.words.Date(date))
}

// unit names a unit; one that the reader does not see, or that is gone, stays without a name.
func (h historyWords) unit(id string) string {
	if unit := h.units[id]; unit != nil || id == "" {
		return unit.GetName()
	}
	return h.words.T("history.other_unit")
}

func (h historyWords) person(id string) string {
	if card := h.people[id]; card != nil {
		return fullName(card)
	}
	if id == "" {
		return ""
	}
	return h.words.T("history.somebody")
}
