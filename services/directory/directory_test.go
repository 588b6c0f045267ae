package directory_test

import (
	"sync"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/services/directory"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestAnImportBecomesEventsOnTheBus(t *testing.T) {
	in := install(t)
	report := in.take(t, october, asOf("2026-10-01"))
	require.Equal(t, directoryv1.ImportReport_OUTCOME_APPLIED, report.GetOutcome())
	require.True(t, report.GetBaseline())
	require.Equal(t, int32(4), report.GetAdded())
	require.Equal(t, int32(2), report.GetWarnings(), "one for each new store")
	require.Equal(t, map[string]int{"UnitsChanged": 1, "PeopleRegistered": 1}, types(in.events(t)))

	report = in.take(t, november)
	require.Equal(t, "2026-11-02", report.GetAsOf(), "today, by the clock")
	require.Equal(t, []int32{1, 1, 1, 1, 1}, []int32{report.GetAdded(), report.GetChanged(), report.GetMoved(), report.GetEnded(), report.GetUnchanged()})
	events := in.events(t)
	require.Equal(t, map[string]int{"UnitsChanged": 1, "PeopleRegistered": 1, "PeopleHired": 1, "PeopleMoved": 1, "PeopleLeft": 1, "PeopleUpdated": 1}, types(events), "a new job is told, too")
	for _, e := range events {
		require.NotContains(t, string(e.Data), "Jeanne")
		require.NotContains(t, string(e.Data), "exemple.fr")
		require.Equal(t, "directory", e.Source)
		if e.Type == "jalon.directory.v1.PeopleMoved" {
			var moved directoryv1.PeopleMoved
			require.NoError(t, e.Decode(&moved))
			require.Equal(t, "2026-11-02", moved.GetMoves()[0].GetMovedOn())
			person := moved.GetMoves()[0].GetPerson()
			require.Equal(t, int64(2), person.GetVersion())
			require.Len(t, person.GetUnitPath(), 3)
			require.Equal(t, "Europe/Paris", person.GetTimeZone())
		}
	}

	report = in.take(t, november)
	require.Equal(t, int32(5), report.GetUnchanged())
	require.Len(t, in.events(t), len(events), "the same file again tells nothing")

	list, err := in.client.ListImports(hr(t.Context()), &directoryv1.ListImportsRequest{})
	require.NoError(t, err)
	require.Len(t, list.GetImports(), 3)
}

func TestARefusedFileChangesNothing(t *testing.T) {
	in := install(t)
	broken := october + ";PERSONNE;Sans;;;Nantes;Vélo;Vendeur;13/02/2021;\n"
	report := in.take(t, broken)
	require.Equal(t, directoryv1.ImportReport_OUTCOME_REFUSED, report.GetOutcome())
	require.Equal(t, int32(1), report.GetRejected())
	require.Empty(t, in.events(t))

	report = in.take(t, "name,kind\nNantes,store\n")
	require.Equal(t, directoryv1.ImportReport_OUTCOME_REFUSED, report.GetOutcome())
	require.Equal(t, "column_missing", report.GetRefusal().GetCode())

	report = in.take(t, october, func(r *directoryv1.ImportPeopleRequest) { r.DryRun = true })
	require.Equal(t, directoryv1.ImportReport_OUTCOME_DRY_RUN, report.GetOutcome())
	require.Equal(t, int32(4), report.GetAdded())
	require.Empty(t, in.events(t))

	report = in.take(t, broken, func(r *directoryv1.ImportPeopleRequest) { r.SkipRejected = true })
	require.Equal(t, directoryv1.ImportReport_OUTCOME_APPLIED, report.GetOutcome())
	require.Equal(t, int32(4), report.GetAdded())

	report = in.take(t, october, asOf("2026-10-01"))
	require.Equal(t, directoryv1.ImportReport_OUTCOME_REFUSED, report.GetOutcome())
	require.Equal(t, "file_older", report.GetRefusal().GetCode())

	list, err := in.client.ListImports(hr(t.Context()), &directoryv1.ListImportsRequest{})
	require.NoError(t, err)
	require.Len(t, list.GetImports(), 1, "what was refused was not imported")
	require.Len(t, list.GetImports()[0].GetProblems(), 3)
}

