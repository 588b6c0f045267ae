package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

// books are what was seen of Jalon's stored data so far, past its services: inboxes forget what is long over, and a promise about
// thirty days is checked against what was noted here.
type books struct {
	people  map[string]facts // by person
	former  map[string]facts // before the last step: what holds during a step may be either
	asked   map[string]*asked
	ofWhom  map[string][]*asked
	wanted  map[string]string // invitations that moments asked for, and whom
	told    map[telling]int   // in how many events
	events  map[string]bool   // those about prompts that were read
	mails   map[string]*letter
	read    time.Time // the instant of the last step
	since   time.Time // that of the one before
	checked map[string]int

	talks    map[string]*course  // by id, whatever became of them
	moved    []*course           // those planned or moved since the last look
	agreedOn map[agreedDate]bool // what the crowd agreed on
	notices  map[notice]*notified
	invites  map[seat]invitation  // the last that came
	digests  map[digest]string    // reminders of talks, by what makes them one
	appeals  map[string]*reached  // campaigns, by id
	series   []*series            // as HR wrote them
	resting  map[string]bool      // campaigns of which something failed that is tried again in a later step
	newest   []*appeal            // occurrences that series made since HR last looked
	answered map[string]time.Time // when surveys were answered, by invitation
	tries    map[string]string    // as what invitations of tests were told
	decided  map[string]bool      // tests, by campaign
}

// asked is one message to one person, as the inbox tells of it.
type asked struct {
	id, person          string
	keyMoment, followUp string
	shownAt, remindedAt time.Time
	// remindedAgain are the reminders after the first.
	remindedAgain []time.Time
	expiresAt     time.Time
	state         string
	endedBy       string
}

// reaches are the instants at which it reached the person.
func (a *asked) reaches() []time.Time {
	var at []time.Time
	for _, t := range []time.Time{a.shownAt, a.remindedAt} {
		if !t.IsZero() {
			at = append(at, t)
		}
	}
	return append(at, a.remindedAgain...)
}

// visible says that the person sees it: what expires leaves the page at once, and is swept up a minute later.
func (a *asked) visible(at time.Time) bool {
	return a.state == "shown" && (a.expiresAt.IsZero() || a.expiresAt.After(at))
}

// ended says that the person is not asked any more.
func (a *asked) ended() bool { return a.state == "closed" || a.state == "expired" }

// telling is a prompt as it was told of: for the first time, or as one of its reminders, counted from 1.
type telling struct {
	invitation string
	reminder   int
}

// letter is a mail that the post office took whole.
type letter struct {
	delivery
	at time.Time
}

func newBooks() *books {
	return &books{
		people: map[string]facts{}, asked: map[string]*asked{}, ofWhom: map[string][]*asked{}, wanted: map[string]string{},
		told: map[telling]int{}, events: map[string]bool{}, mails: map[string]*letter{}, checked: map[string]int{},
		talks: map[string]*course{}, agreedOn: map[agreedDate]bool{}, notices: map[notice]*notified{}, invites: map[seat]invitation{},
		digests: map[digest]string{}, appeals: map[string]*reached{}, answered: map[string]time.Time{}, tries: map[string]string{}, decided: map[string]bool{},
	}
}

// The documents of the services, as far as they are read here.
type (
	personDoc struct {
		ID        string     `bson:"_id"`
		Version   int64      `bson:"version"`
		Number    string     `bson:"number"`
		Email     string     `bson:"email"`
		UnitID    string     `bson:"unit_id"`
		TimeZone  string     `bson:"time_zone"`
		ManagerID string     `bson:"manager_id"`
		HiredOn   clock.Date `bson:"hired_on"`
		LeftOn    clock.Date `bson:"left_on"`
		AwayFrom  clock.Date `bson:"away_from"`
		AwayUntil clock.Date `bson:"away_until"`
	}
	unitDoc struct {
		ID       string `bson:"_id"`
		Name     string `bson:"name"`
		Kind     string `bson:"kind"`
		ParentID string `bson:"parent_id"`
		TimeZone string `bson:"time_zone"`
		Holidays string `bson:"holiday_calendar"`
	}
	itemDoc struct {
		ID       string            `bson:"_id"`
		Subject  string            `bson:"subject"`
		State    string            `bson:"state"`
		Reason   string            `bson:"reason"`
		Due      time.Time         `bson:"due"`
		DoneAt   time.Time         `bson:"done_at"`
		Wake     time.Time         `bson:"wake"`
		Attempts int               `bson:"attempts"`
		Data     map[string]string `bson:"data"`
	}
	momentDoc struct {
		ID        string     `bson:"_id"`
		KeyMoment string     `bson:"key_moment"`
		PersonID  string     `bson:"person_id"`
		HappensOn clock.Date `bson:"happens_on"`
		Cause     string     `bson:"cause"`
		TalkID    string     `bson:"talk_id"`
		Cancelled bson.Raw   `bson:"cancelled"`
		Members   []struct {
			ID string `bson:"id"`
		} `bson:"members"`
		FollowUps []struct {
			Code       string    `bson:"code"`
			Invitation string    `bson:"invitation_id"`
			Due        time.Time `bson:"due"`
			Skipped    string    `bson:"skipped"`
		} `bson:"follow_ups"`
	}
	decisionDoc struct {
		At      time.Time `bson:"at"`
		Verdict string    `bson:"verdict"`
		Reason  string    `bson:"reason"`
		Until   time.Time `bson:"until"`
	}
	messageDoc struct {
		ID         string    `bson:"id"`
		KeyMoment  string    `bson:"key_moment"`
		FollowUp   string    `bson:"follow_up"`
		State      string    `bson:"state"`
		ExpiresAt  time.Time `bson:"expires_at"`
		NextTryAt  time.Time `bson:"next_try_at"`
		ShownAt    time.Time `bson:"shown_at"`
		RemindAt   time.Time `bson:"remind_at"`
		RemindedAt time.Time `bson:"reminded_at"`
		Again      []struct {
			At time.Time `bson:"at"`
		} `bson:"reminded_again"`
		EndedBy   string        `bson:"ended_by"`
		Decisions []decisionDoc `bson:"decisions"`
	}
	inboxDoc struct {
		ID       string       `bson:"_id"`
		Messages []messageDoc `bson:"messages"`
		// QuietSince is since when the person reacts to nothing.
		QuietSince time.Time `bson:"quiet_since"`
	}
	mailDoc struct {
		ID         string `bson:"_id"`
		Batch      string `bson:"batch"`
		PersonID   string `bson:"person_id"`
		Invitation string `bson:"invitation_id"`
		State      string `bson:"state"`
		Reason     string `bson:"reason"`
		// Talk is set for a mail that a calendar reads.
		Talk *appointmentDoc `bson:"talk"`
	}
	appointmentDoc struct {
		ID        string `bson:"id"`
		Order     int    `bson:"order"`
		Cancelled bool   `bson:"cancelled"`
	}
	keptDoc struct {
		ID    string      `bson:"_id"`
		Event event.Event `bson:"event"`
	}
)

