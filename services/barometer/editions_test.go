package barometer_test

import (
	"net/http"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// draft is an edition from Wednesday, the day after today, for three weeks.
func (w world) draft() *barometerv1.Edition {
	w.t.Helper()
	res, err := w.parts.Peers.Barometer().SaveEdition(w.asHR(), &barometerv1.SaveEditionRequest{Name: "2026", OpensOn: "2026-11-04", ClosesOn: "2026-11-24"})
	require.NoError(w.t, err)
	return res.GetEdition()
}

// launched is an edition on its first day.
func (w world) launched() *barometerv1.Edition {
	w.t.Helper()
	draft := w.draft()
	_, err := w.parts.Peers.Barometer().LaunchEdition(w.asHR(), &barometerv1.LaunchEditionRequest{EditionId: draft.GetId(), Version: draft.GetVersion()})
	require.NoError(w.t, err)
	w.settle()
	w.clock.Set(tuesday.AddDate(0, 0, 1))
	w.settle()
	e := w.edition(draft.GetId()).GetEdition()
	require.Equal(w.t, barometerv1.Edition_STATE_OPEN, e.GetState())
	return e
}

func (w world) edition(id string) *barometerv1.GetEditionResponse {
	w.t.Helper()
	res, err := w.parts.Peers.Barometer().GetEdition(w.asHR(), &barometerv1.GetEditionRequest{EditionId: id})
	require.NoError(w.t, err)
	return res
}

// closes moves on to the end of an edition, hour by hour on its last day, as a clock does.
func (w world) closes(e *barometerv1.Edition) {
	w.t.Helper()
	day, err := time.Parse(time.DateOnly, e.GetClosesOn())
	require.NoError(w.t, err)
	w.clock.Set(day.AddDate(0, 0, 1))
	w.settle()
	require.Equal(w.t, barometerv1.Edition_STATE_PUBLISHED, w.edition(e.GetId()).GetEdition().GetState())
}

func TestAnEditionIsLaunchedOnceAndThenFinal(t *testing.T) {
	w := start(t, company(12, 12))
	draft := w.draft()
	raised, err := w.parts.Peers.Barometer().SaveEdition(w.asHR(), &barometerv1.SaveEditionRequest{
		EditionId: draft.GetId(), Version: draft.GetVersion(), Name: "2026", OpensOn: "2026-11-04", ClosesOn: "2026-11-24", ScoresFrom: 6,
	})
	require.NoError(t, err)
	_, err = w.parts.Peers.Barometer().SaveEdition(w.asHR(), &barometerv1.SaveEditionRequest{
		EditionId: draft.GetId(), Version: draft.GetVersion(), Name: "2027", OpensOn: "2026-11-04", ClosesOn: "2026-11-24",
	})
	require.Equal(t, connect.CodeAborted, connect.CodeOf(err), "somebody else saved it")
	_, err = w.parts.Peers.Barometer().SaveEdition(w.asHR(), &barometerv1.SaveEditionRequest{
		EditionId: draft.GetId(), Version: raised.GetEdition().GetVersion(), Name: "2026", OpensOn: "2026-11-04", ClosesOn: "2026-11-24", ScoresFrom: 4,
	})
	require.Equal(t, []rpc.Violation{{Field: "scores_from", Description: "must be 5 or more"}}, rpc.Violations(err))

	launch := &barometerv1.LaunchEditionRequest{EditionId: draft.GetId(), Version: raised.GetEdition().GetVersion()}
	_, err = w.parts.Peers.Barometer().LaunchEdition(w.asHR(), launch)
	require.NoError(t, err)
	for range 2 {
		_, err = w.parts.Peers.Barometer().LaunchEdition(w.asHR(), launch)
		require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(err))
		_, err = w.parts.Peers.Barometer().DeleteEdition(w.asHR(), &barometerv1.DeleteEditionRequest{EditionId: draft.GetId()})
		require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(err))
		w.settle()
	}
	e := w.edition(draft.GetId()).GetEdition()
	require.Equal(t, barometerv1.Edition_STATE_READY, e.GetState())
	require.Equal(t, []int32{24, 2, 2, 6}, []int32{e.GetEligible(), e.GetCells(), e.GetKeysMade(), e.GetScoresFrom()})

	second := w.draft()
	_, err = w.parts.Peers.Barometer().LaunchEdition(w.asHR(), &barometerv1.LaunchEditionRequest{EditionId: second.GetId(), Version: second.GetVersion()})
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(err), "one runs at a time")
	_, err = w.parts.Peers.Barometer().DeleteEdition(w.asHR(), &barometerv1.DeleteEditionRequest{EditionId: second.GetId()})
	require.NoError(t, err)
}

func TestNobodyVotesBeforeTheFirstDayNorAfterTheLast(t *testing.T) {
	w := start(t, company(12, 12))
	require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_NONE, w.paper(w.nantes(0)).GetState())
	e := w.launched()
	v, paper := w.holds(w.nantes(0))
	late, _ := w.holds(w.nantes(1))
	status, _ := w.cast(body(v, e.GetId(), paper.GetKeyFingerprint(), answers(4, 9)))
	require.Equal(t, http.StatusNoContent, status)

	w.clock.Set(time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC)) // midnight in Paris
	status, answer := w.cast(body(late, e.GetId(), paper.GetKeyFingerprint(), answers(4, 9)))
	require.Equal(t, http.StatusGone, status, answer)
	require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_NONE, w.paper(w.nantes(2)).GetState())
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(w.issue(w.nantes(2), late, e.GetId())))
	w.clock.Set(time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC))
	w.settle()
	require.Equal(t, barometerv1.Edition_STATE_PUBLISHED, w.edition(e.GetId()).GetEdition().GetState())
	for _, collection := range []string{"spool"} {
		left, err := w.parts.DB.Collection(collection).EstimatedDocumentCount(t.Context())
		require.NoError(t, err)
		require.Zero(t, left, collection)
	}
}

