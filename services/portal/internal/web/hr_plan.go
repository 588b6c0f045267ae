package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	yearMonth = "2006-01"
	// yearsPlanned is how far the calendar goes either way: a series that nobody ends has days for ever.
	yearsPlanned = 10
)

// hrPlan is a month of all that is planned. It holds names of campaigns and counts, and no person's.
func (s *Site) hrPlan(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	first, err := time.Parse(yearMonth, r.URL.Query().Get("month"))
	if now := s.Clock.Now(); err != nil || first.After(now.AddDate(yearsPlanned, 0, 0)) || first.Before(now.AddDate(-yearsPlanned, 0, 0)) {
		first, _ = time.Parse(yearMonth, s.Clock.Now().In(s.Zone).Format(yearMonth))
	}
	last := first.AddDate(0, 1, -1)
	plan, err := s.Peers.Series().GetPlan(ctx, &momentsv1.GetPlanRequest{From: first.Format(time.DateOnly), To: last.Format(time.DateOnly)})
	if err != nil {
		return err
	}
	editions, err := s.Peers.Barometer().ListEditions(ctx, &barometerv1.ListEditionsRequest{})
	if err != nil {
		return err
	}
	view := page.PlanView{
		Month: words.Month(first.Format(yearMonth)), Before: first.AddDate(0, -1, 0).Format(yearMonth), After: first.AddDate(0, 1, 0).Format(yearMonth),
		BeforeName: words.Month(first.AddDate(0, -1, 0).Format(yearMonth)), AfterName: words.Month(first.AddDate(0, 1, 0).Format(yearMonth)),
		Lead: (int(first.Weekday()) + 6) % 7,
	}
	for _, weekday := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		view.Weekdays = append(view.Weekdays, words.T("plan_weekday."+weekday))
	}
	entries := map[string][]page.PlanEntry{}
	for _, c := range plan.GetCampaigns() {
		entry := plannedEntry(words, c)
		if c.GetOn() < first.Format(time.DateOnly) {
			view.Going = append(view.Going, entry)
			continue
		}
		entries[c.GetOn()] = append(entries[c.GetOn()], entry)
	}
	for on, opened := range editionEntries(words, editions.GetEditions()) {
		entries[on] = append(entries[on], opened...)
	}
	for _, day := range plan.GetDays() {
		d := page.PlanDay{
			On: day.GetOn(), Number: strings.TrimLeft(day.GetOn()[len("2026-11-"):], "0"), Name: words.Weekday(day.GetOn()),
			Today: day.GetOn() == plan.GetToday(), Off: day.GetOff(), Entries: entries[day.GetOn()],
		}
		if day.GetHoliday() {
			d.Holiday = words.T("plan.holiday")
		}
		if n := int(day.GetFollowUps()); n > 0 {
			d.FollowUps = words.N("plan.follow_ups", n)
		}
		view.Days = append(view.Days, d)
		view.Any = view.Any || len(d.Entries) > 0 || d.FollowUps != ""
	}
	view.Any = view.Any || len(view.Going) > 0
	return s.show(w, r, page.Plan(view))
}

func plannedEntry(words *i18n.Words, c *momentsv1.PlannedCampaign) page.PlanEntry {
	entry := page.PlanEntry{
		Name: cmp.Or(c.GetName(), words.T("campaign.unnamed")), Address: campaignBase + c.GetId(), Time: c.GetAt(), Kind: "campaign",
	}
	state, _ := campaignState(words, c.GetState())
	switch {
	case c.GetToCome() && c.GetState() == momentsv1.Campaign_STATE_PAUSED:
		entry.Note, entry.Kind = words.T("plan.paused"), "over"
	case c.GetPerPerson() && c.GetToCome():
		entry.Note, entry.Time, entry.Kind = words.T("plan.every_day"), "", "to-come"
	case c.GetToCome():
		entry.Note, entry.Kind = words.T("plan.to_come"), "to-come"
	case c.GetState() == momentsv1.Campaign_STATE_DRAFT, c.GetState() == momentsv1.Campaign_STATE_CHECKED:
		entry.Note, entry.Kind = state, "draft"
	case c.GetState() == momentsv1.Campaign_STATE_CANCELLED, c.GetState() == momentsv1.Campaign_STATE_DONE:
		entry.Note, entry.Kind = state, "over"
	default:
		entry.Note = words.T("plan.until", "State", state, "Date", words.ShortDate(c.GetUntil()))
	}
	return entry
}

// editionEntries are the first and the last days of the barometer's editions.
func editionEntries(words *i18n.Words, editions []*barometerv1.Edition) map[string][]page.PlanEntry {
	entries := map[string][]page.PlanEntry{}
	add := func(on, key string, e *barometerv1.Edition) {
		if on == "" {
			return
		}
		kind := "barometer"
		if e.GetState() == barometerv1.Edition_STATE_DRAFT {
			kind = "draft"
		}
		entries[on] = append(entries[on], page.PlanEntry{
			Name: words.T("plan."+key, "Name", e.GetName()), Address: editionsBase + "/" + e.GetId(), Note: editionState(words, e.GetState()).Words, Kind: kind,
		})
	}
	for _, e := range slices.Backward(editions) {
		add(e.GetOpensOn(), "edition_opens", e)
		add(e.GetClosesOn(), "edition_closes", e)
	}
	return entries
}