// in is a collection of one of the services.
func in(client *mongo.Client, service, collection string) *mongo.Collection {
	return client.Database("jalon_" + service).Collection(collection)
}

func all[T any](ctx context.Context, c *mongo.Collection, filter ...bson.E) ([]T, error) {
	cursor, err := c.Find(ctx, append(bson.D{}, filter...))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", c.Name(), err)
	}
	found, err := mongodb.All[T](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", c.Name(), err)
	}
	return found, nil
}

// learn reads what directory knows of people, and keeps what it knew before. The crowd learns from it who manages whom.
func (b *books) learn(ctx context.Context, client *mongo.Client, c *crowd, now time.Time) error {
	units, err := all[unitDoc](ctx, in(client, "directory", "units"))
	if err != nil {
		return err
	}
	tree := map[string]unitDoc{}
	for _, u := range units {
		tree[u.ID] = u
	}
	people, err := all[personDoc](ctx, in(client, "directory", "people"))
	if err != nil {
		return err
	}
	talks, err := b.readTalks(ctx, client)
	if err != nil {
		return err
	}
	c.meet(people, units)
	b.former, b.people = b.people, make(map[string]facts, len(people))
	for _, p := range people {
		zone, calendar, rhythm := p.TimeZone, "", 0
		var path []string
		for id := p.UnitID; id != ""; id = tree[id].ParentID {
			path = append(path, id)
			rhythm = cmp.Or(rhythm, c.rhythms[id])
			if zone == "" {
				zone = tree[id].TimeZone
			}
			if calendar == "" {
				calendar = tree[id].Holidays
			}
		}
		if zone == "" {
			zone = homeZone
		}
		where, err := clock.Zone(zone)
		if err != nil {
			return err
		}
		b.people[p.ID] = facts{
			Zone: where, Calendar: calendar, HiredOn: p.HiredOn, LeftOn: p.LeftOn, AwayFrom: p.AwayFrom, AwayUntil: p.AwayUntil,
			units: path, ManagerID: p.ManagerID, Email: p.Email, Number: p.Number, choices: c.chosen[p.ID],
			off: c.off[p.ID], rhythm: cmp.Or(rhythm, rhythmDays),
		}
		b.people[p.ID] = b.news(b.people[p.ID], b.former[p.ID], now)
	}
	b.moved = nil
	for _, t := range talks {
		b.follow(t, now)
	}
	return nil
}

// news adds to what is known of a person which moments must have come of it, and what else is new. Whoever was there at the
// beginning arrived long ago.
func (b *books) news(now, before facts, at time.Time) facts {
	now.late, now.departs, now.before, now.changed = before.late, before.departs, before.before, before.changed
	if before.Zone != nil && (before.Zone.String() != now.Zone.String() || before.AwayFrom != now.AwayFrom || before.AwayUntil != now.AwayUntil) {
		now.before, now.changed = &before, at
		now.before.before = nil
	}
	if len(b.former) == 0 {
		return now
	}
	now.late = now.late || before.Zone == nil
	if now.LeftOn != before.LeftOn && (before.LeftOn.IsZero() || !clock.DateOf(at, now.Zone).After(now.LeftOn)) {
		now.departs = now.LeftOn
	}
	return now
}

// inOrder are the ids of people in the order of their numbers.
func inOrder[T any](b *books, of map[string]T) []string {
	return slices.SortedFunc(maps.Keys(of), func(x, y string) int { return strings.Compare(b.people[x].Number, b.people[y].Number) })
}

// messages are all that was asked, in an order that follows from the seed.
func (b *books) messages() []*asked {
	return slices.SortedFunc(maps.Values(b.asked), func(x, y *asked) int {
		return cmp.Or(
			strings.Compare(b.people[x.person].Number, b.people[y.person].Number), x.shownAt.Compare(y.shownAt),
			strings.Compare(x.keyMoment+" "+x.followUp, y.keyMoment+" "+y.followUp), strings.Compare(x.id, y.id),
		)
	})
}
