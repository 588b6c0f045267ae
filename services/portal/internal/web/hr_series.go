package web

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// listedApart tells that a campaign has a line of its own in the list: occurrences of a series stand on its page, but for those that
// are under way.
func listedApart(c *momentsv1.Campaign) bool {
	return c.GetSeriesId() == "" || c.GetState() == momentsv1.Campaign_STATE_RUNNING || c.GetState() == momentsv1.Campaign_STATE_PAUSED
}

// seriesView is where a series stands.
func seriesView(words *i18n.Words, c *momentsv1.Campaign, view page.CampaignView) page.CampaignView {
	view.Series.Series, view.Started, view.Until = true, false, answerDays(words, c.GetDraft())
	name := strings.ToLower(strings.TrimPrefix(c.GetState().String(), "STATE_"))
	view.State = words.Or("campaign_repeat.state_"+name, view.State)
	view.Note = words.Or("campaign_repeat.note_"+name, "")
	switch c.GetState() {
	case momentsv1.Campaign_STATE_SCHEDULED:
		view.CanEdit, view.CanCancel = true, true
	case momentsv1.Campaign_STATE_RUNNING:
		view.CanEdit, view.CanCancel, view.CanPause = true, true, true
	case momentsv1.Campaign_STATE_PAUSED:
		view.CanEdit, view.CanCancel, view.CanResume = true, true, true
	}
	view.Series.CanEdit = view.CanEdit
	return view
}

// addSeries adds what a series made and will make, or which series an occurrence is of.
func (s *Site) addSeries(ctx context.Context, words *i18n.Words, c *momentsv1.Campaign, view *page.CampaignView) error {
	if id := c.GetSeriesId(); id != "" {
		series, err := s.Peers.Campaigns().GetCampaign(ctx, &momentsv1.GetCampaignRequest{Id: id})
		if err != nil {
			return err
		}
		view.Series.Of, view.Series.Name = campaignBase+id, campaignName(words, series.GetCampaign())
		view.Series.Number = strconv.Itoa(int(c.GetNumber()))
		return nil
	}
	if c.GetDraft().GetRecurrence() == nil {
		return nil
	}
	found, err := s.Peers.Series().GetSeries(ctx, &momentsv1.GetSeriesRequest{Id: c.GetId()})
	if err != nil {
		return err
	}
	for _, made := range found.GetMade() {
		row := campaignRow(words, made)
		row.Name, row.About = words.T("campaign_repeat.occurrence", "Number", strconv.Itoa(int(made.GetNumber()))), words.Date(made.GetDraft().GetOn())
		if made.GetDraft().GetName() != c.GetDraft().GetName() {
			row.About = made.GetDraft().GetName() + " · " + row.About
		}
		view.Series.Made = append(view.Series.Made, row)
	}
	view.Series.LeftOut = campaignDays(words, found.GetLeftOut(), "")
	view.Series.Grace = words.N("campaign_repeat.grace", int(found.GetGraceDays()))
	if !view.CanEdit || c.GetState() == momentsv1.Campaign_STATE_PAUSED {
		return nil
	}
	if c.GetDraft().GetRecurrence().GetPerPerson() != nil {
		view.Series.Dates, err = s.campaignDates(ctx, words, c.GetDraft())
		view.Series.Dates.Summary = "" // the page says it already
		return err
	}
	view.Series.Dates = page.CampaignDates{
		Coming: campaignDays(words, found.GetComing(), c.GetDraft().GetAt()), Warnings: hourWarnings(words, found.GetComing()),
	}
	for i, day := range found.GetComing() {
		offerChange(words, &view.Series.Dates.Coming[i], campaignBase+c.GetId(), day)
	}
	return nil
}

// byHR is why a day is left out that can be had after all.
const byHR = "by_hr"

