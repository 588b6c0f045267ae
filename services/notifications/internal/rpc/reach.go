package rpc

import (
	"context"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
	"jalon.dev/services/notifications/internal/mail"
	"jalon.dev/services/notifications/internal/mongostore"
	"jalon.dev/services/notifications/internal/reach"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// Reach implements notificationsv1connect.ReachServiceHandler.
type Reach struct {
	Inboxes  *mongostore.Store
	Figures  *mongostore.Figures
	Register *people.Register
	Mailer   *mail.Mailer
	Clock    clock.Clock
	Quiet    gate.Quiet
}

var _ notificationsv1connect.ReachServiceHandler = Reach{}

// FindQuiet returns which of the people react to nothing, by the end of the last day that is over everywhere on Earth: whoever counts
// them again and again must not see who reacts today.
func (h Reach) FindQuiet(ctx context.Context, req *notificationsv1.FindQuietRequest) (*notificationsv1.FindQuietResponse, error) {
	if err := h.allow(ctx, notificationsv1connect.ReachServiceFindQuietProcedure); err != nil {
		return nil, err
	}
	if len(req.GetPersonIds()) == 0 {
		return &notificationsv1.FindQuietResponse{}, nil
	}
	quiet, err := h.Inboxes.Quiet(ctx, req.GetPersonIds(), clock.DateOf(h.Clock.Now().Add(-12*time.Hour), time.UTC).In(time.UTC))
	if err != nil {
		return nil, err
	}
	return &notificationsv1.FindQuietResponse{PersonIds: quiet}, nil
}

// GetReach returns how the people of a unit are reached. All units are counted at once, once a day: the first who looks waits for it.
func (h Reach) GetReach(ctx context.Context, req *notificationsv1.GetReachRequest) (*notificationsv1.GetReachResponse, error) {
	if err := h.allow(ctx, notificationsv1connect.ReachServiceGetReachProcedure); err != nil {
		return nil, err
	}
	today := clock.DateOf(h.Clock.Now(), time.UTC)
	figures, known, err := h.Figures.Get(ctx, req.GetUnitId(), today)
	if err != nil {
		return nil, err
	}
	if !known {
		if figures, err = h.figures(ctx, req.GetUnitId(), today); err != nil {
			return nil, err
		}
	}
	res := reachView(figures)
	res.CountedBefore, res.QuietAfter, res.QuietLimits = today.String(), int32(h.Quiet.After), limits(h.Quiet.Caps)
	return res, nil
}

// countedAtOnce is how many people are counted at a time.
const countedAtOnce = 1000

// figures are those of a unit of which none are kept: it is empty, or nothing was counted yet today.
func (h Reach) figures(ctx context.Context, unitID string, today clock.Date) (reach.Figures, error) {
	if _, counted, err := h.Figures.Get(ctx, "", today); err != nil || counted {
		return reach.Figures{TooFew: true}, err
	}
	count, err := h.count(ctx, today)
	if err != nil {
		return reach.Figures{}, err
	}
	return count.Figures(unitID), h.Figures.Keep(ctx, today, count)
}

func (h Reach) count(ctx context.Context, today clock.Date) (*reach.Count, error) {
	count := reach.New(today)
	part := make([]string, 0, countedAtOnce)
	for id, err := range h.Register.Selected(ctx, people.Selection{On: today}, "", 0) {
		if err != nil {
			return nil, err
		}
		if part = append(part, id); len(part) < countedAtOnce {
			continue
		}
		if err := h.add(ctx, count, part, today); err != nil {
			return nil, err
		}
		part = part[:0]
	}
	return count, h.add(ctx, count, part, today)
}

func (h Reach) add(ctx context.Context, count *reach.Count, ids []string, today clock.Date) error {
	if len(ids) == 0 {
		return nil
	}
	known, err := h.Register.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	boxes, err := h.Inboxes.Counted(ctx, ids)
	if err != nil {
		return err
	}
	var shown []string
	for _, box := range boxes {
		for _, m := range box.Messages {
			if m.Questions() {
				shown = append(shown, m.ID)
			}
		}
	}
	sent, err := h.Mailer.SentAbout(ctx, shown)
	if err != nil {
		return err
	}
	for _, id := range ids {
		count.Add(reached(known[id], boxes[id], sent, today.In(time.UTC)))
	}
	return nil
}

// reached is what is counted of a person. What they did today counts from tomorrow on.
func reached(person people.Person, box *inbox.Inbox, sent map[string]bool, today time.Time) reach.Person {
	p := reach.Person{UnitPath: person.UnitPath}
	if box == nil {
		return p
	}
	p.Quiet = box.WasQuiet(today)
	for _, m := range box.Messages {
		if m.Questions() {
			p.Questions = append(p.Questions, reach.Question{
				ShownAt: m.ShownAt, Mailed: sent[m.ID], Seen: before(m.SeenAt, today), Reacted: m.Reacted() && before(m.EndedAt, today),
			})
		}
	}
	return p
}

func before(at, day time.Time) bool { return !at.IsZero() && at.Before(day) }

func (h Reach) allow(ctx context.Context, procedure string) error {
	actor, _ := identity.FromContext(ctx)
	return policy.Allow(actor, procedure, policy.Subject{})
}

func reachView(f reach.Figures) *notificationsv1.GetReachResponse {
	res := &notificationsv1.GetReachResponse{People: int64(f.People), TooFew: f.TooFew}
	if f.TooFew {
		return res
	}
	if f.Quiet != nil {
		quiet := int64(*f.Quiet)
		res.Quiet = &quiet
	}
	for _, w := range f.Weeks {
		res.Weeks = append(res.Weeks, &notificationsv1.GetReachResponse_Week{From: w.From.String(), Reacted: shareView(w.Reacted)})
	}
	for questions, people := range f.Spread {
		res.Spread = append(res.Spread, &notificationsv1.GetReachResponse_Spread{Questions: int32(questions), People: int64(people)})
	}
	for _, c := range []struct {
		name string
		reach.Channel
	}{{"in_app", f.InApp}, {"email", f.Email}} {
		res.Channels = append(res.Channels, &notificationsv1.GetReachResponse_Channel{
			Channel: c.name, Reacted: shareView(c.Reacted), Seen: shareView(c.Seen),
		})
	}
	for _, u := range f.Units {
		res.Units = append(res.Units, &notificationsv1.GetReachResponse_Unit{UnitId: u.ID, People: int64(u.People), Reacted: shareView(u.Reacted)})
	}
	return res
}

func shareView(s *reach.Share) *notificationsv1.Share {
	if s == nil {
		return nil
	}
	return &notificationsv1.Share{Percent: int32(s.Percent), Of: int64(s.Of)}
}
