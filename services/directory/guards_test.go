package directory_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestAFileOfTomorrowsTomorrowIsRefusedWhateverIsConfirmed(t *testing.T) {
	in := install(t) // it is 2 November 2026
	for _, edit := range []func(*directoryv1.ImportPeopleRequest){
		func(*directoryv1.ImportPeopleRequest) {},
		func(r *directoryv1.ImportPeopleRequest) { r.Confirm = true },
		func(r *directoryv1.ImportPeopleRequest) { r.ConfirmGuards = []string{"older", "file_ahead"} },
		func(r *directoryv1.ImportPeopleRequest) { r.DryRun = true },
	} {
		report := in.take(t, october, asOf("2126-11-03"), edit)
		require.Equal(t, "file_ahead", report.GetRefusal().GetCode())
		require.Contains(t, report.GetRefusal().GetReason(), "today is 2026-11-02")
		require.Empty(t, report.GetGuards())
	}
	require.Empty(t, in.events(t))
	require.Equal(t, "file_ahead", in.take(t, october, asOf("2026-11-04")).GetRefusal().GetCode())
	report := in.take(t, october, asOf("2026-11-03"))
	require.Equal(t, directoryv1.ImportReport_OUTCOME_APPLIED, report.GetOutcome(), "an export may be made before midnight")
}

func TestGuardsAreConfirmedByTheirNames(t *testing.T) {
	in := install(t)
	in.take(t, october, asOf("2026-10-15"))
	only := func(r *directoryv1.ImportPeopleRequest) { r.Full = true }
	lone := header + "001;PICARD;Jeanne;jeanne@exemple.fr;;Nantes;Direction;Directrice;16/11/2015;\n"
	report := in.take(t, lone, asOf("2026-10-01"), only, func(r *directoryv1.ImportPeopleRequest) { r.Confirm = true })
	require.Equal(t, directoryv1.ImportReport_OUTCOME_REFUSED, report.GetOutcome())
	require.Equal(t, "guards_several", report.GetRefusal().GetCode())
	require.Len(t, report.GetGuards(), 2)
	require.Equal(t, []string{"older", "truncated"}, []string{report.GetGuards()[0].GetName(), report.GetGuards()[1].GetName()})

	report = in.take(t, lone, asOf("2026-10-01"), only, func(r *directoryv1.ImportPeopleRequest) { r.ConfirmGuards = []string{"truncated"} })
	require.Equal(t, "file_older", report.GetRefusal().GetCode())
	report = in.take(t, lone, asOf("2026-10-01"), only, func(r *directoryv1.ImportPeopleRequest) { r.ConfirmGuards = []string{"truncated", "older"} })
	require.Equal(t, directoryv1.ImportReport_OUTCOME_APPLIED, report.GetOutcome())
	require.EqualValues(t, 3, report.GetEnded())
	report = in.take(t, october, asOf("2026-10-01"), func(r *directoryv1.ImportPeopleRequest) { r.Confirm = true })
	require.Equal(t, directoryv1.ImportReport_OUTCOME_APPLIED, report.GetOutcome(), "one guard alone needs no name")
}

func TestTheDayOfAMoveIsTold(t *testing.T) {
	const header = "Matricule;Nom;Prénom;Magasin;Matricule manager;Date d'entrée;Date d'effet\n"
	in := install(t)
	in.take(t, header+"1;A;A;Nantes;;05/01/2015;\n2;B;B;Nantes;1;05/01/2015;\n3;C;C;Nantes;1;05/01/2015;\n", asOf("2026-10-01"))
	in.take(t, header+"1;A;A;Nantes;;05/01/2015;\n2;B;B;Rennes;1;05/01/2015;15/10/2026\n3;C;C;Nantes;2;05/01/2015;01/12/2026\n", asOf("2026-11-02"))
	events := in.events(t)
	require.Equal(t, "2026-10-15", newest(t, events, &directoryv1.PeopleMoved{}).GetMoves()[0].GetMovedOn())
	updated := newest(t, events, &directoryv1.PeopleUpdated{})
	require.Equal(t, "2026-12-01", updated.GetChanges()[in.person(t, "3").GetId()].GetManagerChangedOn(), "announced")
}
