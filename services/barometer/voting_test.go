package barometer_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/cloudflare/circl/blindsign/blindrsa"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func (w world) asHR() context.Context {
	return identity.NewContext(w.t.Context(), identity.Actor{PersonID: uuid.NewString(), Roles: []identity.Role{identity.HR}})
}

func (w world) as(person string) context.Context {
	return identity.NewContext(w.t.Context(), identity.Actor{PersonID: person})
}

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

func (w world) settle() {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		settled, err := w.service.Settled(w.t.Context())
		return err == nil && settled
	}, 30*time.Second, 5*time.Millisecond)
}

func (w world) paper(person string) *barometerv1.GetBallotPaperResponse {
	w.t.Helper()
	res, err := w.parts.Peers.Barometer().GetBallotPaper(w.as(person), &barometerv1.GetBallotPaperRequest{Language: "fr"})
	require.NoError(w.t, err)
	return res
}

// voter is what a browser does.
type voter struct {
	client           blindrsa.Client
	message, blinded []byte
	state            blindrsa.State
	signature        []byte
}

func (w world) prepare(paper *barometerv1.GetBallotPaperResponse) *voter {
	w.t.Helper()
	key, err := x509.ParsePKIXPublicKey(paper.GetPublicKey())
	require.NoError(w.t, err)
	v := &voter{}
	v.client, err = blindrsa.NewClient(blindrsa.SHA384PSSRandomized, key.(*rsa.PublicKey))
	require.NoError(w.t, err)
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	v.message, err = v.client.Prepare(rand.Reader, secret)
	require.NoError(w.t, err)
	v.blinded, v.state, err = v.client.Blind(rand.Reader, v.message)
	require.NoError(w.t, err)
	return v
}

func (w world) issue(person string, v *voter, edition string) error {
	res, err := w.parts.Peers.Barometer().IssueToken(w.as(person), &barometerv1.IssueTokenRequest{EditionId: edition, Blinded: v.blinded})
	if err != nil {
		return err
	}
	v.signature, err = v.client.Finalize(v.state, res.GetSignature())
	return err
}

// holds is the person with a token of their own.
func (w world) holds(person string) (*voter, *barometerv1.GetBallotPaperResponse) {
	w.t.Helper()
	paper := w.paper(person)
	v := w.prepare(paper)
	require.NoError(w.t, w.issue(person, v, paper.GetEditionId()))
	return v, paper
}

func answers(each byte, recommend byte) []byte {
	return append(bytes.Repeat([]byte{each}, 45), recommend)
}

func body(v *voter, edition, key string, answers []byte, comments ...map[string]string) []byte {
	encode := base64.RawURLEncoding.EncodeToString
	content, _ := json.Marshal(map[string]any{
		"edition": edition, "key": key, "message": encode(v.message), "signature": encode(v.signature), "answers": encode(answers), "comments": comments,
	})
	return append(content, bytes.Repeat([]byte{' '}, 16<<10-len(content))...)
}

// cast brings a ballot to the intake, and returns how it was answered.
func (w world) cast(body []byte) (status int, answer string) {
	w.t.Helper()
	status, said, err := w.parts.Peers.CastBallot(w.t.Context(), body)
	require.NoError(w.t, err)
	return status, string(said)
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

func TestAPersonGetsOneTokenAndTheSameAgain(t *testing.T) {
	w := start(t, company(12, 12))
	e := w.launched()
	v, _ := w.holds(w.nantes(0))
	first := v.signature
	require.NoError(t, w.issue(w.nantes(0), v, e.GetId()), "the connection was lost: the same is asked for again")
	require.Equal(t, first, v.signature)
	other := w.prepare(w.paper(w.nantes(0)))
	require.Equal(t, connect.CodeAlreadyExists, connect.CodeOf(w.issue(w.nantes(0), other, e.GetId())))
	require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_TOKEN_ISSUED, w.paper(w.nantes(0)).GetState())

	stranger := uuid.NewString()
	require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_NOT_ELIGIBLE, w.paper(stranger).GetState())
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(w.issue(stranger, other, e.GetId())))
	_, err := w.parts.Peers.Barometer().GetBallotPaper(w.asHR(), &barometerv1.GetBallotPaperRequest{Language: "fr"})
	require.NoError(t, err, "HR asks for themselves, as anybody")
}

