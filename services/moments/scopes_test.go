package moments_test

import (
	"context"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

func (in *installation) holding(role identity.Role, unit string) context.Context {
	return identity.NewContext(in.t.Context(), identity.Actor{PersonID: personID(900), Grants: []identity.Grant{{Role: role, Unit: unit}}})
}

func TestHROfAUnitAndItsDirectorSeeItsMomentsAndResultsOnly(t *testing.T) {
	in := install(t, moments.Config{})
	in.tell(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{
		{Id: "company", Version: 1, Name: "Exemple", Kind: "company"},
		{Id: "store-1", Version: 1, Name: "Nantes", Kind: "store", ParentId: "company"},
		{Id: "store-2", Version: 1, Name: "Rennes", Kind: "store", ParentId: "company"},
	}})
	in.tell(&directoryv1.PeopleHired{People: employees(10, 3, "2026-11-02"), AsOf: "2026-11-02"})
	in.tell(&directoryv1.PeopleHired{People: employees(20, 2, "2026-11-02", "company", "store-2"), AsOf: "2026-11-02"})
	in.settle()
	hrSees, err := in.client().ListMoments(in.hr(), &momentsv1.ListMomentsRequest{UnitId: "store-2"})
	require.NoError(t, err)
	require.NotZero(t, hrSees.GetTotalSize())

	for _, role := range []identity.Role{identity.LocalHR, identity.Director} {
		as := in.holding(role, "store-2")
		list, err := in.client().ListMoments(as, &momentsv1.ListMomentsRequest{})
		require.NoError(t, err)
		require.Equal(t, hrSees.GetTotalSize(), list.GetTotalSize(), "%s: as much as HR sees of the store", role)
		for _, m := range list.GetMoments() {
			require.Contains(t, []string{personID(20), personID(21)}, m.GetPersonId())
		}
		elsewhere, err := in.client().ListMoments(as, &momentsv1.ListMomentsRequest{UnitId: "store-1"})
		require.NoError(t, err)
		require.Empty(t, elsewhere.GetMoments(), "asking for another store shows nothing of it")
		_, err = in.client().ListMoments(as, &momentsv1.ListMomentsRequest{PersonId: personID(20)})
		require.NoError(t, err)
		others, err := in.client().ListMoments(as, &momentsv1.ListMomentsRequest{PersonId: personID(10)})
		require.NoError(t, err)
		require.Empty(t, others.GetMoments())

		got, err := in.client().GetMoment(as, &momentsv1.GetMomentRequest{MomentId: list.GetMoments()[0].GetId()})
		require.NoError(t, err)
		require.Equal(t, role == identity.LocalHR, got.GetMoment().GetCanCancel(), "a director reads")
		_, err = in.client().GetMoment(as, &momentsv1.GetMomentRequest{MomentId: in.momentsOf(personID(10))[0].GetId()})
		require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))

		code := list.GetMoments()[0].GetKeyMoment()
		_, err = in.client().GetResults(as, &momentsv1.GetResultsRequest{KeyMoment: code, UnitId: "store-2"})
		require.NoError(t, err)
		for _, beyond := range []string{"", "company", "store-1", "nowhere"} {
			_, err = in.client().GetResults(as, &momentsv1.GetResultsRequest{KeyMoment: code, UnitId: beyond})
			require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err), "%s of %q", role, beyond)
		}
	}
	declare := &momentsv1.DeclareMomentRequest{KeyMoment: hrSees.GetMoments()[0].GetKeyMoment(), PersonId: personID(10)}
	_, err = in.client().DeclareMoment(in.holding(identity.LocalHR, "store-2"), declare)
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	_, err = in.client().DeclareMoment(in.holding(identity.Director, "store-1"), declare)
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err), "a director reads")
}

func TestAManagerSeesResultsOfTheUnitThatIsTheTeamAndOfNoOther(t *testing.T) {
	in := install(t, visits())
	in.tell(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{
		{Id: "company", Version: 1, Name: "Exemple", Kind: "company"},
		{Id: "bikes", Version: 1, Name: "Vélo", Kind: "team", ParentId: "company"},
		{Id: "boats", Version: 1, Name: "Voile", Kind: "team", ParentId: "company"},
	}})
	paul := identity.NewContext(t.Context(), identity.Actor{PersonID: personID(900)})
	bikers, sailors := employees(1, 6, "2019-05-01", "company", "bikes"), employees(11, 6, "2019-05-01", "company", "boats")
	for _, e := range append(bikers, sailors[:5]...) { // all the bikers, and all the sailors but one
		e.ManagerId = personID(900)
	}
	invitations := in.visited(append(bikers, sailors...)...)
	for i := range bikers {
		_, err := in.answer(i+1, invitations[i], answers("confident", 4, ""))
		require.NoError(t, err)
	}
	in.nightfall()

	own, err := in.client().GetResults(paul, &momentsv1.GetResultsRequest{KeyMoment: "visit", UnitId: "bikes", Language: "en"})
	require.NoError(t, err)
	require.EqualValues(t, 6, own.GetResponses())
	require.Equal(t, figures(in.results("bikes", "")), figures(own), "the unit's figures, as HR reads them")
	for _, beyond := range []string{"", "company", "boats", "nowhere"} {
		_, err = in.client().GetResults(paul, &momentsv1.GetResultsRequest{KeyMoment: "visit", UnitId: beyond})
		require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err), "of %q", beyond)
	}
	biker := identity.NewContext(t.Context(), identity.Actor{PersonID: personID(1)})
	_, err = in.client().GetResults(biker, &momentsv1.GetResultsRequest{KeyMoment: "visit", UnitId: "bikes"})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}
