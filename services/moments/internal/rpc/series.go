package rpc

import (
	"context"
	"errors"
	"iter"
	"slices"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/recurrence"
	"jalon.dev/services/moments/internal/repeating"
)

var _ momentsv1connect.SeriesServiceHandler = Handler{}

// holiday is why a day is better left alone that no hour makes better.
const holiday = "holiday"

const (
	// previewed is how many days to come are shown of a series, and mostShown how many with those that are left out.
	previewed = 5
	mostShown = 12
	// dueMonths is for how many months it is told how many people come due.
	dueMonths = 3
)

// PreviewRecurrence returns when a campaign that is being written would be sent.
func (h Handler) PreviewRecurrence(
	ctx context.Context, req *momentsv1.PreviewRecurrenceRequest,
) (*momentsv1.PreviewRecurrenceResponse, error) {
	if err := allow(ctx, momentsv1connect.SeriesServicePreviewRecurrenceProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	content, err := campaignContent(&momentsv1.CampaignDraft{
		Recurrence: req.GetRecurrence(), On: req.GetOn(), At: req.GetAt(), Audience: req.GetAudience(),
	})
	if err != nil {
		return nil, err
	}
	zone, err := h.companyZone(ctx)
	if err != nil {
		return nil, err
	}
	off, err := h.Series.DaysOff(ctx)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.PreviewRecurrenceResponse{}
	if content.Recurrence == nil {
		if !content.On.IsZero() {
			res.Coming = append(res.Coming, occurrenceView(recurrence.Day{Rule: content.On, On: content.On}, content.At, off))
		}
		return res, nil
	}
	for _, p := range content.Recurrence.Check(content.On, off.Day, campaign.LongestDays) {
		res.Problems = append(res.Problems, &momentsv1.CampaignProblem{Field: "recurrence." + p.Field, Code: string(p.Code)})
	}
	if content.On.IsZero() {
		res.Problems = append(res.Problems, &momentsv1.CampaignProblem{Field: "on", Code: string(campaign.Missing)})
	}
	// The time to answer says nothing of the days.
	if slices.ContainsFunc(res.GetProblems(), func(p *momentsv1.CampaignProblem) bool { return p.GetField() != "recurrence.answer_days" }) {
		return res, nil
	}
	c, err := campaign.New("", zone).Write(content, "", h.Clock.Now())
	if err != nil {
		return nil, err
	}
	if c.PerPerson() == nil {
		today, err := h.companyToday(ctx)
		if err != nil {
			return nil, err
		}
		if first := today.AddDays(-1); first.After(c.Content.On) { // a series that is edited began before
			c.Course.Passed = first
		}
		res.Coming, err = coming(c, off)
		return res, err
	}
	res.Due, err = h.dueMonths(ctx, c)
	return res, err
}

// coming are the next days of a series, and those between them that are left out.
func coming(c campaign.Campaign, off repeating.DaysOff) ([]*momentsv1.Occurrence, error) {
	planned, err := c.Coming(off.Day)
	if err != nil {
		return nil, err
	}
	var next []*momentsv1.Occurrence
	kept := 0
	for p := range planned {
		view := occurrenceView(p.Day, c.Content.At, off)
		view.LeftOut = string(p.Why)
		next = append(next, view)
		if p.Why == "" {
			kept++
		}
		if kept == previewed || len(next) == mostShown {
			break
		}
	}
	return next, nil
}

func occurrenceView(day recurrence.Day, at clock.TimeOfDay, off repeating.DaysOff) *momentsv1.Occurrence {
	view := &momentsv1.Occurrence{On: day.On.String()}
	switch {
	case day.LeftOut:
		return view
	case day.On != day.Rule:
		view.MovedFrom = day.Rule.String()
	}
	if view.HourWarning = string(campaign.WarningOf(day.On, at)); off.Holiday(day.On) {
		view.HourWarning = holiday
	}
	return view
}

// dueMonths counts who comes due, as far as it is known: after the first day with the company.
func (h Handler) dueMonths(ctx context.Context, c campaign.Campaign) ([]*momentsv1.DueMonth, error) {
	if c.PerPerson().Anchor != recurrence.Hire {
		return nil, nil
	}
	today, err := h.companyToday(ctx)
	if err != nil {
		return nil, err
	}
	var months []*momentsv1.DueMonth
	for first := range firstsOfMonths(today, dueMonths) {
		month := &momentsv1.DueMonth{Month: first.String()[:len("2026-11")]}
		for day := first; day.Month == first.Month; day = day.AddDays(1) {
			if day.Before(today) || day.Before(c.Content.On) {
				continue
			}
			for _, anchor := range c.PerPerson().Anchors(day) {
				selection, some := repeating.HiredOn(c, day, anchor)
				if !some {
					continue
				}
				n, err := h.People.CountSelected(ctx, selection)
				if err != nil {
					return nil, err
				}
				month.People += int64(n)
			}
		}
		months = append(months, month)
	}
	return months, nil
}

func firstsOfMonths(from clock.Date, n int) iter.Seq[clock.Date] {
	return func(yield func(clock.Date) bool) {
		first := clock.Date{Year: from.Year, Month: from.Month, Day: 1}
		for i := range n {
			if !yield(first.AddMonths(i)) {
				return
			}
		}
	}
}

// GetSeries returns what a series has made and is about to make.
func (h Handler) GetSeries(ctx context.Context, req *momentsv1.GetSeriesRequest) (*momentsv1.GetSeriesResponse, error) {
	if err := allow(ctx, momentsv1connect.SeriesServiceGetSeriesProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	c, err := h.Campaigns.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	if !c.Recurs() {
		return nil, connect.NewError(connect.CodeFailedPrecondition, errNoSeries)
	}
	made, err := h.Campaigns.Occurrences(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.GetSeriesResponse{GraceDays: int32(c.Grace().Hours() / 24)}
	for _, occurrence := range made {
		res.Made = append(res.Made, campaignView(occurrence))
	}
	for _, left := range slices.Backward(c.Course.LeftOut) {
		res.LeftOut = append(res.LeftOut, &momentsv1.Occurrence{On: left.On.String(), To: left.To.String(), LeftOut: string(left.Why)})
	}
	if !c.Goes() || c.PerPerson() != nil {
		return res, nil
	}
	off, err := h.Series.DaysOff(ctx)
	if err != nil {
		return nil, err
	}
	res.Coming, err = coming(c, off)
	return res, err
}

// LeaveOutDay has a series make nothing on a day to come, or make it after all.
func (h Handler) LeaveOutDay(ctx context.Context, req *momentsv1.LeaveOutDayRequest) (*momentsv1.LeaveOutDayResponse, error) {
	if err := allow(ctx, momentsv1connect.SeriesServiceLeaveOutDayProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	day, err := dateField("day", req.GetDay())
	if err != nil {
		return nil, err
	}
	c, err := h.Campaigns.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	off, err := h.Series.DaysOff(ctx)
	if err != nil {
		return nil, err
	}
	next, err := c.LeaveOut(day, !req.GetUndo(), off.Day, author(ctx), h.Clock.Now())
	if errors.Is(err, campaign.ErrNotComing) {
		return nil, connect.NewError(connect.CodeFailedPrecondition, err)
	}
	if err != nil || next.Version == c.Version { // it was done before
		return &momentsv1.LeaveOutDayResponse{}, err
	}
	return &momentsv1.LeaveOutDayResponse{}, h.Campaigns.Replace(ctx, next)
}

// GetPlan returns all that is planned between two days.
func (h Handler) GetPlan(ctx context.Context, req *momentsv1.GetPlanRequest) (*momentsv1.GetPlanResponse, error) {
	if err := allow(ctx, momentsv1connect.SeriesServiceGetPlanProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	from, err := dateField("from", req.GetFrom())
	if err != nil {
		return nil, err
	}
	to, err := dateField("to", req.GetTo())
	if err != nil {
		return nil, err
	}
	if days := from.DaysUntil(to); days < 0 || days > mostPlanned {
		return nil, rpc.InvalidField("to", "must be from the first day on, and a year later at most")
	}
	return h.plan(ctx, from, to)
}
