package directory_test

import (
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

const organisation = "Code;Nom;Type;Parent;Fuseau horaire;Jours fériés\n" +
	"EXS;Exemple Sport;Entreprise;;Europe/Paris;FR\n" +
	"OUEST;Région Ouest;Région;EXS;;\n" +
	"M01;Nantes;Magasin;OUEST;;\n" +
	"M02;Rennes;Magasin;OUEST;Indian/Reunion;\n"

func (in *installation) units(t *testing.T, file string, dryRun bool) *directoryv1.ImportReport {
	t.Helper()
	res, err := in.client.ImportUnits(hr(t.Context()), &directoryv1.ImportUnitsRequest{File: []byte(file), FileName: "units.csv", DryRun: dryRun})
	require.NoError(t, err)
	return res.GetReport()
}

func (in *installation) unit(t *testing.T, name string) *directoryv1.Unit {
	t.Helper()
	res, err := in.client.ListUnits(hr(t.Context()), &directoryv1.ListUnitsRequest{})
	require.NoError(t, err)
	for _, u := range res.GetUnits() {
		if u.GetName() == name {
			return u
		}
	}
	require.Fail(t, "no unit "+name)
	return nil
}

// last returns the newest event.
func last(events []event.Event) event.Event { return events[len(events)-1] }

func TestTheOrganisationIsTakenInWholeOrNotAtAll(t *testing.T) {
	in := install(t)
	in.take(t, october, asOf("2026-10-01"))
	require.True(t, in.unit(t, "Nantes").GetUnplaced())

	report := in.units(t, organisation, true)
	require.Equal(t, directoryv1.ImportReport_OUTCOME_DRY_RUN, report.GetOutcome())
	require.EqualValues(t, 2, report.GetMoved())
	require.Equal(t, "unit_holidays", report.GetReading().GetColumns()[5].GetField())
	require.True(t, in.unit(t, "Nantes").GetUnplaced(), "trying changes nothing")

	report = in.units(t, organisation+"M03;Brest;Magasin;NORD;;\n", false)
	require.Equal(t, directoryv1.ImportReport_OUTCOME_REFUSED, report.GetOutcome())
	require.EqualValues(t, 6, report.GetProblems()[0].GetLine())
	require.Equal(t, "unit_parent_unknown", report.GetProblems()[0].GetCode())
	require.Len(t, in.events(t), 2, "units and people of the first import")

	report = in.units(t, organisation, false)
	require.Equal(t, directoryv1.ImportReport_OUTCOME_APPLIED, report.GetOutcome())
	nantes := in.unit(t, "Nantes")
	require.False(t, nantes.GetUnplaced())
	require.Equal(t, "M01", nantes.GetCode())
	require.Equal(t, in.unit(t, "Région Ouest").GetId(), nantes.GetParentId())
	require.Equal(t, "FR", in.unit(t, "Exemple Sport").GetHolidayCalendar())

	events := in.events(t)
	require.Equal(t, map[string]int{"UnitsChanged": 2, "PeopleRegistered": 1, "PeopleUpdated": 1}, types(events))
	var told directoryv1.PeopleUpdated
	require.NoError(t, last(events).Decode(&told))
	require.Len(t, told.GetPeople(), 4)
	zones := map[string]int{}
	for _, p := range told.GetPeople() {
		require.Len(t, p.GetUnitPath(), 4)
		zones[p.GetTimeZone()]++
	}
	require.Equal(t, map[string]int{"Europe/Paris": 3, "Indian/Reunion": 1}, zones)

	counted, err := in.client.ListUnits(hr(t.Context()), &directoryv1.ListUnitsRequest{CountOn: "2026-11-02"})
	require.NoError(t, err)
	everywhere := 0
	for id, n := range counted.GetPeople() {
		require.NotEqual(t, nantes.GetId(), id, "people are counted in their teams")
		everywhere += int(n)
	}
	require.Equal(t, 4, everywhere)
	counted, err = in.client.ListUnits(hr(t.Context()), &directoryv1.ListUnitsRequest{CountOn: "2016-11-02"})
	require.NoError(t, err)
	require.Len(t, counted.GetPeople(), 1, "only one was there already")

	for _, units := range []bool{true, false} {
		list, err := in.client.ListImports(hr(t.Context()), &directoryv1.ListImportsRequest{Units: units})
		require.NoError(t, err)
		require.Len(t, list.GetImports(), 1, "files of people and files of units are listed apart")
	}

	report = in.units(t, organisation, false)
	require.EqualValues(t, 4, report.GetUnchanged())
	require.Len(t, in.events(t), len(events), "the same file again changes nothing")
	report = in.take(t, october, asOf("2026-10-01"))
	require.EqualValues(t, 4, report.GetUnchanged(), "and a file of units dates no file of people")
	list, err := in.client.ListImports(hr(t.Context()), &directoryv1.ListImportsRequest{})
	require.NoError(t, err)
	require.Len(t, list.GetImports(), 2, "imports of people")
}

func TestAnUnreadableFileOfUnitsIsRefused(t *testing.T) {
	report := install(t).units(t, october, false)
	require.Equal(t, directoryv1.ImportReport_OUTCOME_REFUSED, report.GetOutcome())
	require.Equal(t, "column_missing", report.GetRefusal().GetCode())
	require.Nil(t, report.GetReading())
}

func TestAUnitIsEditedByWhoeverSawItsLatestVersion(t *testing.T) {
	in := install(t)
	in.units(t, organisation, false)
	in.take(t, october, asOf("2026-10-01"))
	nantes := in.unit(t, "Nantes")
	request := func() *directoryv1.UpdateUnitRequest {
		return &directoryv1.UpdateUnitRequest{
			Id: nantes.GetId(), Version: nantes.GetVersion(), Name: "Nantes Centre", Kind: "store",
			ParentId: in.unit(t, "Exemple Sport").GetId(), TimeZone: "Europe/Lisbon", HolidayCalendar: "fr-57",
		}
	}
	first := request()
	res, err := in.client.UpdateUnit(hr(t.Context()), first)
	require.NoError(t, err)
	require.Equal(t, nantes.GetVersion()+1, res.GetUnit().GetVersion())
	require.Equal(t, "FR-57", res.GetUnit().GetHolidayCalendar())
	require.Equal(t, res.GetUnit().GetName(), in.unit(t, "Nantes Centre").GetName())
	events := in.events(t)
	var told directoryv1.PeopleUpdated
	require.NoError(t, last(events).Decode(&told))
	require.Len(t, told.GetPeople(), 3)
	require.Equal(t, "Europe/Lisbon", told.GetPeople()[0].GetTimeZone())

	_, err = in.client.UpdateUnit(hr(t.Context()), first)
	require.True(t, rpc.Is(err, connect.CodeAborted), "%v", err)
	nowhere := request()
	nowhere.Version++
	nowhere.ParentId = "nowhere"
	_, err = in.client.UpdateUnit(hr(t.Context()), nowhere)
	require.Equal(t, "parent_id", rpc.Violations(err)[0].Field)
	unknown := request()
	unknown.Id = "nothing"
	_, err = in.client.UpdateUnit(hr(t.Context()), unknown)
	require.True(t, rpc.Is(err, connect.CodeNotFound), "%v", err)
	_, err = in.client.UpdateUnit(identity.NewContext(t.Context(), identity.Actor{PersonID: "somebody"}), request())
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
	require.Len(t, in.events(t), len(events), "nothing of that was told")
}
