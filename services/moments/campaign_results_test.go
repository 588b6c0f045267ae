package moments_test

import (
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

func (in *installation) brought(id, unit string, units ...string) *momentsv1.GetCampaignResultsResponse {
	in.t.Helper()
	res, err := in.parts.Peers.CampaignResults().GetCampaignResults(in.hr(), &momentsv1.GetCampaignResultsRequest{
		Id: id, UnitId: unit, UnitIds: units, Language: "en",
	})
	require.NoError(in.t, err)
	return res
}

// say has people answer every scale with a number.
func (in *installation) say(id string, number int32, people ...int) {
	in.t.Helper()
	invitations := in.invitationsOf(id)
	for _, n := range people {
		invitation := invitations[personID(n)]
		asked, err := in.client().GetSurvey(in.as(personID(n)), &momentsv1.GetSurveyRequest{InvitationId: invitation})
		require.NoError(in.t, err)
		var given []*momentsv1.Answer
		for _, q := range asked.GetQuestions() {
			switch {
			case len(q.GetOptions()) > 0 && q.GetRequired():
				given = append(given, &momentsv1.Answer{QuestionId: q.GetId(), Value: &momentsv1.Answer_OptionId{OptionId: q.GetOptions()[0].GetId()}})
			case q.GetKind() == momentsv1.Question_KIND_SCALE:
				given = append(given, &momentsv1.Answer{QuestionId: q.GetId(), Value: &momentsv1.Answer_Number{Number: number}})
			}
		}
		_, err = in.client().SubmitResponse(in.as(personID(n)), &momentsv1.SubmitResponseRequest{InvitationId: invitation, Answers: given})
		require.NoError(in.t, err)
	}
	in.settle()
}

// invitationsOf are the invitations to a campaign by person.
func (in *installation) invitationsOf(id string) map[string]string {
	in.t.Helper()
	cursor, err := in.db.Collection("agenda").Find(in.t.Context(), bson.D{{Key: "data.follow_up", Value: id}})
	require.NoError(in.t, err)
	var items []struct {
		ID      string `bson:"_id"`
		Subject string `bson:"subject"`
	}
	require.NoError(in.t, cursor.All(in.t.Context(), &items))
	found := map[string]string{}
	for _, item := range items {
		found[item.Subject] = item.ID
	}
	return found
}

func upTo(from, to int) (people []int) {
	for n := from; n <= to; n++ {
		people = append(people, n)
	}
	return people
}

func TestTheRateOfACampaignIsOfAFixedNumberAndOfUnitsUnderTheThresholds(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(12) // 11 in store-1, one in store-2
	in.tell(&directoryv1.PeopleRegistered{People: employees(13, 8, "2019-05-01", "company", "store-2"), AsOf: "2026-11-02"})
	in.settle()
	id := in.launched(&momentsv1.Audience{})
	_, err := in.parts.Peers.CampaignResults().GetCampaignResults(in.hr(), &momentsv1.GetCampaignResultsRequest{Id: id})
	require.True(t, rpc.Is(err, connect.CodeFailedPrecondition), "%v", err)
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(20)

	in.say(id, 4, upTo(1, 8)...)
	in.say(id, 4, 13, 14)
	require.True(t, in.brought(id, "").GetRate().GetTooFew(), "today's answers do not count yet")
	in.nightfall()
	got := in.brought(id, "", "store-1", "store-2", "elsewhere")
	require.EqualValues(t, 20, got.GetRate().GetPeople())
	require.EqualValues(t, 10, got.GetRate().GetAnswered())
	require.EqualValues(t, 11, got.GetUnits()["store-1"].GetPeople())
	require.True(t, got.GetUnits()["store-1"].GetTooFew(), "what it leaves would be two people of the other")
	require.Zero(t, got.GetUnits()["store-1"].GetAnswered())
	require.True(t, got.GetUnits()["store-2"].GetTooFew())
	require.NotContains(t, got.GetUnits(), "elsewhere")
	require.EqualValues(t, 10, got.GetResults().GetResponses())
	require.NotEmpty(t, got.GetResults().GetQuestions())

	in.say(id, 2, upTo(15, 19)...)
	in.moveTo("2026-11-05T15:00:00Z")
	got = in.brought(id, "store-2", "store-1", "store-2")
	require.EqualValues(t, 9, got.GetRate().GetPeople())
	require.EqualValues(t, 7, got.GetRate().GetAnswered())
	require.EqualValues(t, 8, got.GetUnits()["store-1"].GetAnswered())
	require.EqualValues(t, 7, got.GetResults().GetResponses())
}

// How many answered in all is told at once. Where everybody of the other units answered, what is left of it is how many of a small one did.
func TestWhoAnsweredInASmallUnitIsNotWhatTheOthersLeave(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(13) // 12 in store-1, one in store-2
	in.tell(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{{Id: "store-3", Version: 1, ParentId: "company"}}})
	in.tell(&directoryv1.PeopleRegistered{People: employees(14, 9, "2019-05-01", "company", "store-2"), AsOf: "2026-11-02"})
	in.tell(&directoryv1.PeopleRegistered{People: employees(23, 3, "2019-05-01", "company", "store-3"), AsOf: "2026-11-02"})
	in.settle()
	id := in.launched(&momentsv1.Audience{})
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(25)
	in.say(id, 4, upTo(1, 22)...)
	in.nightfall()
	in.say(id, 4, 23, 24)
	require.EqualValues(t, 24, in.campaign(id).GetProgress().GetAnswered())

	got := in.brought(id, "", "store-1", "store-2", "store-3")
	require.EqualValues(t, 12, got.GetUnits()["store-1"].GetAnswered())
	require.True(t, got.GetUnits()["store-2"].GetTooFew(), "the whole less the two stores would be two of the three in the third")
	require.True(t, got.GetUnits()["store-3"].GetTooFew())
	smaller := in.brought(id, "store-2")
	require.True(t, smaller.GetRate().GetTooFew())
	require.True(t, smaller.GetResults().GetTooFew())
	asked, err := in.client().GetResults(in.hr(), &momentsv1.GetResultsRequest{KeyMoment: "campaign", FollowUp: id, UnitId: "store-2"})
	require.NoError(t, err)
	require.True(t, asked.GetTooFew())
	require.Zero(t, asked.GetInvited())
}

