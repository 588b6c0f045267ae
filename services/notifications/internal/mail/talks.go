package mail

import (
	"context"
	"fmt"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/notifications/internal/calendar"
)

// talksTogether is how many talks share a batch: each is a mail to two people, seldom to a third.
const talksTogether = together / 2

// Talks notes the mails that news of talks cause. It does not send. There is no age at which news are too old: a talk that is
// ahead is of use in a calendar however long the news took, and one that is behind causes nothing. The cause names what is told: redone
// under the same one, it is told once.
func (m *Mailer) Talks(ctx context.Context, cause string, talks []calendar.Talk) error {
	if !m.config.Enabled() || len(talks) == 0 {
		return nil
	}
	now := m.clock.Now()
	notices, err := m.calendar.Follow(ctx, now, talks)
	if err != nil {
		return err
	}
	var docs []any
	var items []agenda.Item
	for i := range talks {
		// By the place in the event and not by what is left to tell: redone later, that may be less.
		batch := event.ID("calendar mails", cause, strconv.Itoa(i/talksTogether))
		if i%talksTogether == 0 {
			items = append(items, agenda.Item{ID: batch, Kind: kindBatch, Due: now})
		}
		for _, n := range notices[i] {
			docs = append(docs, doc{
				ID: noticeID(n), Batch: batch, PersonID: n.PersonID, State: Waiting, QueuedAt: now,
				Talk: &appointment{TalkID: n.TalkID, Order: n.Order, Cancelled: n.Cancelled, Begins: n.Begins},
			})
		}
	}
	if len(docs) > 0 {
		if err := m.store.add(ctx, docs); err != nil {
			return err
		}
	}
	return m.agenda.Schedule(ctx, items...)
}

// noticeID is the one mail that tells a person's calendar that news.
func noticeID(n calendar.Notice) string {
	method := calendar.Request
	if n.Cancelled {
		method = calendar.Cancel
	}
	return event.ID("mail", "calendar", n.TalkID, strconv.Itoa(n.Order), n.PersonID, string(method))
}

// reading is whose calendar, and which talk in it.
type reading struct{ talkID, personID string }

// told returns what each person's calendar was last told of the talks, or may have been: mails that are being handed over, or whose fate
// is not known, count.
func (s *store) told(ctx context.Context, talkIDs []string) (map[reading]appointment, error) {
	last := map[reading]appointment{}
	if len(talkIDs) == 0 {
		return last, nil
	}
	cursor, err := s.mails.Find(ctx, bson.D{
		{Key: "talk.id", Value: bson.D{{Key: "$in", Value: talkIDs}}},
		{Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{Waiting, Sent, Unknown}}}},
	})
	if err != nil {
		return nil, fmt.Errorf("reading what calendars were told: %w", err)
	}
	docs, err := mongodb.All[doc](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading what calendars were told: %w", err)
	}
	claimed, err := s.claimed(ctx, docs)
	if err != nil {
		return nil, err
	}
	// What was handed over between the two readings is neither: of those that seem to wait, what became is read once more.
	left, err := s.left(ctx, docs, claimed)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		if d.State == Waiting && !claimed[d.ID] && !left[d.ID] {
			continue
		}
		whose := reading{d.Talk.TalkID, d.PersonID}
		if before, known := last[whose]; !known || before.Order < d.Talk.Order {
			last[whose] = *d.Talk
		}
	}
	return last, nil
}

// left returns which of the mails that waited unclaimed have left since.
func (s *store) left(ctx context.Context, docs []doc, claimed map[string]bool) (map[string]bool, error) {
	var ids []string
	for _, d := range docs {
		if d.State == Waiting && !claimed[d.ID] {
			ids = append(ids, d.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	cursor, err := s.mails.Find(ctx, among(ids, bson.E{Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{Sent, Unknown}}}}))
	if err != nil {
		return nil, fmt.Errorf("reading what calendars were told: %w", err)
	}
	left := map[string]bool{}
	for d, err := range mongodb.Each[doc](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading what calendars were told: %w", err)
		}
		left[d.ID] = true
	}
	return left, nil
}
