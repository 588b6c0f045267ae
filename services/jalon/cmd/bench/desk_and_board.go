package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

const (
	deskReports = 60
	boardUnits  = 1500
	boardEach   = 10
	looks       = 200
	talksAYear  = 13
)

// deskPage measures what a manager of sixty waits for, with one and with ten years of talks behind.
func deskPage(ctx context.Context) ([]figure, error) {
	manager := event.ID("bench", fmt.Sprint(deskReports))
	return aged(ctx, "desk_page", hires(deskReports, deskReports, "2016-01-04"), looks, func(ctx context.Context, l *lone) error {
		_, err := l.peers.Talks().GetDesk(identity.NewContext(ctx, identity.Actor{PersonID: manager}), &interviewsv1.GetDeskRequest{})
		return err
	})
}

// rhythmBoard measures what HR waits for over 1,500 units, counted anew at each look.
func rhythmBoard(ctx context.Context) ([]figure, error) {
	units := []*directoryv1.Unit{{Id: "company", Version: 1, Name: "Entreprise", Kind: "company"}}
	var events []proto.Message
	for i := range boardUnits {
		units = append(units, &directoryv1.Unit{Id: fmt.Sprint("store-", i), Version: 1, Name: fmt.Sprint("Magasin ", i), Kind: "store", ParentId: "company"})
	}
	for from := 0; from < len(units); from += rawBatch {
		events = append(events, &directoryv1.UnitsChanged{Units: units[from:min(len(units), from+rawBatch)]})
	}
	people := hires(boardUnits*boardEach, 12, "2016-01-04")
	for _, msg := range people {
		hired, _ := msg.(*directoryv1.PeopleHired)
		for i, p := range hired.GetPeople() {
			p.UnitId = fmt.Sprint("store-", (i+len(events)*rawBatch)%boardUnits)
			p.UnitPath = []string{"company", p.GetUnitId()}
		}
		events = append(events, msg)
	}
	return aged(ctx, "rhythm_board", events, 40, func(ctx context.Context, l *lone) error {
		l.clock.Advance(61 * time.Second)
		_, err := l.peers.Interviews().GetBoard(
			identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}}), &interviewsv1.GetBoardRequest{})
		return err
	})
}

// aged measures a look at one and at ten years of history.
func aged(ctx context.Context, name string, people []proto.Message, times int, look func(context.Context, *lone) error) (_ []figure, err error) {
	l, err := loneInterviews(ctx, noon)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.end()) }()
	if err := l.hear(ctx, people...); err != nil {
		return nil, err
	}
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	var figures [2]figure
	held := 0
	for i, years := range [...]int{1, 10} {
		for ; held < years*talksAYear; held++ {
			if err := l.hold(ctx, held); err != nil {
				return nil, err
			}
		}
		var took []time.Duration
		for range times {
			begin := time.Now()
			if err := look(ctx, l); err != nil {
				return nil, err
			}
			took = append(took, time.Since(begin))
		}
		n, err := l.db.Collection("talks").EstimatedDocumentCount(ctx)
		if err != nil {
			return nil, err
		}
		figures[i] = figure{Name: name, Value: percentile(took, 0.95), Unit: "ms", Detail: map[string]any{
			"years": years, "talks": n, "p50": percentile(took, 0.5), "looks": times,
		}}
	}
	figures[1] = figures[1].over(figures[0].Value, "the same look with one year of history")
	return figures[:], nil
}

// hold puts a talk of everybody into the past, so many rhythms ago.
func (l *lone) hold(ctx context.Context, ago int) error {
	on := noon.AddDate(0, 0, -28*(ago+1)).Format(time.DateOnly)
	return chunks(ctx, l.db.Collection("talks"), bson.D{{Key: "state", Value: "planned"}}, func(docs []bson.Raw) error {
		var past []any
		for _, d := range docs {
			var doc bson.M
			if err := bson.Unmarshal(d, &doc); err != nil {
				return err
			}
			employee, _ := doc["employee_id"].(string)
			doc["_id"], doc["state"], doc["held_on"], doc["said_by"] = event.ID("past", employee, fmt.Sprint(ago)), "confirmed", on, employee
			past = append(past, doc)
		}
		_, err := l.db.Collection("talks").InsertMany(ctx, past)
		return err
	})
}
