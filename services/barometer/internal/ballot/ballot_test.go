package ballot_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

func anyBallot(t *rapid.T) ballot.Ballot {
	var b ballot.Ballot
	for i := range ballot.Answers {
		b[i] = rapid.ByteRange(1, questionnaire.Points).Draw(t, "answer")
	}
	b[ballot.Answers] = rapid.ByteRange(0, questionnaire.Recommendation).Draw(t, "recommendation")
	return b
}

func TestABallotHasAPlaceForEachQuestion(t *testing.T) {
	require.Len(t, questionnaire.Standard().Questions(), ballot.Answers)
}

func TestWhatIsPackedIsUnpacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ballots := rapid.SliceOf(rapid.Custom(anyBallot)).Draw(t, "ballots")
		unpacked, err := ballot.Unpack(ballot.Pack(ballots))
		require.NoError(t, err)
		require.ElementsMatch(t, ballots, unpacked)
	})
}

func TestNothingButACompleteBallotIsTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		good := anyBallot(t)
		_, err := ballot.Parse(good[:])
		require.NoError(t, err)

		at := rapid.IntRange(0, ballot.Size-1).Draw(t, "at")
		wrong := rapid.ByteRange(11, 255).Draw(t, "wrong")
		if at < ballot.Answers && rapid.Bool().Draw(t, "left out") {
			wrong = 0
		}
		bad := good
		bad[at] = wrong
		_, err = ballot.Parse(bad[:])
		require.ErrorIs(t, err, ballot.ErrInvalid)

		_, err = ballot.Parse(good[:at])
		require.ErrorIs(t, err, ballot.ErrInvalid)
		_, err = ballot.Unpack(good[:at+1])
		require.True(t, at+1 == ballot.Size || err != nil)
	})
}
