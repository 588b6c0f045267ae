package auditing

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/services/interviews/internal/mongostore"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

const (
	// KindResults is the kind of agenda items that fetch what people said so far.
	KindResults = "audit-results"
	// days is for how long answers may come in, and those to come are counted: two weeks to answer, and what the gate puts off.
	days = 35
	// keyMoment, and the ids of its questions, are what moments calls the audit.
	keyMoment      = "talk_audit"
	questionHeld   = "talks_held"
	questionDecide = "talks_decisions"
	questionSkills = "talks_skills"
)

// Moments is what is asked of moments: sums over units, under its thresholds.
type Moments interface {
	CompareUnits(ctx context.Context, req *momentsv1.CompareUnitsRequest) (*momentsv1.CompareUnitsResponse, error)
}

// Results fetches what people said, once a day while answers come in.
type Results struct {
	Audits  *mongostore.Audits
	Moments Moments
	Agenda  *agenda.Agenda
}

// planResults plans the next fetching, while answers to the audit may come in.
func planResults(ctx context.Context, planned *agenda.Agenda, audit, today clock.Date) error {
	next := today.AddDays(1)
	if audit.DaysUntil(next) > days {
		return nil
	}
	return planned.Schedule(ctx, agenda.Item{
		ID: agenda.OccurrenceID(KindResults, audit.String(), next), Kind: KindResults,
		// After noon, when moments has released what was answered the day before.
		Local: &agenda.LocalTime{Date: next, Time: 13 * 60, Zone: "UTC"}, Data: map[string]string{"on": audit.String()},
	})
}

// Handle fetches the results of the audits of the items.
func (r Results) Handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	asking := identity.AsService(ctx, "interviews")
	for _, item := range items {
		audit, err := clock.ParseDate(item.Data["on"])
		if err != nil {
			return nil, fmt.Errorf("fetching the results of an audit: %w", err)
		}
		if err := r.fetch(asking, audit); err != nil {
			return nil, err
		}
		if err := planResults(ctx, r.Agenda, audit, clock.DateOf(now, time.UTC)); err != nil {
			return nil, err
		}
	}
	return agenda.DoneAll(items), nil
}

func (r Results) fetch(ctx context.Context, audit clock.Date) error {
	units, err := r.Audits.Units(ctx, audit)
	if err != nil {
		return err
	}
	said := make(map[string]mongostore.Said, len(units))
	for some := range slices.Chunk(units, most) {
		answer, err := r.Moments.CompareUnits(ctx, &momentsv1.CompareUnitsRequest{KeyMoment: keyMoment, FollowUp: audit.String(), UnitIds: some})
		if err != nil {
			return fmt.Errorf("asking for the results of the audit of %s: %w", audit, err)
		}
		for unit, results := range answer.GetUnits() {
			if sum, ok := saidOf(results); ok {
				said[unit] = sum
			}
		}
	}
	return r.Audits.Say(ctx, audit, said)
}

// saidOf sums up what people of a unit said; ok is false where too few did.
func saidOf(answer *momentsv1.GetResultsResponse) (said mongostore.Said, ok bool) {
	for _, q := range answer.GetQuestions() {
		if q.GetTooFew() {
			continue
		}
		switch q.GetQuestion().GetId() {
		case questionHeld:
			said.Responses = int(q.GetN())
			for _, count := range q.GetCounts() {
				talks, err := strconv.Atoi(count.GetId())
				if err != nil {
					continue // an option that HR added
				}
				said.Talks += talks * int(count.GetCount())
			}
			ok = said.Responses > 0
		case questionDecide:
			said.Decision = new(q.GetFavourable())
		case questionSkills:
			said.Skills = new(q.GetFavourable())
		}
	}
	return said, ok && !answer.GetTooFew()
}
