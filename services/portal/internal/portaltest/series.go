package portaltest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"connectrpc.com/connect"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// A series of the sample, one of its occurrences, and one that asks each person on a day of their own.
const (
	SeriesCampaign     = "0d000000-0000-4000-8000-000000000004"
	OccurrenceCampaign = "0d000000-0000-4000-8000-000000000005"
	PersonCampaign     = "0d000000-0000-4000-8000-000000000006"
)

// series are the campaigns of the sample that repeat.
func series() []*momentsv1.Campaign {
	draft := func(name string, repeated *momentsv1.Recurrence) *momentsv1.CampaignDraft {
		return &momentsv1.CampaignDraft{
			Name: name, Kind: momentsv1.CampaignDraft_KIND_SURVEY, QuestionnaireId: Standard + ".v1", On: "2026-10-06", At: "10:00",
			Audience: &momentsv1.Audience{UnitId: Nantes}, Recurrence: repeated,
		}
	}
	monthly := &momentsv1.Recurrence{AnswerDays: 10, How: &momentsv1.Recurrence_Calendar_{Calendar: &momentsv1.Recurrence_Calendar{
		Frequency: momentsv1.Recurrence_Calendar_FREQUENCY_MONTHLY, By: momentsv1.Recurrence_Calendar_BY_WEEKDAY, Rule: "FREQ=MONTHLY;BYDAY=1TU",
	}}}
	newcomers := &momentsv1.Recurrence{AnswerDays: 7, How: &momentsv1.Recurrence_PerPerson_{PerPerson: &momentsv1.Recurrence_PerPerson{
		Anchor: momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, After: 90,
	}}}
	occurrence := draft("Pouls mensuel <b>de Nantes</b>", nil)
	occurrence.On, occurrence.Until = "2026-11-03", "2026-11-13"
	return []*momentsv1.Campaign{
		{Id: SeriesCampaign, Version: 9, State: momentsv1.Campaign_STATE_RUNNING, Draft: draft("Pouls mensuel <b>de Nantes</b>", monthly), StartedAt: "2026-10-06T08:00:00Z"},
		{Id: OccurrenceCampaign, Version: 4, State: momentsv1.Campaign_STATE_RUNNING, Draft: occurrence, StartedAt: "2026-11-03T09:00:00Z", SeriesId: SeriesCampaign, Number: 2},
		{Id: PersonCampaign, Version: 5, State: momentsv1.Campaign_STATE_SCHEDULED, Draft: draft("Trois mois après l'arrivée", newcomers)},
	}
}

type seriesFake struct{ *Fakes }

// PreviewRecurrence finds five days a week apart, of which the second is moved off a holiday and the third left out; what falls on a
// Sunday never comes. Three people come due a month.
func (f seriesFake) PreviewRecurrence(_ context.Context, req *momentsv1.PreviewRecurrenceRequest) (*momentsv1.PreviewRecurrenceResponse, error) {
	res := &momentsv1.PreviewRecurrenceResponse{}
	if req.GetOn() == "" {
		res.Problems = []*momentsv1.CampaignProblem{{Field: "on", Code: "missing"}}
		return res, nil
	}
	first, err := time.Parse(time.DateOnly, req.GetOn())
	if err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	switch repeated := req.GetRecurrence(); {
	case repeated == nil:
		res.Coming = []*momentsv1.Occurrence{{On: req.GetOn()}}
		if first.Weekday() == time.Monday && req.GetAt() < "12" {
			res.Coming[0].HourWarning = "monday_morning"
		}
	case repeated.GetPerPerson() != nil:
		res.Due = []*momentsv1.DueMonth{{Month: "2026-11", People: 12}, {Month: "2026-12", People: 1}, {Month: "2027-01"}}
	case first.Weekday() == time.Sunday:
		res.Problems = []*momentsv1.CampaignProblem{{Field: "recurrence.frequency", Code: "never"}}
	default:
		res.Coming = coming(first)
	}
	return res, nil
}

func coming(first time.Time) (all []*momentsv1.Occurrence) {
	for week := range 6 {
		on := first.AddDate(0, 0, 7*week).Format(time.DateOnly)
		occurrence := &momentsv1.Occurrence{On: on}
		switch week {
		case 1:
			occurrence.On, occurrence.MovedFrom = first.AddDate(0, 0, 8).Format(time.DateOnly), on
		case 2:
			occurrence.LeftOut = "day_off"
		case 4:
			occurrence.HourWarning = "holiday"
		}
		all = append(all, occurrence)
	}
	return all
}

