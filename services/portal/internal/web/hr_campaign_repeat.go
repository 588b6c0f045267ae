package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// Values of the form, and what they are.
var (
	frequencyValues = map[string]momentsv1.Recurrence_Calendar_Frequency{
		"weekly":  momentsv1.Recurrence_Calendar_FREQUENCY_WEEKLY,
		"monthly": momentsv1.Recurrence_Calendar_FREQUENCY_MONTHLY,
		"yearly":  momentsv1.Recurrence_Calendar_FREQUENCY_YEARLY,
	}
	byValues = map[string]momentsv1.Recurrence_Calendar_By{
		"day":          momentsv1.Recurrence_Calendar_BY_DAY,
		"weekday":      momentsv1.Recurrence_Calendar_BY_WEEKDAY,
		"last_weekday": momentsv1.Recurrence_Calendar_BY_LAST_WEEKDAY,
	}
	anchorValues = map[string]momentsv1.Recurrence_PerPerson_Anchor{
		"hire":   momentsv1.Recurrence_PerPerson_ANCHOR_HIRE,
		"talk":   momentsv1.Recurrence_PerPerson_ANCHOR_TALK,
		"answer": momentsv1.Recurrence_PerPerson_ANCHOR_ANSWER,
	}
)

// What is proposed: five days leave room before the next week's, and a month is when a newcomer has seen enough to tell.
const (
	usualAnswerDays = 5
	usualAfter      = 30
	usualCount      = 6
)

// recurrenceEntered is how the form says that it repeats; nil where it does not. What is no number is told by field.
func recurrenceEntered(r *http.Request, problems *[]*momentsv1.CampaignProblem) *momentsv1.Recurrence {
	value := func(field string) string { return strings.TrimSpace(r.PostFormValue(field)) }
	number := func(field string) int32 {
		if value(field) == "" {
			return 0
		}
		n := wholeNumber(r, field)
		if n < 0 {
			*problems = append(*problems, &momentsv1.CampaignProblem{Field: "recurrence." + field, Code: "number"})
		}
		return max(n, 0)
	}
	repeated := &momentsv1.Recurrence{}
	switch value("repeat") {
	case "calendar":
		calendar := &momentsv1.Recurrence_Calendar{
			Frequency: frequencyValues[value("frequency")], Every: number("every"), SkipShortMonths: value("short_months") == "skip",
			SkipDaysOff: value("days_off") == "skip",
		}
		if calendar.GetFrequency() != momentsv1.Recurrence_Calendar_FREQUENCY_WEEKLY {
			calendar.By = byValues[value("by")]
		}
		switch value("ends") {
		case "count":
			calendar.Count = number("count")
		case "last_day":
			calendar.Until = value("last_day")
		}
		repeated.How = &momentsv1.Recurrence_Calendar_{Calendar: calendar}
	case "person":
		repeated.How = &momentsv1.Recurrence_PerPerson_{PerPerson: &momentsv1.Recurrence_PerPerson{
			Anchor: anchorValues[value("anchor")], After: number("after"), Months: value("unit_of_time") == "months",
		}}
	default:
		return nil
	}
	repeated.AnswerDays = number("answer_days")
	return repeated
}

// campaignRepeat is the part of the form that says how it repeats, with what is proposed where nothing was chosen.
func (s *Site) campaignRepeat(ctx context.Context, words *i18n.Words, draft *momentsv1.CampaignDraft) (page.CampaignRepeat, error) {
	repeated := draft.GetRecurrence()
	calendar, person := repeated.GetCalendar(), repeated.GetPerPerson()
	mode := "once"
	switch {
	case person != nil:
		mode = "person"
	case repeated != nil:
		mode = "calendar"
	}
	choices := func(kind, chosen string, values ...string) []page.Choice {
		all := make([]page.Choice, len(values))
		for i, value := range values {
			all[i] = page.Choice{Value: value, Label: words.T("campaign_repeat." + kind + "_" + value), Chosen: value == chosen}
		}
		return all
	}
	or := func(n int32, usual int) string {
		if n > 0 {
			return strconv.Itoa(int(n))
		}
		if repeated != nil {
			return ""
		}
		return strconv.Itoa(usual)
	}
	ends, off, short, unit := "never", "move", "last", "days"
	switch {
	case calendar.GetCount() > 0:
		ends = "count"
	case calendar.GetUntil() != "":
		ends = "last_day"
	}
	if calendar.GetSkipDaysOff() {
		off = "skip"
	}
	if calendar.GetSkipShortMonths() {
		short = "skip"
	}
	if person.GetMonths() {
		unit = "months"
	}
	view := page.CampaignRepeat{
		Modes: choices("mode", mode, "once", "calendar", "person"),
		Every: strconv.Itoa(int(max(calendar.GetEvery(), 1))), Frequencies: choices("frequency", chosenOf(frequencyValues, calendar.GetFrequency(), "monthly"), "weekly", "monthly", "yearly"),
		By: choices("by", chosenOf(byValues, calendar.GetBy(), "weekday"), "weekday", "last_weekday", "day"), ShortMonths: choices("short", short, "last", "skip"),
		Off: choices("off", off, "move", "skip"), Ends: choices("ends", ends, "never", "count", "last_day"), LastDay: calendar.GetUntil(),
		Count: strconv.Itoa(usualCount), Anchors: choices("anchor", chosenOf(anchorValues, person.GetAnchor(), "hire"), "hire", "talk", "answer"), Units: choices("unit", unit, "days", "months"),
		After: or(person.GetAfter(), usualAfter), AnswerDays: or(repeated.GetAnswerDays(), usualAnswerDays), More: off == "skip" || short == "skip",
	}
	if calendar.GetCount() > 0 {
		view.Count = strconv.Itoa(int(calendar.GetCount()))
	}
	if calendar != nil && person == nil {
		view.After = strconv.Itoa(usualAfter)
	}
	var err error
	view.Dates, err = s.campaignDates(ctx, words, draft)
	return view, err
}

