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

func TestThePlanTellsAllThatComesAndNamesNobody(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(3)
	in.tell(&directoryv1.PeopleHired{People: employees(7, 2, "2026-11-02"), AsOf: "2026-11-02"})
	in.settle()
	once := in.launched(&momentsv1.Audience{})
	each := in.repeats(weekly(&momentsv1.Audience{}))
	daily := in.repeats(perPerson(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 30))
	plan, err := in.parts.Peers.Series().GetPlan(in.hr(), &momentsv1.GetPlanRequest{From: "2026-11-01", To: "2026-11-30"})
	require.NoError(t, err)
	told := map[string][]string{}
	for _, c := range plan.GetCampaigns() {
		told[c.GetId()] = append(told[c.GetId()], c.GetOn())
		require.Equal(t, c.GetId() != once, c.GetToCome())
	}
	require.Equal(t, map[string][]string{
		once: {"2026-11-03"}, each: {"2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24"}, daily: {"2026-11-03"},
	}, told)
	require.Len(t, plan.GetDays(), 30)
	require.True(t, plan.GetDays()[10].GetHoliday(), "the 11th")
	followUps := 0
	for _, day := range plan.GetDays() {
		followUps += int(day.GetFollowUps())
	}
	require.Positive(t, followUps)
	n, err := in.db.Collection("agenda").CountDocuments(t.Context(), bson.D{{Key: "kind", Value: "follow_up"}, {Key: "data.on", Value: bson.D{{Key: "$gte", Value: "2026-11-01"}, {Key: "$lte", Value: "2026-11-30"}}}, {Key: "state", Value: "waiting"}})
	require.NoError(t, err)
	require.EqualValues(t, n, followUps)
	_, err = in.parts.Peers.Series().GetPlan(in.hr(), &momentsv1.GetPlanRequest{From: "2026-11-01", To: "2028-11-30"})
	require.True(t, rpc.Is(err, connect.CodeInvalidArgument), "%v", err)
}
