package moments_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/repeating"
)

// dyingSeries is a process that dies while it makes an occurrence.
type dyingSeries struct {
	dying
	repeating repeating.Runner
}

func (in *installation) dyingSeries() dyingSeries {
	d := in.dyingRunner(mongostore.NewCampaigns(in.db))
	return dyingSeries{d, repeating.Runner{
		Campaigns: d.store, Moments: mongostore.NewMoments(in.db), People: d.runner.People, Campaign: d.runner, Agenda: d.runner.Agenda,
		Calendars: holidays.Standard(), Clock: in.clock, Log: zap.NewNop(),
	}}
}

// wake has it do what is due, and die before the agenda knows.
func (d dyingSeries) wake(id string) {
	t := d.in.t
	t.Helper()
	c, err := d.store.Get(t.Context(), id)
	require.NoError(t, err)
	_, err = d.repeating.Handle(t.Context(), d.in.clock.Now(), []agenda.Item{{ID: "dying", Subject: id, Data: map[string]string{"turn": fmt.Sprint(c.Turn)}}})
	require.NoError(t, err)
}

// unwrite puts a document back as it was: it was never written.
func (d dyingSeries) unwrite(c campaign.Campaign) {
	t := d.in.t
	t.Helper()
	_, err := d.in.db.Collection("campaigns").ReplaceOne(t.Context(), bson.D{{Key: "_id", Value: c.ID}}, c)
	require.NoError(t, err)
}

// forget drops documents that were never written.
func (d dyingSeries) forget(collection string, filter bson.D) {
	t := d.in.t
	t.Helper()
	_, err := d.in.db.Collection(collection).DeleteMany(t.Context(), filter)
	require.NoError(t, err)
}

func TestKilledAnywhereASeriesMakesNoDayTwiceAndForgetsNone(t *testing.T) {
	for _, killed := range []string{"before", "after it was made", "after it was planned", "after it was marked", "twice"} {
		t.Run(killed, func(t *testing.T) {
			t.Parallel()
			in := install(t, moments.Config{CampaignBatch: 3})
			in.company(8)
			id := in.repeats(weekly(&momentsv1.Audience{}))
			in.stop()
			in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
			dying := in.dyingSeries()
			before, err := dying.store.Get(t.Context(), id)
			require.NoError(t, err)
			if killed != "before" {
				dying.wake(id)
			}
			if killed == "after it was made" || killed == "after it was planned" || killed == "twice" {
				dying.unwrite(before)
			}
			if killed == "after it was made" {
				dying.forget("agenda", bson.D{{Key: "kind", Value: "campaign"}})
			}
			if killed == "twice" {
				dying.wake(id)
				dying.unwrite(before)
			}
			in.start()
			in.settle()
			in.requireEverybodyOnce(8)
			require.Equal(t, []string{"2026-11-03"}, in.made(id))
			in.moveTo("2026-11-10T09:00:00Z")
			require.Equal(t, []string{"2026-11-10", "2026-11-03"}, in.made(id))
		})
	}
}

func TestKilledAnywhereNobodyIsAskedTwiceOnADayOfTheirsAndNobodyForgotten(t *testing.T) {
	for _, killed := range []string{"before", "half way through the people", "after the people were fixed", "after it was made", "after they joined", "after they were invited"} {
		t.Run(killed, func(t *testing.T) {
			t.Parallel()
			in := install(t, moments.Config{CampaignBatch: 2})
			in.company(2)
			in.tell(&directoryv1.PeopleRegistered{People: employees(11, 5, "2026-10-05"), AsOf: "2026-11-02"})
			in.settle()
			id := in.repeats(perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 29))
			in.stop()
			in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
			dying := in.dyingSeries()
			before, err := dying.store.Get(t.Context(), id)
			require.NoError(t, err)
			if killed != "before" {
				dying.wake(id)
				dying.unwrite(before)
			}
			month := campaign.OccurrenceID(id, before.CollectorKey(before.Content.On))
			of := bson.D{{Key: "campaign", Value: month}}
			switch killed {
			case "half way through the people":
				dying.forget("campaign_batches", append(of, bson.E{Key: "number", Value: bson.D{{Key: "$gt", Value: 1}}}))
				dying.forget("campaigns", bson.D{{Key: "_id", Value: month}})
			case "after the people were fixed":
				dying.forget("campaigns", bson.D{{Key: "_id", Value: month}})
			case "after it was made":
				made, err := dying.store.Get(t.Context(), month)
				require.NoError(t, err)
				made.Batches, made.Version = 0, 1
				dying.unwrite(made)
			case "after they were invited":
				dying.stepOnce(month, "invite")
				dying.stepOnce(month, "half")
			}
			if killed != "after they were invited" {
				dying.forget("agenda", bson.D{{Key: "kind", Value: "campaign"}})
			}
			in.start()
			in.settle()
			require.Equal(t, map[int]int{11: 1, 12: 1, 13: 1, 14: 1, 15: 1}, in.awaitSurveys(5))
			require.Len(t, in.made(id), 1)
			require.EqualValues(t, 5, in.campaign(month).GetProgress().GetAudience(), "each counts once")
		})
	}
}

