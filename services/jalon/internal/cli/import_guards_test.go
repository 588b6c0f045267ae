package cli

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// confirmed is what the command line makes of arguments: the file, and what is confirmed.
func confirmed(t *testing.T, args ...string) (path string, request *directoryv1.ImportPeopleRequest, err error) {
	t.Helper()
	request = &directoryv1.ImportPeopleRequest{}
	cmd := importPeopleCommand()
	flag := cmd.Flags().Lookup("confirm")
	require.NotNil(t, flag)
	flag.Value = confirmation{request}
	if err := cmd.ParseFlags(args); err != nil {
		return "", request, err
	}
	path, err = exportPath(cmd.Flags().Args(), request)
	return path, request, err
}

func TestGuardsAreConfirmedAloneOrByTheirNames(t *testing.T) {
	for name, c := range map[string]struct {
		args  []string
		alone bool
		named []string
	}{
		"nothing":                       {[]string{"people.csv"}, false, nil},
		"the one that speaks":           {[]string{"--confirm", "people.csv"}, true, nil},
		"the one that speaks, behind":   {[]string{"people.csv", "--confirm"}, true, nil},
		"by name":                       {[]string{"--confirm=moves", "people.csv"}, false, []string{"moves"}},
		"by names":                      {[]string{"--confirm=older,truncated", "people.csv"}, false, []string{"older", "truncated"}},
		"by names, with a blank":        {[]string{"--confirm", "older,truncated", "people.csv"}, false, []string{"older", "truncated"}},
		"by names, with a blank behind": {[]string{"people.csv", "--confirm", "unnamed"}, false, []string{"unnamed"}},
	} {
		t.Run(name, func(t *testing.T) {
			path, request, err := confirmed(t, c.args...)
			require.NoError(t, err)
			require.Equal(t, "people.csv", path)
			require.Equal(t, c.alone, request.GetConfirm())
			require.Equal(t, c.named, request.GetConfirmGuards())
		})
	}
	for _, args := range [][]string{{"--confirm=everything", "people.csv"}, {"older", "people.csv"}, {"--confirm", "all", "people.csv"}} {
		_, _, err := confirmed(t, args...)
		require.Error(t, err, "%q", args)
	}
}

func TestTheReportNamesTheGuardsAndHowToConfirmThem(t *testing.T) {
	guard := func(name string, yes bool) *directoryv1.ImportGuard {
		return &directoryv1.ImportGuard{Name: name, Problem: &directoryv1.ImportProblem{Reason: "Because of " + name + "."}, Confirmed: yes}
	}
	var out bytes.Buffer
	writeGuards(&out, &directoryv1.ImportReport{Guards: []*directoryv1.ImportGuard{guard("older", true), guard("moves", false)}})
	require.Equal(t, "\nguard older (confirmed): Because of older.\nguard moves: Because of moves.\nIf this is meant: --confirm=older,moves\n", out.String())
	out.Reset()
	writeGuards(&out, &directoryv1.ImportReport{Guards: []*directoryv1.ImportGuard{guard("older", true)}})
	require.NotContains(t, out.String(), "--confirm")
	out.Reset()
	writeGuards(&out, &directoryv1.ImportReport{})
	require.Empty(t, out.String())
}

func TestTheDoctorNamesHolidaysThatNobodyConfigured(t *testing.T) {
	err := unknownCalendars(&directoryv1.ListUnitsResponse{
		Units:            []*directoryv1.Unit{{HolidayCalendar: "BE"}, {HolidayCalendar: "BE"}, {HolidayCalendar: "FR"}},
		UnknownCalendars: []string{"BE"},
	})
	require.ErrorContains(t, err, "BE (units: 2)")
	require.ErrorContains(t, err, "JALON_HOLIDAYS")
}
