package barometer_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/barometer/inspection"
	"jalon.dev/services/barometer/internal/card"
)

// ready is an edition the day before its first.
func (w world) ready() *barometerv1.Edition {
	w.t.Helper()
	draft := w.draft()
	_, err := w.parts.Peers.Barometer().LaunchEdition(w.asHR(), &barometerv1.LaunchEditionRequest{EditionId: draft.GetId(), Version: draft.GetVersion()})
	require.NoError(w.t, err)
	w.settle()
	return w.edition(draft.GetId()).GetEdition()
}

func (w world) opens() {
	w.t.Helper()
	w.clock.Set(tuesday.AddDate(0, 0, 1))
	w.settle()
}

// people are those of Nantes from one to before another.
func (w world) people(from, to int) (ids []string) {
	for i := from; i < to; i++ {
		ids = append(ids, w.nantes(i))
	}
	return ids
}

func (w world) ofVitre(n int) (ids []string) {
	for i := range n - 4 {
		ids = append(ids, w.vitre(i))
	}
	for i := range 4 {
		ids = append(ids, event.ID("velo", fmt.Sprint(i)))
	}
	return ids
}

// invited are those who were asked to take part.
func (w world) invited() (people []string) {
	w.t.Helper()
	require.NoError(w.t, w.parts.Bus.Tail(w.t.Context(), 10_000, "jalon.barometer.v1.VotingInvitationsRequested", true, func(ev event.Event) error {
		var msg barometerv1.VotingInvitationsRequested
		require.NoError(w.t, ev.Decode(&msg))
		for _, invitation := range msg.GetInvitations() {
			people = append(people, invitation.GetPersonId())
		}
		return nil
	}))
	return people
}

func (w world) makes(e *barometerv1.Edition, people []string) (*barometerv1.MakeCardsResponse, error) {
	return w.parts.Peers.Cards().MakeCards(w.asHR(), &barometerv1.MakeCardsRequest{EditionId: e.GetId(), UnitId: "nantes", PersonIds: people})
}

func (w world) confirms(e *barometerv1.Edition, sheet string) error {
	_, err := w.parts.Peers.Cards().ConfirmCards(w.asHR(), &barometerv1.ConfirmCardsRequest{EditionId: e.GetId(), SheetId: sheet})
	return err
}

func (w world) givesUp(e *barometerv1.Edition, sheet string) error {
	_, err := w.parts.Peers.Cards().GiveUpCards(w.asHR(), &barometerv1.GiveUpCardsRequest{EditionId: e.GetId(), SheetId: sheet})
	return err
}

// printed is a sheet for twelve, confirmed.
func (w world) printed(e *barometerv1.Edition) (codes []string) {
	w.t.Helper()
	made, err := w.makes(e, w.people(0, 12))
	require.NoError(w.t, err)
	require.Len(w.t, made.GetCodes(), 12)
	require.NoError(w.t, w.confirms(e, made.GetSheet().GetId()))
	return made.GetCodes()
}

// reads is what the intake answers for the place of a code.
func (w world) reads(e *barometerv1.Edition, typed string) (status int, answer []byte) {
	w.t.Helper()
	code, err := card.Parse(typed)
	require.NoError(w.t, err)
	place, err := code.Place()
	require.NoError(w.t, err)
	status, answer, err = w.parts.Peers.ReadCard(w.t.Context(), []byte(e.GetId()+"/"+place))
	require.NoError(w.t, err)
	return status, answer
}

// opened is the vote of a card, as a browser has it; and whether there was one.
func (w world) opened(e *barometerv1.Edition, typed string) (v *voter, key string, ok bool) {
	w.t.Helper()
	status, sealed := w.reads(e, typed)
	require.Equal(w.t, http.StatusOK, status)
	require.Len(w.t, sealed, card.SealedBytes)
	code, err := card.Parse(typed)
	require.NoError(w.t, err)
	vote, err := code.Open(sealed)
	if err != nil {
		return nil, "", false
	}
	return &voter{message: vote.Token.Message, signature: vote.Token.Signature}, vote.Key, true
}

