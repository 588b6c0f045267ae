package moments_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/mongostore"
)

// started are the campaigns of which moments told that they started.
func (in *installation) started() []*momentsv1.CampaignStarted {
	in.t.Helper()
	cursor, err := in.db.Collection("events").Find(in.t.Context(), bson.D{{Key: "event.type", Value: "jalon.moments.v1.CampaignStarted"}})
	require.NoError(in.t, err)
	type kept struct {
		Event event.Event `bson:"event"`
	}
	all, err := mongodb.All[kept](in.t.Context(), cursor)
	require.NoError(in.t, err)
	told := make([]*momentsv1.CampaignStarted, len(all))
	for i, k := range all {
		told[i] = &momentsv1.CampaignStarted{}
		require.NoError(in.t, k.Event.Decode(told[i]))
	}
	return told
}

func TestThatACampaignStartedIsToldOnceWithItsChannelsAndWithoutItsPeople(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 2})
	in.company(9)
	d := draft(&momentsv1.Audience{})
	d.ChannelIds = []string{uuid.NewString(), uuid.NewString()}
	id := in.saved(d).GetId()
	in.take(id, check, launch)
	in.moveTo("2026-11-03T08:59:00Z")
	require.Empty(t, in.started())

	in.stop()
	in.clock.Set(at(t, "2026-11-03T09:00:00Z"))
	dying := in.dyingRunner(mongostore.NewCampaigns(in.db))
	dying.stepOnce(id, "begin")
	dying.pause(id)
	in.start()
	in.settle()
	in.take(id, resume)
	in.settle()
	in.requireEverybodyOnce(9)

	told := in.started()
	require.Len(t, told, 1)
	require.Equal(t, id, told[0].GetCampaignId())
	require.Equal(t, "survey", told[0].GetKind())
	require.Equal(t, "2026-11-17", told[0].GetUntil())
	require.Equal(t, d.GetChannelIds(), told[0].GetChannelIds())
	require.Equal(t, d.GetChannelIds(), in.campaign(id).GetCampaign().GetDraft().GetChannelIds())
}

func TestOfACampaignForNobodyOrOneThatWasCancelledNothingIsAnnounced(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(5)
	in.launched(&momentsv1.Audience{Language: "en"})
	in.take(in.launched(&momentsv1.Audience{}), cancel)
	in.moveTo("2026-11-03T09:00:00Z")
	require.Empty(t, in.started())
}

func TestACampaignThatAsksEachOnADayOfTheirOwnIsNotAnnounced(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	in.tell(&directoryv1.PeopleRegistered{People: employees(11, 3, "2026-10-05"), AsOf: "2026-11-02"})
	in.settle()
	d := perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 29)
	d.ChannelIds = []string{uuid.NewString()}
	in.repeats(d)
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitSurveys(3)
	require.Empty(t, in.started())
}

func TestWhatIsNoChannelIsRefused(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(5)
	d := draft(&momentsv1.Audience{})
	d.ChannelIds = []string{"#stores"}
	_, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{Id: uuid.NewString(), Draft: d})
	require.ErrorContains(t, err, "channel_ids")
}

func TestALineThatIsTriedIsNotReadByEverybodyInAChannel(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(tested)
	d := trial()
	d.Kind, d.QuestionnaireId, d.Test.SubjectA = momentsv1.CampaignDraft_KIND_MESSAGE, "", nil
	d.Title, d.Text = &momentsv1.Wording{Fr: "Une", En: "One"}, &momentsv1.Wording{Fr: "Texte", En: "Text"}
	d.ChannelIds = []string{uuid.NewString()}
	in.launchedTrial(d)
	in.moveTo("2026-11-03T09:00:00Z")
	require.Eventually(t, func() bool { return len(in.started()) == 1 }, patience, 5*time.Millisecond)
	require.Empty(t, in.started()[0].GetTitleEn(), "nobody reads both lines")
}
