package moments_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/campaigning"
	"jalon.dev/services/moments/internal/mongostore"
)

func TestWhoeverIsErasedIsInNoCampaignAnyMoreAndNoAudienceGrows(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 2})
	in.company(6)
	waiting, asked := in.launched(&momentsv1.Audience{}), in.launched(&momentsv1.Audience{UnitId: "store-1"})
	team := in.saved(draft(&momentsv1.Audience{ManagerId: personID(5)})).GetId()
	in.stop()
	in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
	dying := in.dyingRunner(mongostore.NewCampaigns(in.db))
	dying.stepOnce(waiting, "begin")
	dying.pause(waiting)
	in.start()
	in.settle()
	in.awaitInvitations(5)

	in.tell(&directoryv1.PeopleErased{PersonIds: []string{personID(5)}})
	in.settle()
	for _, collection := range []string{"campaigns", "campaign_batches", "agenda"} {
		cursor, err := in.db.Collection(collection).Find(t.Context(), bson.D{})
		require.NoError(t, err)
		for cursor.Next(t.Context()) {
			require.NotContains(t, string(cursor.Current), personID(5), collection)
		}
	}
	require.EqualValues(t, 5, in.campaign(asked).GetProgress().GetInvited(), "that they were asked counts on")
	require.EqualValues(t, 6, in.campaign(waiting).GetProgress().GetAudience())
	who := in.campaign(team).GetCampaign().GetDraft().GetAudience()
	counted, err := in.parts.Peers.Campaigns().CountAudience(in.hr(), &momentsv1.CountAudienceRequest{Audience: who})
	require.NoError(t, err)
	require.Zero(t, counted.GetPeople(), "an audience of a manager who is gone is not everybody")

	in.take(waiting, resume)
	in.settle()
	require.EqualValues(t, 5, in.campaign(waiting).GetProgress().GetInvited())
	require.EqualValues(t, 1, in.campaign(waiting).GetProgress().GetGone())
}

// A process dies after any number of the writes of a run, and the next one goes on.
func TestKilledAnywhereARunInvitesNobodyTwiceAndForgetsNobody(t *testing.T) {
	for _, steps := range [][]string{
		{"part"}, {"part", "begin"}, {"begin"}, {"begin", "begin"}, {"begin", "invite"}, {"begin", "invite", "invite"}, {"begin", "half", "invite"}, {"begin", "invite", "half"},
	} {
		t.Run(fmt.Sprint(steps), func(t *testing.T) {
			t.Parallel()
			in := install(t, moments.Config{CampaignBatch: 3})
			in.company(8)
			id := in.launched(&momentsv1.Audience{})
			in.stop()
			in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
			dying := in.dyingRunner(mongostore.NewCampaigns(in.db))
			for _, step := range steps {
				dying.stepOnce(id, step)
			}
			in.start()
			in.settle()
			in.requireEverybodyOnce(8)
			require.EqualValues(t, 8, in.campaign(id).GetProgress().GetInvited())
		})
	}
}

// dying is a process that dies: it does single steps and publishes nothing by itself.
type dying struct {
	in     *installation
	runner campaigning.Runner
	store  *mongostore.Campaigns
}

func (in *installation) dyingRunner(store *mongostore.Campaigns) dying {
	return dying{in: in, store: store, runner: campaigning.Runner{
		Campaigns: store, FollowUps: mongostore.NewFollowUps(in.db), Erasure: mongostore.NewErasure(in.db), People: people.NewRegister(in.db), Reactions: mongostore.NewReactions(in.db),
		Agenda: agenda.New(in.db, in.clock, zap.NewNop(), agenda.Collection(mongostore.AgendaCollection)),
		Relay:  outbox.NewRelay(in.db, nil, zap.NewNop()), Clock: in.clock, Log: zap.NewNop(), Batch: in.cfg.CampaignBatch,
	}}
}

// stepOnce does the first thing of a kind that the agenda holds of the campaign, without noting there that it was done; half of an
// invitation is all of it but the mark.
func (d dying) stepOnce(id, do string) {
	t := d.in.t
	t.Helper()
	ctx := t.Context()
	if do == "part" { // of the audience was fixed
		require.NoError(t, d.store.Fix(ctx, mongostore.Batch{
			Campaign: id, Run: 1, Number: 1, Size: 3, People: []string{personID(1), personID(2), personID(3)},
		}))
		return
	}
	half := do == "half"
	if half {
		do = "invite"
	}
	c, err := d.store.Get(ctx, id)
	require.NoError(t, err)
	item := agenda.Item{ID: "dying", Subject: id, Data: map[string]string{"do": do, "turn": fmt.Sprint(c.Turn), "number": "0"}}
	left, err := d.store.FirstLeft(ctx, id, c.Run)
	require.NoError(t, err)
	if do == "invite" {
		item.Data["number"] = fmt.Sprint(left.Number)
	}
	_, err = d.runner.Handle(ctx, d.in.clock.Now(), []agenda.Item{item})
	require.NoError(t, err)
	if half {
		_, err = d.in.db.Collection("campaign_batches").ReplaceOne(ctx, bson.D{{Key: "_id", Value: left.ID}}, left)
		require.NoError(t, err)
	}
}

func (d dying) pause(id string) {
	t := d.in.t
	t.Helper()
	c, err := d.store.Get(t.Context(), id)
	require.NoError(t, err)
	paused, err := c.Paused("", d.in.clock.Now())
	require.NoError(t, err)
	require.NoError(t, d.store.Replace(context.WithoutCancel(t.Context()), paused))
}
