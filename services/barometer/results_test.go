package barometer_test

import (
	"context"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

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

// A page asks for the units that it shows; what is said of all of them comes along.
func TestOnlyTheUnitsThatAreWantedAreTold(t *testing.T) {
	w := start(t, company(30, 14))
	e := w.launched()
	w.votes(w.nantes, 12, 2, 2, "")
	w.votes(w.vitre, 10, 4, 9, "")
	w.closes(e)
	below := func(want *barometerv1.BelowWanted) (found []string, all *barometerv1.BelowSummary) {
		res, err := w.parts.Peers.Results().GetResults(w.asHR(), &barometerv1.GetResultsRequest{Language: "fr", Below: want})
		require.NoError(t, err)
		require.Equal(t, "2026-11-25", res.GetPublishedOn())
		for _, u := range res.GetBelow() {
			require.Len(t, u.GetThemes(), 7)
			found = append(found, u.GetUnit().GetName())
		}
		return found, res.GetBelowSummary()
	}
	every, all := below(nil)
	require.Equal(t, []string{"Nantes", "Vitré"}, every)
	require.Equal(t, []any{int32(2), int32(2), "store", false}, []any{all.GetAll(), all.GetFound(), all.GetKind(), all.GetRest()})
	require.Positive(t, all.GetReach())
	require.Zero(t, all.GetDetectable(), "there is nothing to compare with")

	one, all := below(&barometerv1.BelowWanted{NameContains: "VITRE", Limit: 50})
	require.Equal(t, []string{"Vitré"}, one)
	require.Equal(t, []int32{2, 1}, []int32{all.GetAll(), all.GetFound()})
	second, all := below(&barometerv1.BelowWanted{OrderBy: "enps", Offset: 1, Limit: 1})
	require.Equal(t, []string{"Vitré"}, second, "the lowest is the first")
	require.EqualValues(t, 2, all.GetFound())
	byTheme, _ := below(&barometerv1.BelowWanted{OrderBy: "pay", Limit: 50})
	require.Equal(t, []string{"Nantes", "Vitré"}, byTheme)
	none, all := below(&barometerv1.BelowWanted{})
	require.Empty(t, none)
	require.EqualValues(t, 2, all.GetAll())
	_, err := w.parts.Peers.Results().GetResults(w.asHR(), &barometerv1.GetResultsRequest{Language: "fr", Below: &barometerv1.BelowWanted{Offset: -1}})
	require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err))
	require.Nil(t, w.results(w.asHR(), "", "nantes").GetBelowSummary(), "nothing is below")
}

func names(path []*barometerv1.UnitName) (names []string) {
	for _, u := range path {
		names = append(names, u.GetName())
	}
	return names
}