func TestACardVotesOnceAndItsHolderNoOtherWay(t *testing.T) {
	w := start(t, company(30, 14))
	e := w.ready()
	codes := w.printed(e)
	status, _ := w.reads(e, codes[0])
	require.Equal(t, http.StatusGone, status, "nobody votes before the first day")
	require.Empty(t, broken(w.inspect()))
	w.opens()
	for i, code := range codes {
		v, key, ok := w.opened(e, code)
		require.True(t, ok)
		status, answer := w.cast(body(v, e.GetId(), key, answers(4, 9)))
		require.Equal(t, http.StatusNoContent, status, answer)
		again, _, _ := w.opened(e, code)
		require.Equal(t, v, again, "whoever lost the answer asks again")
		status, answer = w.cast(body(again, e.GetId(), key, answers(1, 0)))
		require.Equal(t, http.StatusConflict, status)
		require.JSONEq(t, `{"error":"spent"}`, answer)
		require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_TOKEN_ISSUED, w.paper(w.nantes(i)).GetState())
		require.Equal(t, connect.CodeAlreadyExists, connect.CodeOf(w.issue(w.nantes(i), w.prepare(w.paper(w.nantes(i))), e.GetId())))
	}
	require.ElementsMatch(t, append(w.people(12, 30), w.ofVitre(14)...), w.invited(), "whoever has a card is not asked again and again")
	w.votes(func(i int) string { return w.nantes(i + 12) }, 9, 3, 9, "")
	require.Empty(t, broken(w.inspect()), "cards are tokens like any other")
	require.EqualValues(t, 5, w.edition(e.GetId()).GetTokensIssued(), "nine, in steps of five, beside the cards")
	w.clock.Set(tuesday.AddDate(0, 0, 2))
	w.settle()
	require.Empty(t, w.told(), "HR knows who has a card: the nine beside them could be told apart")
	w.closes(e)
	require.Empty(t, broken(w.inspect()))
	require.Empty(t, w.copyAll().collections["sheets"], "cards outlive the edition")
	status, _ = w.reads(e, codes[0])
	require.Equal(t, http.StatusGone, status)
}

func TestCardsAreMadeOfManyAndBeforeAnybodyVotes(t *testing.T) {
	w := start(t, company(30, 14))
	draft := w.draft()
	_, err := w.makes(draft, w.people(0, 12))
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(err), "who votes is not frozen")
	_, err = w.parts.Peers.Barometer().LaunchEdition(w.asHR(), &barometerv1.LaunchEditionRequest{EditionId: draft.GetId(), Version: draft.GetVersion()})
	require.NoError(t, err)
	w.settle()
	for what, refused := range map[string]struct {
		people []string
		code   connect.Code
	}{
		"nobody":        {nil, connect.CodeInvalidArgument},
		"nine":          {w.people(0, 9), connect.CodeInvalidArgument},
		"twice":         {append(w.people(0, 12), w.nantes(3)), connect.CodeInvalidArgument},
		"another store": {append(w.people(0, 12), w.vitre(0)), connect.CodeAborted},
		"a stranger":    {append(w.people(0, 12), uuid.NewString()), connect.CodeAborted},
	} {
		_, err := w.makes(draft, refused.people)
		require.Equal(t, refused.code, connect.CodeOf(err), "%s: %v", what, err)
	}
	_, err = w.parts.Peers.Cards().MakeCards(w.as(w.nantes(0)), &barometerv1.MakeCardsRequest{EditionId: draft.GetId(), UnitId: "nantes", PersonIds: w.people(0, 12)})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	voters := func() int {
		res, err := w.parts.Peers.Cards().ListCardVoters(w.asHR(), &barometerv1.ListCardVotersRequest{EditionId: draft.GetId(), UnitId: "nantes"})
		require.NoError(t, err)
		return len(res.GetPersonIds())
	}
	require.Equal(t, 30, voters())
	w.printed(draft)
	require.Equal(t, 18, voters())
	_, err = w.makes(draft, w.people(5, 17))
	require.Equal(t, connect.CodeAborted, connect.CodeOf(err), "seven have a card")

	w.opens()
	_, err = w.makes(draft, w.people(12, 24))
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(err), "who is refused would tell who voted")
	_, err = w.parts.Peers.Cards().ListCardVoters(w.asHR(), &barometerv1.ListCardVotersRequest{EditionId: draft.GetId(), UnitId: "nantes"})
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(err))
	listed, err := w.parts.Peers.Cards().ListSheets(w.asHR(), &barometerv1.ListSheetsRequest{EditionId: draft.GetId()})
	require.NoError(t, err)
	require.False(t, listed.GetMayMake())
	require.Len(t, listed.GetSheets(), 1)
}