func TestSmallUnitsVoteInTheirParentsCellAndAreTold(t *testing.T) {
	w := start(t, company(12, 12))
	w.launched()
	own, parents := w.paper(w.nantes(0)), w.paper(w.velo())
	require.False(t, own.GetMerged())
	require.True(t, parents.GetMerged())
	require.Equal(t, "Vitré", parents.GetCellName())
	require.EqualValues(t, 12, parents.GetCellEligible())
	require.Len(t, own.GetThemes(), 7)
	keys, err := w.parts.Peers.Barometer().ListCellKeys(w.as(w.nantes(0)), &barometerv1.ListCellKeysRequest{EditionId: own.GetEditionId()})
	require.NoError(t, err)
	require.Len(t, keys.GetKeys(), 2, "one to a cell and none to a person")
}

func TestParticipationIsToldInSteps(t *testing.T) {
	w := start(t, company(12, 12))
	e := w.launched()
	taken := func() []int32 {
		all := w.edition(e.GetId())
		counts := []int32{all.GetTokensIssued()}
		for _, p := range all.GetParticipation() {
			counts = append(counts, p.GetTokensIssued())
		}
		return counts
	}
	for i := range 4 {
		w.holds(w.nantes(i))
	}
	require.Equal(t, []int32{0, 0, 0}, taken())
	w.holds(w.nantes(4))
	require.Equal(t, []int32{5, 5, 0}, taken())
}

// What happens to people and units while an edition runs changes nothing of who votes where.
func TestPeopleMoveArriveAndAreErasedWhileAnEditionRuns(t *testing.T) {
	w := start(t, company(24, 14))
	e := w.launched()
	erased, _ := w.holds(w.nantes(0))
	moved := &directoryv1.Employee{
		Id: w.nantes(1), Version: 9, UnitId: "vitre", UnitPath: []string{"co", "vitre"}, TimeZone: "Europe/Paris", HiredOn: "2020-01-06",
	}
	arrived := staff(1, "co", "nantes")
	w.publish(
		&directoryv1.PeopleMoved{Moves: []*directoryv1.PeopleMoved_Move{{Person: moved, FromUnitId: "nantes"}}},
		&directoryv1.PeopleHired{People: arrived},
		&directoryv1.PeopleErased{PersonIds: []string{w.nantes(0), w.nantes(2)}},
		&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{{Id: "nantes", Version: 2, Name: "Nantes Atlantis", Kind: "store", ParentId: "vitre"}}},
	)
	require.Equal(t, "Nantes", w.paper(w.nantes(1)).GetCellName(), "who moves votes where they were")
	require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_NOT_ELIGIBLE, w.paper(arrived[0].GetId()).GetState())
	for _, gone := range []int{0, 2} {
		require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_NOT_ELIGIBLE, w.paper(w.nantes(gone)).GetState())
	}
	key := w.paper(w.nantes(1)).GetKeyFingerprint()
	status, _ := w.cast(body(erased, e.GetId(), key, answers(4, 9)))
	require.Equal(t, http.StatusNoContent, status, "nobody can tell whose token it is, so it counts")
	w.votes(func(i int) string { return w.nantes(i + 3) }, 9, 3, 8, "")
	w.closes(e)
	nantes := w.results(w.asHR(), e.GetId(), "nantes")
	require.EqualValues(t, 10, nantes.GetUnit().GetBallots())
	require.Equal(t, []string{"Exemple Sport", "Nantes"}, names(nantes.GetPath()), "as it was at the launch")
	for _, name := range []string{"electors", "people"} {
		n, err := w.parts.DB.Collection(name).CountDocuments(t.Context(), bson.D{{Key: "person", Value: w.nantes(0)}})
		require.NoError(t, err)
		require.Zero(t, n)
	}
}

// An installation that was away while an edition should have opened and closed publishes nothing and goes on.
func TestAnEditionThatNobodyCouldVoteInIsClosedAllTheSame(t *testing.T) {
	w := start(t, company(24, 14))
	draft := w.draft()
	_, err := w.parts.Peers.Barometer().LaunchEdition(w.asHR(), &barometerv1.LaunchEditionRequest{EditionId: draft.GetId(), Version: draft.GetVersion()})
	require.NoError(t, err)
	w.settle()
	w.closes(draft)
	res := w.results(w.asHR(), draft.GetId(), "")
	require.Nil(t, res.GetUnit())
	require.Nil(t, res.GetCountedWith())
	next := w.draft() // and another may follow
	require.NotEqual(t, draft.GetId(), next.GetId())
	require.False(t, w.edition(draft.GetId()).GetEdition().GetQuestionsChanged())
	_, err = w.parts.DB.Collection("editions").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: draft.GetId()}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "questionnaire", Value: "another"}, {Key: "opens_on", Value: "2026-10-04"}}}})
	require.NoError(t, err)
	require.True(t, w.edition(next.GetId()).GetEdition().GetQuestionsChanged(), "nothing can be compared with an edition that asked something else")
}