func TestOnlyGoodTokensAreTaken(t *testing.T) {
	w := start(t, company(12, 12))
	e := w.launched()
	v, paper := w.holds(w.nantes(0))
	_, elsewhere := w.holds(w.vitre(0))
	require.NotEqual(t, paper.GetKeyFingerprint(), elsewhere.GetKeyFingerprint())
	key := paper.GetKeyFingerprint()

	forged := *v
	forged.signature = append(bytes.Clone(v.signature[:255]), v.signature[255]^1)
	missing := answers(4, 9)
	missing[7] = 0
	good := body(v, e.GetId(), key, answers(4, 9))
	for what, wrong := range map[string]struct {
		body   []byte
		status int
		code   string
	}{
		"forged":        {body(&forged, e.GetId(), key, answers(4, 9)), http.StatusForbidden, "forged"},
		"wrong cell":    {body(v, e.GetId(), elsewhere.GetKeyFingerprint(), answers(4, 9)), http.StatusForbidden, "forged"},
		"no such key":   {body(v, e.GetId(), "00", answers(4, 9)), http.StatusNotFound, "unknown"},
		"no edition":    {body(v, uuid.NewString(), key, answers(4, 9)), http.StatusNotFound, "unknown"},
		"left out":      {body(v, e.GetId(), key, missing), http.StatusBadRequest, "answers"},
		"out of range":  {body(v, e.GetId(), key, answers(6, 9)), http.StatusBadRequest, "answers"},
		"not padded":    {bytes.TrimSpace(good), http.StatusBadRequest, "malformed"},
		"too long":      {append(bytes.Clone(good), ' '), http.StatusBadRequest, "malformed"},
		"no JSON":       {bytes.Repeat([]byte{'x'}, 16<<10), http.StatusBadRequest, "malformed"},
		"unknown theme": {body(v, e.GetId(), key, answers(4, 9), map[string]string{"theme": "weather", "text": "x"}), http.StatusBadRequest, "malformed"},
		"two comments on one theme": {
			body(v, e.GetId(), key, answers(4, 9), map[string]string{"theme": "pay", "text": "x"}, map[string]string{"theme": "pay", "text": "y"}),
			http.StatusBadRequest, "malformed",
		},
	} {
		status, answer := w.cast(wrong.body)
		require.Equal(t, wrong.status, status, what)
		require.JSONEq(t, `{"error":"`+wrong.code+`"}`, answer, what)
	}

	status, _ := w.cast(good)
	require.Equal(t, http.StatusNoContent, status)
	for range 2 {
		status, answer := w.cast(body(v, e.GetId(), key, answers(1, 0)))
		require.Equal(t, http.StatusConflict, status)
		require.JSONEq(t, `{"error":"spent"}`, answer)
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

// votes has so many people of a place vote, each by themselves.
func (w world) votes(person func(int) string, n int, each byte, recommend byte, comment string) {
	w.t.Helper()
	for i := range n {
		v, paper := w.holds(person(i))
		var comments []map[string]string
		if comment != "" && i == 0 {
			comments = append(comments, map[string]string{"theme": "pay", "text": comment})
		}
		status, answer := w.cast(body(v, paper.GetEditionId(), paper.GetKeyFingerprint(), answers(each+byte(i%2), recommend), comments...))
		require.Equal(w.t, http.StatusNoContent, status, answer)
	}
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

func (w world) results(ctx context.Context, edition, unit string) *barometerv1.GetResultsResponse {
	w.t.Helper()
	res, err := w.parts.Peers.Results().GetResults(ctx, &barometerv1.GetResultsRequest{EditionId: edition, UnitId: unit, Language: "fr"})
	require.NoError(w.t, err)
	return res
}

func TestAnEditionIsPublishedWhenItCloses(t *testing.T) {
	w := start(t, company(30, 14))
	e := w.launched()
	_, err := w.parts.Peers.Results().GetResults(w.asHR(), &barometerv1.GetResultsRequest{EditionId: e.GetId(), Language: "fr"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err), "nothing is shown before the close")
	w.votes(w.nantes, 24, 3, 9, "La paie arrive <b>tard</b>")
	w.votes(w.vitre, 3, 1, 2, "")
	w.closes(e)

	company := w.results(w.asHR(), "", "")
	require.Equal(t, []string{"Exemple Sport"}, names(company.GetPath()))
	require.EqualValues(t, 27, company.GetUnit().GetBallots())
	require.EqualValues(t, 44, company.GetUnit().GetEligible())
	require.Len(t, company.GetUnit().GetThemes(), 7)
	require.Len(t, company.GetUnit().GetQuestions(), 45)
	require.Equal(t, []string{"La paie arrive <b>tard</b>"}, company.GetComments()[0].GetTexts())
	for _, store := range []string{"vitre", "nantes"} {
		res := w.results(w.asHR(), e.GetId(), store)
		require.Nil(t, res.GetUnit(), "Nantes beside the company would be Vitré's three")
		require.Equal(t, "Exemple Sport", res.GetCountedWith().GetName())
	}

	_, err = w.parts.Peers.Results().GetResults(w.as(w.nantes(0)), &barometerv1.GetResultsRequest{Language: "fr"})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	director := identity.NewContext(t.Context(), identity.Actor{PersonID: w.nantes(0), Grants: []identity.Grant{{Role: identity.Director, Unit: "nantes"}}})
	require.NotNil(t, w.results(director, "", "nantes").GetCountedWith())
	_, err = w.parts.Peers.Results().GetResults(director, &barometerv1.GetResultsRequest{UnitId: "vitre", Language: "fr"})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}

func TestTheNextEditionIsComparedWithTheOneBefore(t *testing.T) {
	w := start(t, company(30, 14))
	first := w.launched()
	w.votes(w.nantes, 30, 4, 9, "")
	w.votes(w.vitre, 10, 4, 9, "")
	w.closes(first)

	draft, err := w.parts.Peers.Barometer().SaveEdition(w.asHR(), &barometerv1.SaveEditionRequest{Name: "2027", OpensOn: "2027-11-03", ClosesOn: "2027-11-23"})
	require.NoError(t, err)
	w.clock.Set(time.Date(2027, 11, 2, 9, 0, 0, 0, time.UTC))
	second := draft.GetEdition()
	_, err = w.parts.Peers.Barometer().LaunchEdition(w.asHR(), &barometerv1.LaunchEditionRequest{EditionId: second.GetId(), Version: second.GetVersion()})
	require.NoError(t, err)
	w.settle()
	w.clock.Set(time.Date(2027, 11, 3, 9, 0, 0, 0, time.UTC))
	w.settle()
	w.votes(w.nantes, 30, 1, 2, "")
	w.votes(w.vitre, 10, 4, 9, "")
	w.closes(second)

	res := w.results(w.asHR(), "", "")
	require.Equal(t, []string{"2027", "2026"}, []string{res.GetEditionName(), res.GetComparedWith()})
	verdicts := map[string]barometerv1.Change_Verdict{}
	for _, below := range res.GetBelow() {
		verdicts[below.GetUnit().GetName()] = below.GetThemes()[0].GetChange().GetVerdict()
	}
	require.Equal(t, map[string]barometerv1.Change_Verdict{
		"Nantes": barometerv1.Change_VERDICT_FALLING, "Vitré": barometerv1.Change_VERDICT_STABLE,
	}, verdicts)
	require.EqualValues(t, 2, res.GetBelow()[0].GetThemes()[0].GetPlace().GetBest())
	fell := map[string][]string{}
	require.NoError(t, w.parts.Bus.Tail(t.Context(), 10_000, "jalon.barometer.v1.ThemesFell", true, func(ev event.Event) error {
		var msg barometerv1.ThemesFell
		require.NoError(t, ev.Decode(&msg))
		for _, u := range msg.GetUnits() {
			fell[u.GetUnitId()] = u.GetThemes()
		}
		return nil
	}))
	require.Len(t, fell["nantes"], 7)
	require.NotContains(t, fell, "vitre")
	all, err := w.parts.Peers.Results().ListPublications(w.asHR(), &barometerv1.ListPublicationsRequest{})
	require.NoError(t, err)
	require.Len(t, all.GetPublications(), 2)
}

func names(path []*barometerv1.UnitName) (names []string) {
	for _, u := range path {
		names = append(names, u.GetName())
	}
	return names
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