// What nobody said to be on paper before people vote is given up: its cards open nothing, and its people lose nothing.
func TestCardsThatNobodyConfirmedAreGivenUpWhenPeopleVote(t *testing.T) {
	w := start(t, company(40, 14))
	e := w.ready()
	made, err := w.makes(e, w.people(0, 12))
	require.NoError(t, err)
	require.Equal(t, "2026-11-03", made.GetSheet().GetConfirmUntil(), "people vote tomorrow")
	lost, err := w.makes(e, w.people(12, 24)) // its page was never seen
	require.NoError(t, err)
	require.NoError(t, w.confirms(e, made.GetSheet().GetId()))
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(w.givesUp(e, made.GetSheet().GetId())), "it was decided")
	require.Empty(t, broken(w.inspect()))

	w.clock.Set(tuesday.AddDate(0, 0, 1)) // nobody came round to opening it yet
	require.Equal(t, connect.CodeFailedPrecondition, connect.CodeOf(w.confirms(e, lost.GetSheet().GetId())), "too late")
	w.settle()
	_, _, ok := w.opened(e, made.GetCodes()[0])
	require.True(t, ok)
	_, _, ok = w.opened(e, lost.GetCodes()[0])
	require.False(t, ok)
	require.ElementsMatch(t, append(w.people(12, 40), w.ofVitre(14)...), w.invited())
	w.votes(func(i int) string { return w.nantes(i + 12) }, 12, 3, 9, "")
	w.settle()
	require.Empty(t, broken(w.inspect()))
	w.closes(e)
	require.Empty(t, broken(w.inspect()))
}

// Killed while it made a sheet, or after it decided over one: whoever was held stands in HR's list again, while there is still time.
func TestAnInterruptedSheetKeepsNobodyFromHavingACard(t *testing.T) {
	w := start(t, company(40, 14))
	e := w.ready()
	_, err := w.parts.DB.Collection("electors").UpdateMany(t.Context(), bson.D{{Key: "person", Value: bson.D{{Key: "$in", Value: w.people(0, 12)}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "sheet", Value: uuid.NewString()}}}})
	require.NoError(t, err)
	listed, err := w.parts.Peers.Cards().ListCardVoters(w.asHR(), &barometerv1.ListCardVotersRequest{EditionId: e.GetId(), UnitId: "nantes"})
	require.NoError(t, err)
	require.Len(t, listed.GetPersonIds(), 40)
	w.printed(e)
}

// HR knows who has a card, and chose how many: participation is told of the others alone, and not where they are few (A11, K2).
func TestCardsLetNobodyWatchThoseWhoHaveNone(t *testing.T) {
	w := start(t, company(30, 14))
	e := w.ready()
	made, err := w.makes(e, w.people(0, 19))
	require.NoError(t, err)
	require.NoError(t, w.confirms(e, made.GetSheet().GetId()))
	told := func() (nantes *barometerv1.CellParticipation, total int32) {
		all := w.edition(e.GetId())
		for _, p := range all.GetParticipation() {
			if p.GetUnitId() == "nantes" {
				nantes = p
			}
		}
		return nantes, all.GetTokensIssued()
	}
	before, total := told()
	require.Nil(t, before.TokensIssued, "nobody votes yet")
	require.Zero(t, total)
	w.opens()
	for i := range 4 {
		w.holds(w.nantes(19 + i))
		cell, total := told()
		require.EqualValues(t, 19, cell.GetCards())
		require.Zero(t, cell.GetTokensIssued(), "23 tokens, of which four were taken")
		require.Zero(t, total)
	}
	w.holds(w.nantes(23))
	cell, total := told()
	require.EqualValues(t, 5, cell.GetTokensIssued())
	require.EqualValues(t, 5, total)

	few := start(t, company(20, 14))
	e = few.ready()
	made, err = few.makes(e, few.people(0, 19))
	require.NoError(t, err)
	require.NoError(t, few.confirms(e, made.GetSheet().GetId()))
	few.opens()
	few.holds(few.nantes(19))
	few.votes(func(i int) string { return few.vitre(i) }, 5, 3, 9, "")
	for range 2 {
		all := few.edition(e.GetId())
		require.EqualValues(t, 5, all.GetTokensIssued(), "of Vitré alone")
		for _, p := range all.GetParticipation() {
			require.Equal(t, p.GetUnitId() == "nantes", p.TokensIssued == nil, "whoever is alone without a card")
		}
		few.closes(e) // when the sheets are gone
	}
}

// What was never decided is given up at the close, and nothing of it is left.
func TestTheCloseLeavesNothingOfCards(t *testing.T) {
	w := start(t, company(40, 14))
	e := w.ready()
	w.printed(e)
	_, err := w.makes(e, w.people(12, 24))
	require.NoError(t, err)
	_, err = w.parts.DB.Collection("sheets").UpdateMany(t.Context(), bson.D{}, bson.D{{Key: "$set", Value: bson.D{{Key: "until", Value: "2027-12-31"}}}})
	require.NoError(t, err) // as if the clock had been wrong
	w.opens()
	w.votes(func(i int) string { return w.nantes(i + 24) }, 12, 3, 9, "")
	during := w.copyAll()
	require.Len(t, during.collections["sheets"], 2)
	w.closes(e)
	require.Empty(t, w.copyAll().collections["sheets"])
	require.Empty(t, broken(w.inspect()))
	for _, doc := range during.collections["sheets"] {
		_, err := w.parts.DB.Collection("sheets").InsertOne(t.Context(), doc)
		require.NoError(t, err)
	}
	require.Contains(t, broken(w.inspect())[inspection.Forgotten],
		inspection.Breach{What: inspection.CardLeft, Collection: "sheets", Edition: e.GetName(), Documents: 2})
}

