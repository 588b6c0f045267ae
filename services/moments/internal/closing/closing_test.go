package closing_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/outbox"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/closing"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/survey"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

var now = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

type desk struct {
	db        *mongo.Database
	responses *mongostore.Responses
	closer    *closing.Closer
}

func newDesk(t *testing.T) desk {
	t.Helper()
	db := mongotest.Database(t)
	responses := mongostore.NewResponses(db)
	return desk{db, responses, closing.New(
		responses, mongostore.NewDrafts(db), mongostore.NewFollowUps(db), clock.NewFrozen(now), 14*24*time.Hour, outbox.NewRelay(db, nil, zap.NewNop()), zap.NewNop(),
	)}
}

// run runs the closer until everything is closed.
func (d desk) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.closer.Run(ctx) }()
	require.Eventually(t, d.closer.Settled, 30*time.Second, 5*time.Millisecond)
	cancel()
	require.NoError(t, <-ended)
}

// asked plans follow-ups for so many people and returns their invitations.
func (d desk) asked(t *testing.T, n int) []closing.Invitation {
	t.Helper()
	km := moment.KeyMoment{Code: "visit", FollowUps: []moment.Rule{{Code: "now", Immediate: true, AnswerDays: 14}}}
	var items []agenda.Item
	var invitations []closing.Invitation
	for range n {
		m := moment.Open(km, moment.Person{ID: uuid.NewString(), Zone: time.UTC}, clock.DateOf(now, time.UTC), moment.Declared, now)
		items = append(items, followup.Item(m, m.FollowUps[0]))
		invitations = append(invitations, closing.Invitation{ID: m.FollowUps[0].InvitationID, PersonID: m.PersonID})
	}
	require.NoError(t, agenda.New(d.db, clock.NewFrozen(now), zap.NewNop()).Schedule(t.Context(), items...))
	return invitations
}

func (d desk) answered(t *testing.T, invitation closing.Invitation) {
	t.Helper()
	stored, err := d.responses.Insert(t.Context(), survey.Response{ID: survey.ResponseID(invitation.ID), Closing: true})
	require.NoError(t, err)
	require.True(t, stored)
}

// told are the invitations that events say are closed, one slice for each event.
func (d desk) told(t *testing.T) [][]closing.Invitation {
	t.Helper()
	cursor, err := d.db.Collection("events").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	var kept []struct {
		Event event.Event `bson:"event"`
	}
	require.NoError(t, cursor.All(t.Context(), &kept))
	var told [][]closing.Invitation
	for _, k := range kept {
		var msg momentsv1.InvitationsClosed
		require.NoError(t, k.Event.Decode(&msg))
		var one []closing.Invitation
		for _, c := range msg.GetInvitations() {
			one = append(one, closing.Invitation{ID: c.GetInvitationId(), PersonID: c.GetPersonId()})
		}
		told = append(told, one)
	}
	return told
}

func TestManyAnswersAreClosedTogether(t *testing.T) {
	d := newDesk(t)
	invitations := d.asked(t, 5)
	for _, i := range invitations {
		d.answered(t, i)
		d.closer.Close(i)
	}
	d.run(t)

	marked, err := d.responses.Closing(t.Context())
	require.NoError(t, err)
	require.Empty(t, marked)
	var all []closing.Invitation
	for _, one := range d.told(t) {
		all = append(all, one...)
	}
	require.Subset(t, all, invitations)
}

func TestWhatACrashLeftMarkedIsFoundWithoutKnowingWhoAnswered(t *testing.T) {
	d := newDesk(t)
	invitations := d.asked(t, 20)
	d.answered(t, invitations[3])
	d.answered(t, invitations[11])

	d.run(t)

	require.Len(t, d.told(t), 1)
	require.ElementsMatch(t, []closing.Invitation{invitations[3], invitations[11]}, d.told(t)[0])
}

func TestNothingToCloseTellsNothing(t *testing.T) {
	d := newDesk(t)
	d.asked(t, 3)
	d.run(t)
	require.Empty(t, d.told(t))
}