func TestNothingIsToldOfUnitsWhilePeopleAreStillInvited(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(21)
	id := in.launched(&momentsv1.Audience{UnitId: "store-1"})
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(20)
	in.say(id, 4, upTo(1, 10)...)
	in.nightfall()
	require.EqualValues(t, 10, in.brought(id, "", "store-1").GetUnits()["store-1"].GetAnswered())
	_, err := in.db.Collection("campaigns").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "all_invited", Value: ""}}}})
	require.NoError(t, err)
	require.True(t, in.brought(id, "", "store-1").GetUnits()["store-1"].GetTooFew(), "what is told later, less that, would be of whoever came last")
	require.True(t, in.brought(id, "store-1").GetResults().GetTooFew())
}

func TestAnOccurrenceIsComparedWithTheOneBefore(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(40)
	before := in.launched(&momentsv1.Audience{})
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(40)
	in.say(before, 2, upTo(1, 30)...)
	in.moveTo("2026-11-18T09:00:00Z")
	require.Nil(t, in.brought(before, "").GetPrevious(), "it stands alone")

	d := draft(&momentsv1.Audience{})
	d.On, d.Until = "2026-12-01", "2026-12-15"
	now := in.launchedTrial(d)
	in.moveTo("2026-12-01T09:00:00Z")
	in.say(now, 5, upTo(1, 35)...)
	in.moveTo("2026-12-03T09:00:00Z")
	for i, id := range []string{before, now} {
		_, err := in.db.Collection("campaigns").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "series", Value: "pulse"}, {Key: "number", Value: i + 1}}}})
		require.NoError(t, err)
	}
	require.Nil(t, in.brought(before, "").GetPrevious(), "the first has none before it")
	got := in.brought(now, "")
	require.Equal(t, before, got.GetPrevious().GetId())
	require.EqualValues(t, 30, got.GetPreviousRate().GetAnswered())
	require.EqualValues(t, 35, got.GetRate().GetAnswered())
	require.NotEmpty(t, got.GetChanges())
	for _, change := range got.GetChanges() {
		require.Equal(t, "rising", change.GetVerdict())
		require.InDelta(t, 100, change.GetPoints(), 1e-9)
	}
}

func TestTheResultsOfCampaignsAreHRs(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(5)
	id := in.launched(&momentsv1.Audience{})
	_, err := in.parts.Peers.CampaignResults().GetCampaignResults(in.as(personID(1)), &momentsv1.GetCampaignResultsRequest{Id: id})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
}