// Whoever has copies of everything finds neither a code nor whose card is whose; and reading a card leaves no mark, be there one or not.
func TestCopiesTellNeitherCodesNorWhoseCardIsWhose(t *testing.T) {
	v := watch(t, 30, 14)
	e := v.ready()
	before := v.logs.Len()
	codes := v.printed(e)
	for _, entry := range v.logs.All()[before:] {
		said := fmt.Sprint(entry.Message, entry.ContextMap())
		for _, secret := range slices.Concat(v.people(0, 12), codes) {
			require.NotContains(t, said, secret)
			require.NotContains(t, said, strings.ReplaceAll(secret, " ", ""))
		}
	}
	v.opens()
	v.holds(v.nantes(20)) // took a token by themselves
	logs, spans, measures := v.logs.Len(), len(v.spans.Ended()), v.measured()
	events := len(v.copyAll().events)
	first, _, ok := v.opened(e, codes[0])
	require.True(t, ok)
	unknown := card.Draw().Typed()
	_, nothing := v.reads(e, unknown)
	_, again := v.reads(e, unknown)
	require.Equal(t, nothing, again, "asking twice tells no more than asking once")
	_, other := v.reads(e, card.Draw().Typed())
	require.NotEqual(t, nothing, other)
	require.Len(t, nothing, card.SealedBytes)
	for what, asked := range map[string]string{
		"nonsense": "nonsense", "longer": strings.Repeat("a", 200), "no edition": uuid.NewString() + "/" + strings.Repeat("a", 32),
	} {
		status, answer, err := v.parts.Peers.ReadCard(t.Context(), []byte(asked))
		require.NoError(t, err)
		require.Contains(t, []int{http.StatusBadRequest, http.StatusNotFound}, status, what)
		require.Contains(t, string(answer), `"error"`)
	}
	require.Equal(t, logs, v.logs.Len())
	require.Len(t, v.spans.Ended(), spans)
	require.Equal(t, measures, v.measured())
	all := v.copyAll()
	require.Len(t, all.events, events)

	for name, docs := range all.collections {
		for _, doc := range docs {
			for _, code := range codes {
				require.False(t, bytes.Contains(doc, []byte(code)) || bytes.Contains(doc, []byte(strings.ReplaceAll(code, " ", ""))), "a code lies in %s", name)
			}
			require.False(t, bytes.Contains(doc, first.message), "a token lies in %s", name)
			require.NotContains(t, string(doc), base64.RawURLEncoding.EncodeToString(first.message))
		}
	}
	for _, doc := range all.collections["sheets"] {
		tellsNoTime(t, "sheets", doc)
		for _, person := range v.people(0, 30) {
			require.NotContains(t, doc.String(), person)
		}
	}
	for _, ev := range all.events {
		for _, code := range codes {
			require.False(t, bytes.Contains(ev.Data, []byte(code)) || bytes.Contains(ev.Data, []byte(strings.ReplaceAll(code, " ", ""))), "a code was told")
		}
	}
	// Of which card is whose nothing is left. Who has one HR knows, and is seen by their being told of from the first day.
	marks := map[string]int{}
	for _, doc := range all.collections["electors"] {
		require.True(t, doc.Lookup("sheet").IsZero())
		if blinded, ok := doc.Lookup("blinded").StringValueOK(); ok {
			require.Len(t, blinded, 64)
			marks[blinded]++
		}
	}
	require.Len(t, marks, 13)
}

// A kiosk is told what is voted in now, and nothing of anybody.
func TestTheKioskIsOpenWhileTheEditionIs(t *testing.T) {
	w := start(t, company(30, 14))
	kiosk := func() *barometerv1.GetKioskResponse {
		res, err := w.parts.Peers.Cards().GetKiosk(w.asService(), &barometerv1.GetKioskRequest{Language: "en"})
		require.NoError(t, err)
		return res
	}
	require.Empty(t, kiosk().GetEditionId())
	e := w.ready()
	require.Empty(t, kiosk().GetEditionId())
	w.opens()
	require.Equal(t, e.GetId(), kiosk().GetEditionId())
	require.Len(t, kiosk().GetThemes(), 7)
	_, err := w.parts.Peers.Cards().GetKiosk(w.as(w.nantes(0)), &barometerv1.GetKioskRequest{Language: "en"})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	w.clock.Set(time.Date(2027, 1, 1, 9, 0, 0, 0, time.UTC))
	w.settle()
	require.Empty(t, kiosk().GetEditionId())
}
