package agenda_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"pgregory.net/rapid"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongotest"
)

// modelItem is what an item should be, told as simply as possible.
type modelItem struct {
	due, expires time.Time
	policy       string // what the handler does with it
	postponed    bool
	state        agenda.State
	effects      int
}

func (m *modelItem) comeUp(now time.Time) {
	if m.state != agenda.StateWaiting {
		return
	}
	gone := !m.expires.IsZero() && !now.Before(m.expires)
	switch {
	case gone && (!now.Before(m.due) || m.postponed):
		m.state = agenda.StateExpired // a postponed item expires without waiting for its new date
	case now.Before(m.due):
	case m.policy == "expire":
		m.state = agenda.StateExpired
	case m.policy == "postpone" && !m.postponed:
		m.due, m.postponed = now.Add(time.Hour), true
	default:
		m.state, m.effects = agenda.StateDone, m.effects+1
	}
}

func policy(did *effects) agenda.Handler {
	return func(_ context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
		var out []agenda.Outcome
		for _, i := range items {
			switch {
			case i.Data["policy"] == "expire":
				out = append(out, agenda.Expire(i.ID, "by policy"))
			case i.Data["policy"] == "postpone" && i.Reason == "":
				out = append(out, agenda.Postpone(i.ID, now.Add(time.Hour), "by policy"))
			default:
				did.add(i)
				out = append(out, agenda.Done(i.ID))
			}
		}
		return out, nil
	}
}

func TestTheAgendaDoesWhatASimpleModelDoes(t *testing.T) {
	db := mongotest.Database(t)
	rapid.Check(t, func(r *rapid.T) {
		c, did, model := clock.NewFrozen(monday), &effects{}, map[string]*modelItem{}
		a := agenda.New(db, c, zap.NewNop(), agenda.Collection("agenda-"+uuid.NewString()), agenda.Batch(rapid.IntRange(1, 4).Draw(r, "batch")))
		a.Handle(followUp, policy(did))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- a.Run(ctx) }()
		defer func() {
			stop()
			require.NoError(r, <-done)
		}()
		id := rapid.Custom(func(r *rapid.T) string { return fmt.Sprint(rapid.IntRange(0, 9).Draw(r, "id")) })
		minutes := rapid.Custom(func(r *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(-60, 180).Draw(r, "minutes")) * time.Minute
		})

		r.Repeat(map[string]func(*rapid.T){
			"schedule": func(r *rapid.T) {
				due := c.Now().Add(minutes.Draw(r, "due"))
				m := &modelItem{due: due, state: agenda.StateWaiting, policy: rapid.SampledFrom([]string{"do", "expire", "postpone"}).Draw(r, "policy")}
				if rapid.Bool().Draw(r, "expires") {
					m.expires = due.Add(30 * time.Minute)
				}
				name := id.Draw(r, "item")
				if _, known := model[name]; !known {
					model[name] = m
				}
				require.NoError(r, a.Schedule(t.Context(), agenda.Item{
					ID: name, Kind: followUp, Due: due, Expires: m.expires, Data: map[string]string{"policy": m.policy},
				}))
			},
			"cancel": func(r *rapid.T) {
				name := id.Draw(r, "item")
				if m := model[name]; m != nil && m.state == agenda.StateWaiting {
					m.state = agenda.StateCancelled
				}
				require.NoError(r, a.Cancel(t.Context(), "by test", name))
			},
			"time passes": func(r *rapid.T) { c.Advance(max(0, minutes.Draw(r, "step"))) },
			"": func(r *rapid.T) {
				settled(r, a)
				found, err := a.Get(t.Context(), "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
				require.NoError(r, err)
				require.Len(r, found, len(model))
				for name, m := range model {
					m.comeUp(c.Now())
					require.Equal(r, m.state, found[name].State, name)
					require.Equal(r, m.due, found[name].Due, name)
					require.Equal(r, m.effects, did.count[name], name)
				}
			},
		})
	})
}