// offerChange lets HR leave a coming day of a series out, or have it after all.
func offerChange(words *i18n.Words, view *page.CampaignDay, series string, day *momentsv1.Occurrence) {
	step := "leave-out"
	switch day.GetLeftOut() {
	case "":
	case byHR:
		step = "keep"
	default:
		return
	}
	view.Change, view.Rule = series+"/"+step, cmp.Or(day.GetMovedFrom(), day.GetOn())
	view.Do = words.T("campaign_repeat." + strings.ReplaceAll(step, "-", "_"))
}

// hrSeriesDay leaves a coming day of a series out, or has it made after all. Where its time is over meanwhile, the page of the series says what
// became of it.
func (s *Site) hrSeriesDay(undo bool) serve {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := retried(func() error {
			_, err := s.Peers.Series().LeaveOutDay(r.Context(), &momentsv1.LeaveOutDayRequest{
				Id: r.PathValue("id"), Day: r.PostFormValue("day"), Undo: undo,
			})
			return err
		})
		if err != nil && !rpc.Is(err, connect.CodeFailedPrecondition) {
			return err
		}
		http.Redirect(w, r, campaignBase+r.PathValue("id"), http.StatusSeeOther)
		return nil
	}
}

// answerDays is how long an occurrence can be answered.
func answerDays(words *i18n.Words, draft *momentsv1.CampaignDraft) string {
	return words.N("campaign_repeat.each", int(draft.GetRecurrence().GetAnswerDays()))
}

// recurrenceWords says in words how a campaign repeats: "every 2 weeks, on Tuesdays, at 10:00".
func recurrenceWords(words *i18n.Words, draft *momentsv1.CampaignDraft) string {
	if p := draft.GetRecurrence().GetPerPerson(); p != nil {
		unit := "days"
		if p.GetMonths() {
			unit = "months"
		}
		return words.N("campaign_repeat.after_"+unit, int(p.GetAfter()), "Anchor",
			words.T("campaign_repeat.after_anchor_"+chosenOf(anchorValues, p.GetAnchor(), "hire")), "Time", draft.GetAt())
	}
	c := draft.GetRecurrence().GetCalendar()
	first, err := time.Parse(time.DateOnly, draft.GetOn())
	if err != nil {
		return words.T("campaign.no_day")
	}
	frequency := chosenOf(frequencyValues, c.GetFrequency(), "weekly")
	weekday := words.T("campaign_repeat_weekday." + strings.ToLower(first.Weekday().String()))
	var on string
	switch {
	case frequency == "weekly":
		on = words.T("campaign_repeat.on_weekday", "Weekday", weekday)
	case c.GetBy() == momentsv1.Recurrence_Calendar_BY_WEEKDAY, c.GetBy() == momentsv1.Recurrence_Calendar_BY_LAST_WEEKDAY:
		nth := "last"
		if n := (first.Day()-1)/7 + 1; n < 5 && c.GetBy() == momentsv1.Recurrence_Calendar_BY_WEEKDAY {
			nth = strconv.Itoa(n)
		}
		on = words.T("campaign_repeat.on_nth", "Nth", words.T("campaign_repeat.nth_"+nth), "Weekday", weekday)
		if frequency == "yearly" {
			month, _, _ := strings.Cut(words.Month(draft.GetOn()[:len("2026-11")]), " ")
			on = words.T("campaign_repeat.of_month", "Day", on, "Month", month)
		}
	case frequency == "yearly":
		_, day, _ := strings.Cut(words.Weekday(draft.GetOn()), " ")
		on = words.T("campaign_repeat.on_date", "Date", day)
	default:
		on = words.T("campaign_repeat.on_day", "Day", strconv.Itoa(first.Day()))
	}
	said := words.T("campaign_repeat.rhythm", "Every", words.N("campaign_repeat.each_"+frequency, int(max(c.GetEvery(), 1))), "On", on, "Time", draft.GetAt())
	switch {
	case c.GetCount() > 0:
		said += words.N("campaign_repeat.times", int(c.GetCount()))
	case c.GetUntil() != "":
		said += words.T("campaign_repeat.until", "Date", words.Date(c.GetUntil()))
	}
	return said
}

// capital begins a sentence.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
