package moments_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// rate asks for the results of a period.
func (in *installation) rate(from, to string) *momentsv1.GetResultsResponse {
	in.t.Helper()
	res, err := in.client().GetResults(in.hr(), &momentsv1.GetResultsRequest{KeyMoment: "visit", FromMonth: from, ToMonth: to, Language: "en"})
	require.NoError(in.t, err)
	return res
}

func TestTheResponseRateIsOfThoseAskedInThePeriod(t *testing.T) {
	in := install(t, visits())
	in.moveTo("2026-11-28T09:00:00Z")
	november := in.visited(employees(1, 8, "2019-05-01")...)
	give := func(from, to int, invitations []string) {
		for i := from; i <= to; i++ {
			_, err := in.answer(i, invitations[i-from], answers("confident", 3, ""))
			require.NoError(t, err)
		}
	}
	in.moveTo("2026-12-01T09:00:00Z")
	give(1, 6, november) // in the month after
	december := in.visited(employees(9, 5, "2019-05-01")...)
	give(9, 13, december)
	in.nightfall()

	require.True(t, in.rate("2026-11", "2026-11").GetTooFew(), "no figure grew in November")
	later := in.rate("2026-12", "2026-12")
	require.EqualValues(t, 11, later.GetResponses(), "all of them began to count in December")
	require.Equal(t, []int32{5, 5}, []int32{later.GetInvited(), later.GetAnswered()})
	both := in.rate("2026-11", "")
	require.Equal(t, []int32{13, 11}, []int32{both.GetInvited(), both.GetAnswered()})
}

func TestWithdrawnInvitationsAreNotOfTheRateAndFewAreNone(t *testing.T) {
	in := install(t, visits())
	invitations := in.visited(employees(1, 8, "2019-05-01")...)
	for i := 1; i <= 5; i++ {
		_, err := in.answer(i, invitations[i-1], answers("confident", 3, ""))
		require.NoError(t, err)
	}
	in.nightfall()
	callOff := func(person int) {
		_, err := in.client().CancelMoment(in.hr(), &momentsv1.CancelMomentRequest{MomentId: in.momentsOf(personID(person))[0].GetId(), Reason: "Par erreur."})
		require.NoError(t, err)
	}
	require.EqualValues(t, 8, in.rate("", "").GetInvited())
	callOff(7)
	callOff(8)
	require.Equal(t, []int32{6, 5}, []int32{in.rate("", "").GetInvited(), in.rate("", "").GetAnswered()})
	callOff(6)
	callOff(1)
	few := in.rate("", "")
	require.Equal(t, []int32{0, 0}, []int32{few.GetInvited(), few.GetAnswered()}, "of four people no rate is told")
	require.EqualValues(t, 5, few.GetResponses())
}

func TestEmotionsAreComparedWithThoseThatTheMomentExpects(t *testing.T) {
	cfg := visits()
	cfg.Catalogue[0].Expected = []string{"curious", "enthusiastic"}
	in := install(t, cfg)
	invitations := in.visited(employees(1, 6, "2019-05-01")...)
	for i, feeling := range []string{"curious", "curious", "enthusiastic", "confident"} {
		_, err := in.answer(i+1, invitations[i], answers(feeling, 3, ""))
		require.NoError(t, err)
	}
	in.clock.Advance(36 * time.Hour)
	require.Empty(t, in.rate("", "").GetQuestions(), "four are too few")
	_, err := in.answer(5, invitations[4], answers("confident", 3, ""))
	require.NoError(t, err)
	in.clock.Advance(36 * time.Hour)

	emotion := in.rate("", "").GetQuestions()[0]
	require.InDelta(t, 0.6, emotion.GetAsExpected(), 1e-9)
	expected := map[string]bool{}
	for _, count := range emotion.GetCounts() {
		if count.GetExpected() {
			expected[count.GetId()] = true
		}
	}
	require.Equal(t, map[string]bool{"curious": true, "enthusiastic": true}, expected)
	require.Nil(t, in.rate("", "").GetQuestions()[1].AsExpected, "a scale is no emotion")
}
