package portaltest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// Rhythm is the board that the fakes answer with.
type Rhythm struct {
	// Boards are the answers by unit; the company's is that of no unit too.
	Boards map[string]*interviewsv1.GetBoardResponse
	// Set are the rhythms that were asked for.
	Set []*interviewsv1.SetRhythmRequest
}

func (i interviews) GetBoard(_ context.Context, req *interviewsv1.GetBoardRequest) (*interviewsv1.GetBoardResponse, error) {
	now := i.Now()
	if now.Empty {
		return &interviewsv1.GetBoardResponse{AsOf: Today.Format(time.RFC3339)}, nil
	}
	board := now.Rhythm.Boards[req.GetUnitId()]
	if board == nil {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such unit"))
	}
	return board, nil
}

func (i interviews) SetRhythm(_ context.Context, req *interviewsv1.SetRhythmRequest) (*interviewsv1.SetRhythmResponse, error) {
	i.Set(func(s *State) { s.Rhythm.Set = append(s.Rhythm.Set, req) })
	return &interviewsv1.SetRhythmResponse{}, nil
}

func rhythm() Rhythm {
	company := unitRhythm(Company, "Exemple Sport", 1238, 968, 37)
	company.Gap = &interviewsv1.AuditGap{Responses: 611, Recorded: 3.8, Said: 2.9, Decision: new(0.64), Skills: new(0.48)}
	company.Ratio = &interviewsv1.Ratio{Congratulations: 84, Reframings: 31}
	region := unitRhythm(Region, "Région Ouest", 123, 91, 6)
	region.Gap = &interviewsv1.AuditGap{Responses: 58, Recorded: 3.6, Said: 3.4, Decision: new(0.71), Skills: new(0.55)}
	depot := unitRhythm(Depot, "Dépôt d'Élancourt <annexe>", 48, 20, 14)
	depot.RhythmDays, depot.RhythmSet = 21, true
	depot.Gap = &interviewsv1.AuditGap{Responses: 22, Recorded: 3.9, Said: 1.6, Decision: new(0.31), Skills: new(0.22)}
	nantes, rennes := unitRhythm(Nantes, "Nantes Atlantis", 71, 60, 2), unitRhythm(Rennes, "Rennes Cesson", 52, 31, 4)
	rennes.Gap = &interviewsv1.AuditGap{Responses: 24, Recorded: 2.9, Said: 3.6, Decision: new(0.58), Skills: new(0.4)}
	team := unitRhythm(Team, "Montagne", 12, 12, 0)
	boards := map[string]*interviewsv1.GetBoardResponse{
		Company: board(company, depot, region), Region: board(region, nantes, rennes), Nantes: board(nantes, team), Rennes: board(rennes), Team: board(team), Depot: board(depot),
	}
	boards[""] = boards[Company]
	return Rhythm{Boards: boards}
}

// ManyUnits is the board of a company with that many stores, one of which has nobody to meet yet.
func ManyUnits(stores int) *interviewsv1.GetBoardResponse {
	head := unitRhythm(Company, "Exemple Sport", 0, 0, 0)
	all := []*interviewsv1.UnitRhythm{head}
	for i := range stores {
		people := int32(20 + i*37%61)
		if i == stores-1 {
			people = 0
		}
		store := unitRhythm(event.ID("unit", fmt.Sprint(i)), fmt.Sprintf("Magasin n° %d, Évry", i+1), people, people*int32(100-i*13%60)/100, int32(i*7%9))
		head.People, head.Met, head.Late = head.GetPeople()+store.GetPeople(), head.GetMet()+store.GetMet(), head.GetLate()+store.GetLate()
		all = append(all, store)
	}
	return board(all...)
}

func board(units ...*interviewsv1.UnitRhythm) *interviewsv1.GetBoardResponse {
	return &interviewsv1.GetBoardResponse{
		AsOf: "2026-11-03T08:40:00Z", Units: units,
		Audit: &interviewsv1.Audit{AuditOn: "2026-09-01", Since: "2026-05-01", NextOn: "2027-01-01"},
	}
}

// unitRhythm grew towards its share over the last twelve weeks, with ups and downs.
func unitRhythm(id, name string, people, met, late int32) *interviewsv1.UnitRhythm {
	unit := &interviewsv1.UnitRhythm{UnitId: id, Name: name, People: people, Met: met, Late: late, RhythmDays: 28}
	monday := time.Date(2026, time.August, 17, 0, 0, 0, 0, time.UTC)
	for week := range 12 {
		then := int(met) * (70 + week*3 - week%3*4) / 100
		unit.Trend = append(unit.Trend, &interviewsv1.WeekShare{
			Week: monday.AddDate(0, 0, 7*week).Format(time.DateOnly), People: people, Met: int32(then),
		})
	}
	return unit
}