func TestAClockThatJumpsMakesNoDayTwice(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	id := in.repeats(weekly(&momentsv1.Audience{}))
	in.moveTo("2026-11-03T09:00:00Z")
	in.moveTo("2027-11-03T09:00:00Z") // a year ahead: Tuesday the 2nd is within the grace
	require.Equal(t, []string{"2027-11-02", "2026-11-03"}, in.made(id))
	in.clockBack("2026-11-09T09:00:00Z")
	in.moveTo("2026-11-10T09:00:00Z")
	require.Len(t, in.made(id), 2, "the days between are said to be left out")
	require.Equal(t, "2027-10-26 missed", in.leftOut(id)[0])

	// HR sees it, pauses and resumes: the days that did not come after all come.
	in.take(id, pause)
	in.moveTo("2026-11-10T09:01:00Z")
	in.take(id, resume)
	in.moveTo("2026-11-17T09:00:00Z")
	require.Len(t, in.made(id), 3)
	in.clockBack("2026-11-17T08:00:00Z")
	in.moveTo("2026-11-17T09:00:00Z")
	require.Len(t, in.made(id), 3)
}

// clockBack starts the service again under an earlier hour.
func (in *installation) clockBack(when string) {
	in.t.Helper()
	in.stop()
	in.clock = clock.NewFrozen(at(in.t, when))
	in.parts.Clock = in.clock
	in.start()
	in.settle()
}

func TestWhoeverComesDueWhileTheMonthIsPausedIsInvitedWhenItIsResumed(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 2})
	in.company(2)
	in.tell(&directoryv1.PeopleRegistered{People: append(employees(11, 3, "2026-10-05"), employees(14, 2, "2026-10-06")...), AsOf: "2026-11-02"})
	in.settle()
	id := in.repeats(perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 29))
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitSurveys(3)
	month := in.series(id).GetMade()[0].GetId()
	in.take(month, pause)
	in.moveTo("2026-11-04T09:00:00Z")
	require.EqualValues(t, 5, in.campaign(month).GetProgress().GetAudience())
	require.EqualValues(t, 3, in.campaign(month).GetProgress().GetInvited())
	in.take(month, resume)
	in.settle()
	require.Equal(t, map[int]int{11: 1, 12: 1, 13: 1, 14: 1, 15: 1}, in.awaitSurveys(5))

	in.take(month, cancel)
	in.tell(&directoryv1.PeopleRegistered{People: employees(16, 1, "2026-10-08"), AsOf: "2026-11-04"})
	in.moveTo("2026-11-06T09:00:00Z")
	require.Len(t, in.awaitSurveys(5), 5, "the month was called off")
	require.Equal(t, "2026-11-05 cancelled", in.leftOut(id)[0])
}

func TestWhoeverIsErasedComesDueNoMore(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 2})
	in.company(2)
	in.tell(&directoryv1.PeopleRegistered{People: employees(11, 3, "2026-10-05"), AsOf: "2026-11-02"})
	in.settle()
	id := in.repeats(perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 29))
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitSurveys(3)
	in.tell(&directoryv1.PeopleErased{PersonIds: []string{personID(12)}})
	in.settle()
	for _, collection := range []string{"campaigns", "campaign_batches", "agenda"} {
		cursor, err := in.db.Collection(collection).Find(t.Context(), bson.D{})
		require.NoError(t, err)
		for cursor.Next(t.Context()) {
			require.NotContains(t, string(cursor.Current), personID(12), collection)
		}
	}
	require.EqualValues(t, 3, in.campaign(in.series(id).GetMade()[0].GetId()).GetProgress().GetInvited(), "that they were asked counts on")
}