// chosenOf is the value of the form that means something; usual where none does.
func chosenOf[V comparable](values map[string]V, chosen V, usual string) string {
	for value, means := range values {
		if means == chosen {
			return value
		}
	}
	return usual
}

// campaignDates is when a campaign would be sent.
func (s *Site) campaignDates(ctx context.Context, words *i18n.Words, draft *momentsv1.CampaignDraft) (page.CampaignDates, error) {
	found, err := s.Peers.Series().PreviewRecurrence(ctx, &momentsv1.PreviewRecurrenceRequest{
		Recurrence: draft.GetRecurrence(), On: draft.GetOn(), At: draft.GetAt(), Audience: draft.GetAudience(),
	})
	if err != nil {
		return page.CampaignDates{}, err
	}
	view := page.CampaignDates{PerPerson: draft.GetRecurrence().GetPerPerson() != nil}
	if draft.GetRecurrence() == nil {
		view.Warnings = hourWarnings(words, found.GetComing())
		return view, nil
	}
	wrong := campaignWrong(words, found.GetProblems())
	for _, p := range found.GetProblems() {
		if said := wrong[p.GetField()]; !slices.Contains(view.Problems, said) {
			view.Problems = append(view.Problems, said)
		}
	}
	if draft.GetOn() == "" || len(found.GetComing())+len(found.GetDue()) == 0 && !view.PerPerson {
		return view, nil
	}
	view.Summary = capital(recurrenceWords(words, draft))
	view.Coming, view.Warnings = campaignDays(words, found.GetComing(), draft.GetAt()), hourWarnings(words, found.GetComing())
	for _, month := range found.GetDue() {
		view.Due = append(view.Due, words.N("campaign_repeat.due", int(month.GetPeople()), "Month", words.Month(month.GetMonth())))
	}
	if view.PerPerson {
		view.Warnings = append(view.Warnings, words.T("campaign_repeat.monthly_campaign"))
	}
	return view, nil
}

// campaignDays are days in words, with what became of each.
func campaignDays(words *i18n.Words, days []*momentsv1.Occurrence, at string) []page.CampaignDay {
	all := make([]page.CampaignDay, len(days))
	for i, day := range days {
		all[i] = page.CampaignDay{
			On: day.GetOn(), Text: words.T("campaign_repeat.day", "Weekday", words.Weekday(day.GetOn()), "Year", day.GetOn()[:len("2026")], "Time", at),
			LeftOut: day.GetLeftOut() != "",
		}
		switch {
		case day.GetLeftOut() != "":
			all[i].Text, all[i].Note = words.Date(day.GetOn()), words.T("campaign_repeat.why_"+day.GetLeftOut())
			if day.GetTo() != "" {
				all[i].Text = words.T("campaign_repeat.days_to", "First", words.Date(day.GetOn()), "Last", words.Date(day.GetTo()))
			}
		case day.GetMovedFrom() != "":
			all[i].Note = words.T("campaign_repeat.moved", "Date", words.Weekday(day.GetMovedFrom()))
		}
	}
	return all
}

// hourWarnings are why some of the days are better left alone, each reason once.
func hourWarnings(words *i18n.Words, days []*momentsv1.Occurrence) (all []string) {
	for _, day := range days {
		if day.GetHourWarning() == "" {
			continue
		}
		said := words.Or("campaign_repeat.warn_"+day.GetHourWarning(), words.Or("campaign_hour."+day.GetHourWarning(), ""))
		if !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	return all
}