func TestTheSameFileTwiceAtTheSameMomentDoublesNothing(t *testing.T) {
	in := install(t)
	file := crowd(2500, "Vendeur")
	var wg sync.WaitGroup
	failures := make([]error, 4)
	for i := range failures {
		wg.Go(func() {
			_, failures[i] = in.client.ImportPeople(hr(t.Context()), &directoryv1.ImportPeopleRequest{File: []byte(file)})
		})
	}
	wg.Wait()
	done := 0
	for _, err := range failures {
		if err == nil {
			done++
			continue
		}
		require.Equal(t, connect.CodeAborted, connect.CodeOf(err))
		require.ErrorContains(t, err, "another import is running")
	}
	require.Positive(t, done)
	people, err := in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{PageSize: 1})
	require.NoError(t, err)
	require.Equal(t, int32(2500), people.GetTotalSize())
	require.Equal(t, map[string]int{"UnitsChanged": 1, "PeopleRegistered": 3}, types(in.events(t)))
}

func TestPeopleAreFoundByTheBeginningOfAnyNameOrTheirNumber(t *testing.T) {
	in := install(t)
	in.take(t, october)
	for query, want := range map[string]string{
		"léa": "002", "LEA": "002", "bri": "002", "o'brien": "002", "obrien": "002", "lea o": "002", "noel": "003", "004": "004", "joly": "004",
		"=1+1": "004", "rien": "", "04": "", "lea noel": "", ".*": "", "": "002 004 003 001",
	} {
		res, err := in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{Query: query})
		require.NoError(t, err)
		if query == "" {
			require.Len(t, res.GetPeople(), 4)
			continue
		}
		if want == "" {
			// ".*" has no word in it: it finds nobody rather than everybody.
			require.Empty(t, res.GetPeople(), "%q", query)
			continue
		}
		require.Len(t, res.GetPeople(), 1, "%q", query)
		require.Equal(t, want, res.GetPeople()[0].GetNumber(), "%q", query)
	}
	found, err := in.client.FindPerson(hr(t.Context()), &directoryv1.FindPersonRequest{Number: "004"})
	require.NoError(t, err)
	require.Equal(t, "<b>JOLY</b>", found.GetPerson().GetFamilyName(), "names are data; who shows them escapes them")
	_, err = in.client.FindPerson(hr(t.Context()), &directoryv1.FindPersonRequest{Number: "4"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
}

func TestListsArePagedAndFilteredByUnitAndManager(t *testing.T) {
	in := install(t)
	in.take(t, crowd(130, "Vendeur"))
	seen := map[string]bool{}
	req := &directoryv1.ListPeopleRequest{PageSize: 30}
	last := ""
	for {
		res, err := in.client.ListPeople(hr(t.Context()), req)
		require.NoError(t, err)
		require.Equal(t, int32(130), res.GetTotalSize())
		for _, p := range res.GetPeople() {
			require.False(t, seen[p.GetId()])
			seen[p.GetId()] = true
			require.LessOrEqual(t, last, p.GetFamilyName())
			last = p.GetFamilyName()
		}
		if req.PageToken = res.GetNextPageToken(); req.GetPageToken() == "" {
			break
		}
	}
	require.Len(t, seen, 130)

	req = &directoryv1.ListPeopleRequest{PageSize: 30}
	page, err := in.client.ListPeople(hr(t.Context()), req)
	require.NoError(t, err)
	_, err = in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{Query: "nom", PageToken: page.GetNextPageToken()})
	require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err), "a token belongs to its question")

	tree, err := in.client.ListUnits(hr(t.Context()), &directoryv1.ListUnitsRequest{})
	require.NoError(t, err)
	company := tree.GetUnits()[0]
	require.Equal(t, "company", company.GetKind())
	for _, u := range tree.GetUnits() {
		res, err := in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{UnitId: u.GetId()})
		require.NoError(t, err)
		switch u.GetName() {
		case "Entreprise":
			require.Equal(t, int32(130), res.GetTotalSize())
		case "Magasin 3":
			require.Equal(t, int32(4), res.GetTotalSize(), "people 3, 43, 83 and 123, in their teams")
		}
	}
	boss, err := in.client.FindPerson(hr(t.Context()), &directoryv1.FindPersonRequest{Number: "000000"})
	require.NoError(t, err)
	res, err := in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{ManagerId: boss.GetPerson().GetId()})
	require.NoError(t, err)
	require.Equal(t, int32(129), res.GetTotalSize())
	res, err = in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{UnitId: "nowhere"})
	require.NoError(t, err)
	require.Zero(t, res.GetTotalSize())
}

