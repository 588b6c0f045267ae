package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
)

// talkDoc is a talk as interviews keeps it, without what is said in it.
type talkDoc struct {
	ID         string          `bson:"_id"`
	Kind       string          `bson:"kind"`
	EmployeeID string          `bson:"employee_id"`
	ManagerID  string          `bson:"manager_id"`
	Number     int             `bson:"number"`
	State      string          `bson:"state"`
	PlannedOn  clock.Date      `bson:"planned_on"`
	StartsAt   clock.TimeOfDay `bson:"starts_at"`
	Zone       string          `bson:"zone"`
	Reason     string          `bson:"reason"`
	DueOn      clock.Date      `bson:"due_on"`
	Sequence   int             `bson:"sequence"`
	LastHeldOn clock.Date      `bson:"last_held_on"`
	HeldOn     clock.Date      `bson:"held_on"`
	SaidBy     string          `bson:"said_by"`
	StartedBy  string          `bson:"started_by"`
	Proposal   *proposalDoc    `bson:"proposal"`
}

type proposalDoc struct {
	By       string          `bson:"by"`
	On       clock.Date      `bson:"on"`
	StartsAt clock.TimeOfDay `bson:"starts_at"`
}

// course is what was seen of a talk so far.
type course struct {
	talkDoc
	// before is the talk as it stood under an earlier sequence; without an id while there was none.
	before talkDoc
	// since is when the sequence that it has now was first seen.
	since time.Time
	// counted and contested are when it was first seen to count as held, and to be contested.
	counted, contested time.Time
}

const fourWeekly = "ei2d"

// zone is the employee's, in which the talk's date is meant.
func (t talkDoc) zone() *time.Location {
	zone, err := clock.Zone(t.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

func (t talkDoc) begins() time.Time { return clock.LocalInstant(t.PlannedOn, t.StartsAt, t.zone()) }

// ends says when; a congratulation and a reframing last half as long as the others.
func (t talkDoc) ends() time.Time {
	if t.Kind == "congratulation" || t.Kind == "reframing" {
		return t.begins().Add(30 * time.Minute)
	}
	return t.begins().Add(time.Hour)
}

// counts tells that it counts as held.
func (t talkDoc) counts() bool { return t.State == "held" || t.State == "confirmed" }

// open tells that something may still become of it.
func (t talkDoc) open() bool { return t.State == "planned" || t.State == "held" }

// chosen tells that people chose its time, and not the planner.
func (t talkDoc) chosen() bool { return t.Reason == "agreed" || t.Reason == "set" }

// two are the people of the talk that are known to directory.
func (t talkDoc) two() []string {
	return slices.DeleteFunc([]string{t.EmployeeID, t.ManagerID}, func(id string) bool { return id == "" })
}

// readTalks reads the talks of which something may still become, and those that have just ended.
func (b *books) readTalks(ctx context.Context, client *mongo.Client) ([]talkDoc, error) {
	stored := in(client, "interviews", "talks")
	talks, err := all[talkDoc](ctx, stored, bson.E{Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{"planned", "held"}}}})
	if err != nil {
		return nil, err
	}
	still := make(map[string]bool, len(talks))
	for _, t := range talks {
		still[t.ID] = true
	}
	var ended []string
	for id, c := range b.talks {
		if c.open() && !still[id] {
			ended = append(ended, id)
		}
	}
	if len(ended) == 0 {
		return talks, nil
	}
	more, err := all[talkDoc](ctx, stored, bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: ended}}})
	return append(talks, more...), err
}

// follow notes how a talk stands, and which were planned or moved since the last look.
func (b *books) follow(t talkDoc, now time.Time) {
	known := b.talks[t.ID]
	switch {
	case known == nil:
		known = &course{since: now}
		b.talks[t.ID] = known
		b.moved = append(b.moved, known)
	case known.Sequence != t.Sequence || known.PlannedOn != t.PlannedOn || known.StartsAt != t.StartsAt || known.ManagerID != t.ManagerID:
		known.before, known.since = known.talkDoc, now
		b.moved = append(b.moved, known)
	}
	switch {
	case t.counts() && known.counted.IsZero():
		known.counted = now
	case t.State == "contested" && known.contested.IsZero():
		known.contested = now
	}
	known.talkDoc = t
}

// talksInOrder are the talks of which something may still become, in an order that follows from the seed.
func (b *books) talksInOrder() []*course {
	var open []*course
	for _, c := range b.talks {
		if c.open() {
			open = append(open, c)
		}
	}
	slices.SortFunc(open, func(x, y *course) int {
		return cmp.Or(
			strings.Compare(b.people[x.EmployeeID].Number, b.people[y.EmployeeID].Number), strings.Compare(x.Kind, y.Kind), cmp.Compare(x.Number, y.Number),
			x.PlannedOn.Compare(y.PlannedOn), cmp.Compare(x.StartsAt, y.StartsAt), strings.Compare(x.ID, y.ID),
		)
	})
	return open
}

// takes tells that the talk is to take place, by what directory says of the two.
func (b *books) takes(t talkDoc) bool {
	last := b.people[t.EmployeeID].LeftOn
	return t.State == "planned" && t.ManagerID != "" && t.ManagerID != t.EmployeeID && t.Reason != "waits" &&
		(last.IsZero() || !last.Before(t.PlannedOn))
}

// versions are what is known of a person now and what was known before the last step: what was decided in between may rest on either.
func (b *books) versions(person string) []facts {
	var known []facts
	for _, of := range []map[string]facts{b.people, b.former} {
		if f, there := of[person]; there {
			known = append(known, f)
		}
	}
	return known
}

// ofEverybody are the planned four-weekly talks by employee.
func (b *books) ofEverybody() map[string][]*course {
	planned := map[string][]*course{}
	for c := range maps.Values(b.talks) {
		if c.Kind == fourWeekly && c.State == "planned" {
			planned[c.EmployeeID] = append(planned[c.EmployeeID], c)
		}
	}
	return planned
}
