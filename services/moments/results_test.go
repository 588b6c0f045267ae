package moments_test

import (
	"fmt"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

func (in *installation) results(unit, followUp string) *momentsv1.GetResultsResponse {
	in.t.Helper()
	res, err := in.client().GetResults(in.hr(), &momentsv1.GetResultsRequest{
		KeyMoment: "visit", UnitId: unit, FollowUp: followUp, Language: "en",
	})
	require.NoError(in.t, err)
	return res
}

// nightfall makes what was answered so far count.
func (in *installation) nightfall() {
	in.t.Helper()
	in.clock.Advance(36 * time.Hour)
}

func TestResultsAppearAtFiveAndCommentsAtTen(t *testing.T) {
	in := install(t, visits())
	invitations := in.visited(employees(1, 12, "2019-05-01")...)
	give := func(from, to int) {
		for i := from; i <= to; i++ {
			_, err := in.answer(i, invitations[i-1], answers("confident", int32(i%5)+1, fmt.Sprint("comment ", i)))
			require.NoError(t, err)
		}
	}
	give(1, 4)
	in.nightfall()
	require.Equal(t, &momentsv1.GetResultsResponse{TooFew: true, Threshold: 5}, reset(in.results("", "")))

	give(5, 5)
	require.True(t, in.results("", "").GetTooFew(), "the day is not over")
	in.nightfall()
	five := in.results("", "")
	require.EqualValues(t, 5, five.GetResponses())
	require.EqualValues(t, 12, five.GetInvited())
	require.Equal(t, "2026-11-04", five.GetCountedBefore())
	require.EqualValues(t, 5, five.GetQuestions()[0].GetCounts()[1].GetCount())
	require.Equal(t, "Confident", five.GetQuestions()[0].GetCounts()[1].GetLabel())
	require.InDelta(t, 3, five.GetQuestions()[1].GetMean(), 1e-9)
	require.EqualValues(t, 50, five.GetQuestions()[1].GetScore())
	require.InDelta(t, 0.4, five.GetQuestions()[1].GetFavourable(), 1e-9)
	require.Equal(t, "2026-11", five.GetQuestions()[1].GetTrend()[0].GetMonth())
	require.True(t, five.GetQuestions()[4].GetTooFew())
	require.Empty(t, five.GetQuestions()[4].GetComments())

	give(6, 6)
	in.nightfall()
	require.True(t, proto.Equal(figures(five), figures(in.results("", ""))), "one more answer changes nothing that it could be read from")

	give(7, 11)
	in.nightfall()
	require.EqualValues(t, 11, in.results("", "").GetResponses())
	require.Len(t, in.results("", "").GetQuestions()[4].GetComments(), 11)
}

// figures leaves the date out.
func figures(m *momentsv1.GetResultsResponse) *momentsv1.GetResultsResponse {
	m = proto.CloneOf(m)
	m.CountedBefore = ""
	return m
}

func TestResultsOfAPeriod(t *testing.T) {
	in := install(t, visits())
	invitations := in.visited(employees(1, 6, "2019-05-01")...)
	for i := 1; i <= 5; i++ {
		_, err := in.answer(i, invitations[i-1], answers("confident", 3, ""))
		require.NoError(t, err)
	}
	in.nightfall()
	ask := func(from, to string) (*momentsv1.GetResultsResponse, error) {
		return in.client().GetResults(in.hr(), &momentsv1.GetResultsRequest{KeyMoment: "visit", FromMonth: from, ToMonth: to})
	}
	november, err := ask("2026-11", "2026-11")
	require.NoError(t, err)
	require.EqualValues(t, 5, november.GetResponses())
	require.EqualValues(t, 6, november.GetInvited())
	october, err := ask("", "2026-10")
	require.NoError(t, err)
	require.True(t, october.GetTooFew())
	for _, wrong := range [][2]string{{"2026-13", ""}, {"", "November"}, {"2026-11", "2026-10"}} {
		_, err = ask(wrong[0], wrong[1])
		require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err), wrong)
	}
}

// reset makes a message comparable field by field.
func reset(m *momentsv1.GetResultsResponse) *momentsv1.GetResultsResponse {
	return &momentsv1.GetResultsResponse{
		TooFew: m.GetTooFew(), Threshold: m.GetThreshold(), Responses: m.GetResponses(), Invited: m.GetInvited(), Answered: m.GetAnswered(),
		Questions: m.GetQuestions(),
	}
}

func TestAUnitIsNotShownWhenTheRestCouldBeSubtracted(t *testing.T) {
	in := install(t, visits())
	in.tell(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{
		{Id: "company", Version: 1, Kind: "company"},
		{Id: "store-1", Version: 1, Kind: "store", ParentId: "company"},
		{Id: "store-2", Version: 1, Kind: "store", ParentId: "company"},
		{Id: "team-1", Version: 1, Kind: "team", ParentId: "store-1"},
	}})
	people := append(employees(1, 6, "2019-05-01", "company", "store-1", "team-1"),
		employees(7, 9, "2019-05-01", "company", "store-2")...)
	invitations := in.visited(people...)
	give := func(from, to int) {
		for i := from; i <= to; i++ {
			_, err := in.answer(i, invitations[i-1], answers("confident", 3, ""))
			require.NoError(t, err)
		}
		in.nightfall()
	}
	give(1, 10)
	require.EqualValues(t, 10, in.results("", "").GetResponses())
	require.True(t, in.results("store-1", "").GetTooFew(), "company minus store 1 would be four people")
	require.True(t, in.results("team-1", "").GetTooFew())
	require.True(t, in.results("store-2", "").GetTooFew())

	give(11, 15)
	store := in.results("store-1", "now")
	require.EqualValues(t, 6, store.GetResponses())
	require.EqualValues(t, 6, store.GetInvited())
	require.False(t, in.results("team-1", "").GetTooFew())
	require.EqualValues(t, 9, in.results("store-2", "").GetResponses())
}