func (f seriesFake) GetSeries(_ context.Context, req *momentsv1.GetSeriesRequest) (*momentsv1.GetSeriesResponse, error) {
	all := f.Now().Campaigns.All
	if all[req.GetId()].GetDraft().GetRecurrence() == nil {
		return nil, connect.NewError(connect.CodeFailedPrecondition, errors.New("it does not repeat"))
	}
	res := &momentsv1.GetSeriesResponse{GraceDays: 2}
	for _, c := range all {
		if c.GetSeriesId() == req.GetId() {
			res.Made = append(res.Made, c)
		}
	}
	if req.GetId() == SeriesCampaign {
		res.Coming = coming(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
		for _, o := range res.GetComing() {
			if slices.Contains(f.Now().Campaigns.LeftOut, cmp.Or(o.GetMovedFrom(), o.GetOn())) {
				o.LeftOut = "by_hr"
			}
		}
		res.LeftOut = []*momentsv1.Occurrence{{On: "2026-09-01", To: "2026-09-03", LeftOut: "missed"}, {On: "2026-08-04", LeftOut: "day_off"}}
	}
	return res, nil
}

// LeaveOutDay notes the day. What is of last year is over.
func (f seriesFake) LeaveOutDay(_ context.Context, req *momentsv1.LeaveOutDayRequest) (*momentsv1.LeaveOutDayResponse, error) {
	if req.GetDay() < "2026" {
		return nil, connect.NewError(connect.CodeFailedPrecondition, errors.New("its time is over"))
	}
	f.Set(func(s *State) {
		left := slices.DeleteFunc(slices.Clone(s.Campaigns.LeftOut), func(day string) bool { return day == req.GetDay() })
		if !req.GetUndo() {
			left = append(left, req.GetDay())
		}
		s.Campaigns.LeftOut = left
	})
	return &momentsv1.LeaveOutDayResponse{}, nil
}

// GetPlan tells of the sample's campaigns, and of a few days more.
func (f seriesFake) GetPlan(_ context.Context, req *momentsv1.GetPlanRequest) (*momentsv1.GetPlanResponse, error) {
	now := f.Now()
	res := &momentsv1.GetPlanResponse{Today: "2026-11-02"}
	from, err := time.Parse(time.DateOnly, req.GetFrom())
	if err != nil {
		return nil, err
	}
	for day := from; day.Format(time.DateOnly) <= req.GetTo(); day = day.AddDate(0, 0, 1) {
		on := day.Format(time.DateOnly)
		planned := &momentsv1.PlannedDay{On: on, Off: day.Weekday() == time.Saturday || day.Weekday() == time.Sunday, Holiday: on == "2026-11-11"}
		if !now.Empty && day.Day()%4 == 1 {
			planned.FollowUps = int64(day.Day())
		}
		res.Days = append(res.Days, planned)
	}
	if now.Empty {
		return res, nil
	}
	for _, c := range now.Campaigns.All {
		d := c.GetDraft()
		planned := &momentsv1.PlannedCampaign{
			Id: c.GetId(), Name: d.GetName(), Kind: d.GetKind(), State: c.GetState(), On: d.GetOn(), At: d.GetAt(), Until: d.GetUntil(),
			PerPerson: d.GetRecurrence().GetPerPerson() != nil, ToCome: d.GetRecurrence() != nil,
		}
		if planned.GetToCome() {
			planned.On = strings.Replace(d.GetOn(), "-10-06", "-11-24", 1)
		}
		if planned.GetOn() <= req.GetTo() && max(planned.GetUntil(), planned.GetOn()) >= req.GetFrom() {
			res.Campaigns = append(res.Campaigns, planned)
		}
	}
	if req.GetFrom() == "2026-11-01" {
		res.Campaigns = append(res.Campaigns, &momentsv1.PlannedCampaign{
			Id: DraftCampaign, Name: "Bilan d'octobre", State: momentsv1.Campaign_STATE_RUNNING, On: "2026-10-20", At: "10:00", Until: "2026-11-06",
		})
	}
	slices.SortFunc(res.GetCampaigns(), func(a, b *momentsv1.PlannedCampaign) int {
		return strings.Compare(a.GetOn()+a.GetId(), b.GetOn()+b.GetId())
	})
	return res, nil
}