func TestASnapshotHoldsEverybodyAndEveryUnitOnce(t *testing.T) {
	in := install(t)
	in.take(t, crowd(25, "Vendeur"))
	asService := identity.AsService(t.Context(), "moments")
	req, seen, units := &directoryv1.SnapshotRequest{PageSize: 10}, map[string]bool{}, 0
	for {
		res, err := in.client.Snapshot(asService, req)
		require.NoError(t, err)
		units += len(res.GetUnits())
		for _, p := range res.GetPeople() {
			require.False(t, seen[p.GetId()])
			seen[p.GetId()] = true
			require.Len(t, p.GetUnitPath(), 3)
			require.Equal(t, "Europe/Paris", p.GetTimeZone())
		}
		if req.PageToken = res.GetNextPageToken(); req.GetPageToken() == "" {
			break
		}
	}
	require.Len(t, seen, 25)
	require.Equal(t, 1+25+25, units)
}

func TestWhoMaySeeWhom(t *testing.T) {
	in := install(t)
	in.take(t, october)
	id := func(number string) string {
		res, err := in.client.FindPerson(hr(t.Context()), &directoryv1.FindPersonRequest{Number: number})
		require.NoError(t, err)
		return res.GetPerson().GetId()
	}
	director, lea, benoit := id("001"), id("002"), id("003")
	get := func(actor identity.Actor, ids ...string) error {
		_, err := in.client.BatchGetPeople(identity.NewContext(t.Context(), actor), &directoryv1.BatchGetPeopleRequest{Ids: ids})
		return err
	}
	require.NoError(t, get(identity.Actor{PersonID: lea}, lea))
	require.NoError(t, get(identity.Actor{PersonID: director}, lea, benoit))
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(get(identity.Actor{PersonID: lea}, lea, benoit)))
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(get(identity.Actor{PersonID: lea}, director)))

	res, err := in.client.BatchGetPeople(identity.AsService(t.Context(), "portal"), &directoryv1.BatchGetPeopleRequest{Ids: []string{lea, "nobody"}})
	require.NoError(t, err)
	require.Len(t, res.GetPeople(), 1, "unknown ids are left out")

	team := func(actor, manager string) error {
		_, err := in.client.ListPeople(identity.NewContext(t.Context(), identity.Actor{PersonID: actor}), &directoryv1.ListPeopleRequest{ManagerId: manager})
		return err
	}
	require.NoError(t, team(director, director))
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(team(lea, director)))
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(team(director, "")))

	_, err = in.client.ImportPeople(identity.NewContext(t.Context(), identity.Actor{PersonID: director}), &directoryv1.ImportPeopleRequest{File: []byte(october)})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	_, err = in.client.Snapshot(hr(t.Context()), &directoryv1.SnapshotRequest{})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}

func TestRequestsThatMakeNoSenseAreNamed(t *testing.T) {
	in := install(t)
	_, err := in.client.ImportPeople(hr(t.Context()), &directoryv1.ImportPeopleRequest{File: []byte(october), AsOf: "2026-02-30"})
	require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err))
	_, err = in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{PageToken: "forged"})
	require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err))
}

func TestAConfigurationTellsAllThatIsWrongAtOnce(t *testing.T) {
	err := directory.Config{TimeZone: "Paris", Language: "de", MaxEnded: 2}.Validate()
	for _, name := range []string{"JALON_COMPANY", "JALON_TIME_ZONE", "JALON_LANGUAGE", "JALON_IMPORT_MAX_ENDED"} {
		require.ErrorContains(t, err, name)
	}
	require.NoError(t, directory.DefaultConfig().Validate())
}
