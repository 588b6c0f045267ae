package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	reachAt = "/hr/reach"
	// reachWeeks are the last of those that are told: as many as a phone has room for.
	reachWeeks = 8
	// reachUnitsShown are the largest of the units right below.
	reachUnitsShown = 30
)

// hrReach shows how the people of a unit are reached: counts, and never who.
func (s *Site) hrReach(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	unit := r.URL.Query().Get("unit")
	found, err := s.Peers.Reach().GetReach(ctx, &notificationsv1.GetReachRequest{UnitId: clip(unit, 200)})
	if err != nil {
		return err
	}
	view := reachView(words, found)
	if err := s.reachUnits(ctx, words, unit, found, &view); err != nil {
		return err
	}
	return s.show(w, r, page.Reach(view))
}

func reachView(words *i18n.Words, found *notificationsv1.GetReachResponse) page.ReachView {
	view := page.ReachView{
		Counted: words.Date(found.GetCountedBefore()), People: int(found.GetPeople()), TooFew: found.GetTooFew(),
		QuietAfter: int(found.GetQuietAfter()), Limits: limitsInWords(words, found.GetQuietLimits()), Quiet: words.T("audience.too_few"),
	}
	if found.Quiet != nil {
		view.Quiet = words.T("reach.about", "Number", words.Number(int(found.GetQuiet())))
	}
	for _, week := range found.GetWeeks() {
		if share := week.GetReacted(); share != nil {
			view.Reacted = shareWords(words, share)
			view.Weeks = append(view.Weeks, page.ReachWeek{
				From: words.ShortDate(week.GetFrom()), Share: shareFigure(words, share), Percent: int(share.GetPercent()), Of: int(share.GetOf()),
			})
		}
	}
	view.Weeks = view.Weeks[max(0, len(view.Weeks)-reachWeeks):]
	for i, bar := range found.GetSpread() {
		label := words.Number(int(bar.GetQuestions()))
		if i == len(found.GetSpread())-1 {
			label = words.T("reach.and_more", "Number", label)
		}
		view.Spread = append(view.Spread, page.ReachBar{
			Label: label, People: int(bar.GetPeople()), Share: words.Percent(float64(bar.GetPeople()) / float64(max(found.GetPeople(), 1))),
		})
	}
	for _, channel := range found.GetChannels() {
		view.Channels = append(view.Channels, page.ReachChannel{
			Name: words.T("reach." + channel.GetChannel()), Reacted: shareWords(words, channel.GetReacted()), Seen: shareWords(words, channel.GetSeen()),
		})
	}
	return view
}

// shareWords is a share as far as it is told.
func shareWords(words *i18n.Words, share *notificationsv1.Share) string {
	switch {
	case share == nil:
		return words.T("audience.too_few")
	case share.GetPercent() <= 0:
		return words.T("reach.under", "Share", words.Percent(0.1))
	case share.GetPercent() >= 100:
		return words.T("reach.over", "Share", words.Percent(0.9))
	default:
		return words.T("reach.around", "Share", words.Percent(float64(share.GetPercent())/100))
	}
}

// shareFigure is the same where there is no room for words.
func shareFigure(words *i18n.Words, share *notificationsv1.Share) string {
	switch {
	case share.GetPercent() <= 0:
		return "<\u00a0" + words.Percent(0.1)
	case share.GetPercent() >= 100:
		return ">\u00a0" + words.Percent(0.9)
	default:
		return words.Percent(float64(share.GetPercent()) / 100)
	}
}

// reachUnits names the unit, those above it and those right below.
func (s *Site) reachUnits(ctx context.Context, words *i18n.Words, id string, found *notificationsv1.GetReachResponse, view *page.ReachView) error {
	names, err := s.unitNames(ctx)
	if err != nil {
		return err
	}
	unit := names[id]
	if id != "" && unit == nil {
		return errNotFound
	}
	address := func(id string) string { return reachAt + "?" + url.Values{"unit": {id}}.Encode() }
	if unit != nil {
		view.Name = unit.GetName()
		for above := names[unit.GetParentId()]; above != nil; above = names[above.GetParentId()] {
			step := page.Crumb{Name: above.GetName(), Href: address(above.GetId())}
			if above.GetParentId() == "" {
				step.Href = reachAt
			}
			view.Trail = append([]page.Crumb{step}, view.Trail...)
		}
	}
	for _, below := range found.GetUnits() {
		if len(view.Units) == reachUnitsShown {
			view.More++
			continue
		}
		view.Units = append(view.Units, page.ReachUnit{
			Name: cmp.Or(names[below.GetUnitId()].GetName(), words.T("reach.no_name")), Href: address(below.GetUnitId()),
			Reacted: shareWords(words, below.GetReacted()), People: int(below.GetPeople()),
		})
	}
	return nil
}
