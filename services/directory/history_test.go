package directory_test

import (
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// newest decodes the newest event of the message's type.
func newest[T proto.Message](t *testing.T, events []event.Event, into T) T {
	t.Helper()
	name := string(into.ProtoReflect().Descriptor().FullName())
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Type == name {
			require.NoError(t, events[i].Decode(into))
			return into
		}
	}
	require.Fail(t, "no "+name)
	return into
}

func TestWhatHappensToPeopleIsToldWithItsDate(t *testing.T) {
	const header = "Matricule;Nom;Prénom;Matricule manager;Magasin;Poste;Date d'entrée;Date de promotion;Absence du;Absence au\n"
	file := func(lines ...string) string { return header + strings.Join(lines, "\n") + "\n" }
	in := install(t)
	in.take(t, file("1;CHEF;Zoé;;Nantes;Directrice;05/01/2015;;;", "2;PICARD;Léa;1;Nantes;Vendeuse;07/09/2026;;;",
		"3;NOËL;Ève;1;Nantes;Vendeuse;13/01/2020;;;"), asOf("2026-10-01"))

	in.take(t, file("1;CHEF;Zoé;;Nantes;Directrice;05/01/2015;;;", "2;PICARD;Léa;3;Nantes;Vendeuse;14/09/2026;;;",
		"3;NOËL;Ève;1;Nantes;Responsable;13/01/2020;12/10/2026;15/10/2026;28/10/2026"), asOf("2026-10-15"))
	events := in.events(t)
	promoted := newest(t, events, &directoryv1.PeoplePromoted{})
	require.Len(t, promoted.GetPromotions(), 1)
	require.Equal(t, "2026-10-12", promoted.GetPromotions()[0].GetPromotedOn())
	eve := promoted.GetPromotions()[0].GetPerson()
	onLeave := newest(t, events, &directoryv1.PeopleOnLeave{})
	require.Equal(t, []string{eve.GetId(), "2026-10-15", "2026-10-28"},
		[]string{onLeave.GetPeople()[0].GetId(), onLeave.GetPeople()[0].GetAwayFrom(), onLeave.GetPeople()[0].GetAwayUntil()})
	updated := newest(t, events, &directoryv1.PeopleUpdated{})
	require.Len(t, updated.GetPeople(), 2, "projections hear of both without knowing the newer events")
	lea := in.person(t, "2")
	require.True(t, proto.Equal(&directoryv1.Change{
		ManagerChanged: true, FormerManagerId: in.person(t, "1").GetId(), FormerHiredOn: "2026-09-07", ManagerChangedOn: "2026-10-15",
	}, updated.GetChanges()[lea.GetId()]))
	require.Len(t, updated.GetChanges(), 1)
	require.Zero(t, types(events)["PeopleHired"], "a corrected first day is no arrival")

	in.take(t, file("1;CHEF;Zoé;;Nantes;Directrice;05/01/2015;;;", "2;PICARD;Léa;1;Rennes;Vendeuse;14/09/2026;;;",
		"3;NOËL;Ève;1;Nantes;Responsable;13/01/2020;12/10/2026;;"), asOf("2026-11-02"))
	events = in.events(t)
	back := newest(t, events, &directoryv1.PeopleReturned{}).GetReturns()
	require.Len(t, back, 1)
	require.Equal(t, []string{eve.GetId(), "2026-10-29", "2026-10-15", ""},
		[]string{back[0].GetPerson().GetId(), back[0].GetReturnedOn(), back[0].GetAwayFrom(), back[0].GetPerson().GetAwayFrom()})
	move := newest(t, events, &directoryv1.PeopleMoved{}).GetMoves()[0]
	require.Equal(t, eve.GetId(), move.GetChange().GetFormerManagerId(), "a move names the manager who is left behind")
	require.Equal(t, 1, types(events)["PeoplePromoted"])
}

func (in *installation) person(t *testing.T, number string) *directoryv1.PersonCard {
	t.Helper()
	res, err := in.client.FindPerson(hr(t.Context()), &directoryv1.FindPersonRequest{Number: number})
	require.NoError(t, err)
	return res.GetPerson()
}

func TestAPersonsHistoryIsReadInTheOrderOfItsDates(t *testing.T) {
	const header = "Matricule;Nom;Prénom;Matricule manager;Magasin;Poste;Date d'entrée;Date de sortie;Date de promotion;Absence du;Absence au\n"
	in := install(t)
	in.take(t, header+"1;CHEF;Zoé;;Nantes;Directrice;05/01/2015;;;;\n2;NOËL;Ève;;Nantes;Vendeuse;13/01/2020;;;;\n", asOf("2026-10-01"))
	in.take(t, header+"1;CHEF;Zoé;;Nantes;Directrice;05/01/2015;;;;\n2;NOËL;Ève;1;Rennes;Responsable;20/01/2020;31/12/2026;12/10/2026;15/10/2026;20/12/2026\n", asOf("2026-10-15"))
	boss, eve := in.person(t, "1"), in.person(t, "2")
	res, err := in.client.GetHistory(hr(t.Context()), &directoryv1.GetHistoryRequest{PersonId: eve.GetId()})
	require.NoError(t, err)
	require.Equal(t, "2026-10-15", res.GetAwayFrom())
	require.Equal(t, "2026-12-20", res.GetAwayUntil())
	var told []string
	for _, e := range res.GetEntries() {
		told = append(told, strings.Join([]string{e.GetOn(), e.GetNotedOn(), e.GetWhat(), e.GetFrom(), e.GetTo()}, " "))
	}
	nantes, rennes := in.unit(t, "Nantes").GetId(), in.unit(t, "Rennes").GetId()
	require.Equal(t, []string{
		"2020-01-13 2026-10-01 hired  " + nantes,
		"2026-10-12 2026-10-15 promoted Vendeuse Responsable",
		"2026-10-15 2026-10-15 corrected 2020-01-13 2020-01-20",
		"2026-10-15 2026-10-15 moved " + nantes + " " + rennes,
		"2026-10-15 2026-10-15 manager_changed  " + boss.GetId(),
		"2026-10-15 2026-10-15 on_leave  2026-12-20",
		"2026-12-31 2026-10-15 left  2026-12-31",
	}, told)

	_, err = in.client.GetHistory(hr(t.Context()), &directoryv1.GetHistoryRequest{PersonId: "nobody"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	_, err = in.client.GetHistory(holding(t.Context(), identity.LocalHR, rennes), &directoryv1.GetHistoryRequest{PersonId: eve.GetId()})
	require.NoError(t, err)
	_, err = in.client.GetHistory(holding(t.Context(), identity.LocalHR, nantes), &directoryv1.GetHistoryRequest{PersonId: eve.GetId()})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}
