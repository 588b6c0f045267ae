package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// importReport is what scripts read of an import; its names are a promise.
type importReport struct {
	Outcome string `json:"outcome"`
	Refusal string `json:"refusal"`
	Counts
	RejectedLines []lineReport `json:"rejected_lines"`
	WarningLines  []lineReport `json:"warning_lines"`
	Omitted       *int         `json:"omitted"`
}

// Counts are the figures of an import.
type Counts struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Moved     int `json:"moved"`
	Ended     int `json:"ended"`
	Unchanged int `json:"unchanged"`
	Rejected  int `json:"rejected"`
	Warnings  int `json:"warnings"`
}

type lineReport struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Reason string `json:"reason"`
}

// imports runs `jalon import people`, and returns what it printed as JSON.
func (i *installation) imports(args ...string) (report importReport, exit int) {
	i.t.Helper()
	stdout, stderr, exit := i.jalon(append([]string{"import", "people", "--json"}, args...)...)
	require.NoError(i.t, json.Unmarshal([]byte(stdout), &report), "%s%s", stdout, stderr)
	return report, exit
}

// An operator brings people in and looks around from the command line. The steps build on each other.
func TestTheCommandLine(t *testing.T) {
	t.Parallel()
	i := standalone(t, tuesday).ready()
	october, november := octoberCompany(), novemberCompany()
	baseline := Counts{Added: len(october), Warnings: len(stores)} // each store is new, and must be placed

	t.Run("a dry run counts and changes nothing", func(t *testing.T) {
		for range 2 {
			report, exit := i.imports("--dry-run", "--as-of", "2026-10-01", export(t, "october.csv", october))
			require.Zero(t, exit)
			require.Equal(t, "dry_run", report.Outcome)
			require.Equal(t, baseline, report.Counts)
		}
	})
	t.Run("an import counts what it did", func(t *testing.T) {
		report, exit := i.imports("--as-of", "2026-10-01", export(t, "october.csv", october))
		require.Zero(t, exit)
		require.Equal(t, "applied", report.Outcome)
		require.Equal(t, baseline, report.Counts)

		report, exit = i.imports("--as-of", "2026-11-02", export(t, "november.csv", november))
		require.Zero(t, exit)
		require.Equal(t, Counts{Added: 6, Moved: 1, Ended: 1, Unchanged: len(october) - 2}, report.Counts)

		report, exit = i.imports("--as-of", "2026-11-02", export(t, "november.csv", november))
		require.Zero(t, exit)
		require.Equal(t, Counts{Unchanged: len(november)}, report.Counts, "importing again changes nothing")
	})
	t.Run("an older file is refused unless confirmed", func(t *testing.T) {
		file := export(t, "older.csv", november)
		report, exit := i.imports("--as-of", "2026-10-15", file)
		require.Equal(t, 2, exit)
		require.Equal(t, "refused", report.Outcome)
		report, exit = i.imports("--as-of", "2026-10-15", "--confirm", file)
		require.Zero(t, exit)
		require.Equal(t, "applied", report.Outcome)
	})
	t.Run("a rejected line refuses the file unless skipped", func(t *testing.T) {
		broken := append(hires(2, "03/11/2026"), employee{given: "Sans", family: "Matricule", store: stores[0], service: services[0], hired: "03/11/2026"})
		broken[0].number, broken[1].number = "E0201", "E0202"
		broken[1].manager = "E9999"
		file := export(t, "broken.csv", broken)

		report, exit := i.imports("--as-of", "2026-11-03", file)
		require.Equal(t, 2, exit)
		require.Equal(t, "refused", report.Outcome)
		require.Len(t, report.RejectedLines, 1)
		require.Equal(t, 4, report.RejectedLines[0].Line)
		require.Equal(t, "Matricule", report.RejectedLines[0].Column)
		require.NotEmpty(t, report.RejectedLines[0].Reason)
		require.Len(t, report.WarningLines, 1, "the unknown manager")
		require.Equal(t, 3, report.WarningLines[0].Line)

		_, exit = i.imports("--as-of", "2026-11-03", "--dry-run", file)
		require.Equal(t, 2, exit, "a dry run tells the same")

		report, exit = i.imports("--as-of", "2026-11-03", "--skip-rejected", file)
		require.Zero(t, exit)
		require.Equal(t, 2, report.Added)
		require.Equal(t, 1, report.Rejected)
		require.Equal(t, 1, report.Warnings)
	})
	t.Run("each rejected line is told, however many they are", func(t *testing.T) {
		report, exit := i.imports("--as-of", "2026-11-03", export(t, "numberless.csv", make([]employee, 2500)))
		require.Equal(t, 2, exit)
		require.Equal(t, 2500, report.Rejected)
		require.Len(t, report.RejectedLines, 2500)
		require.Equal(t, 2501, report.RejectedLines[2499].Line)
		require.Zero(t, *report.Omitted)
	})
	t.Run("an empty file is refused with a report", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "nothing.csv")
		require.NoError(t, os.WriteFile(file, nil, 0o600))
		report, exit := i.imports("--as-of", "2026-11-03", file)
		require.Equal(t, 2, exit)
		require.Equal(t, "refused", report.Outcome)
		require.Contains(t, report.Refusal, "is empty")
		stdout, _, exit := i.jalon("import", "units", "--json", file)
		require.Equal(t, 2, exit)
		require.Contains(t, stdout, `"outcome": "refused"`)
	})
	t.Run("customers are counted, and a wave is replaced when that is said", func(t *testing.T) {
		customers := func(answer string) string {
			file := filepath.Join(t.TempDir(), "panel.csv")
			content := "wave,store,respondent,overall_satisfaction,welcome,availability,competence,recommendation\n2026-2," + stores[0] + ",1,4,4,4,4," + answer + "\n"
			require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
			return file
		}
		for _, step := range []struct {
			args    []string
			outcome string
			exit    int
		}{
			{[]string{"--dry-run", customers("9")}, "dry_run", 0},
			{[]string{customers("11")}, "refused", 2},
			{[]string{customers("9")}, "applied", 0},
			{[]string{customers("9")}, "applied", 0},
			{[]string{customers("8")}, "refused", 2},
			{[]string{"--dry-run", customers("8")}, "dry_run", 2},
			{[]string{"--replace", customers("8")}, "applied", 0},
		} {
			stdout, stderr, exit := i.jalon(append([]string{"import", "customers", "--json"}, step.args...)...)
			require.Equal(t, step.exit, exit, "%v: %s%s", step.args, stdout, stderr)
			require.Contains(t, stdout, `"outcome": "`+step.outcome+`"`)
		}
		stdout, _, exit := i.jalon("import", "customers", customers("11"))
		require.Equal(t, 2, exit)
		require.Contains(t, stdout, "line 2, recommendation: REJECTED: must be a whole number, 0–10, or empty")
	})
	t.Run("a full file that would end too many contracts is refused", func(t *testing.T) {
		report, exit := i.imports("--as-of", "2026-11-03", "--full", export(t, "half.csv", november[:len(november)/2]))
		require.Equal(t, 2, exit)
		require.Equal(t, "refused", report.Outcome)
	})
	t.Run("what is not there fails", func(t *testing.T) {
		_, stderr, exit := i.jalon("import", "people", filepath.Join(t.TempDir(), "nothing.csv"))
		require.Equal(t, 1, exit)
		require.Contains(t, stderr, "nothing.csv")
		_, _, exit = i.jalon("import", "people")
		require.Equal(t, 1, exit)
		_, _, exit = i.jalon("import", "nothing")
		require.Equal(t, 1, exit)
	})
	t.Run("the last events are told as CloudEvents", func(t *testing.T) {
		waitFor(t, "the moments of the hires", func() error {
			stdout, stderr, exit := i.jalon("events", "tail", "--last", "1", "--once", "--type", "jalon.moments.v1.MomentsOpened")
			if exit != 0 || stdout == "" {
				return notYetError(stderr)
			}
			return nil
		})
		stdout, stderr, exit := i.jalon("events", "tail", "--last", "3", "--once")
		require.Zero(t, exit, stderr)
		lines := strings.Split(strings.TrimSpace(stdout), "\n")
		require.Len(t, lines, 3)
		for _, line := range lines {
			var event struct {
				SpecVersion, ID, Type, Source string
				Data                          map[string]any
			}
			require.NoError(t, json.Unmarshal([]byte(line), &event), line)
			require.Equal(t, "1.0", event.SpecVersion)
			require.NotEmpty(t, event.ID)
			require.True(t, strings.HasPrefix(event.Type, "jalon."), event.Type)
			require.NotEmpty(t, event.Data)
		}
		for _, name := range []string{"L'Hostis", "Zoé", "NouveauB"} {
			require.NotContains(t, stdout, name, "names stay in directory")
		}
	})
	t.Run("no event was given up on", func(t *testing.T) {
		stdout, stderr, exit := i.jalon("deadletters", "list")
		require.Zero(t, exit, stderr)
		require.Contains(t, stdout, "No dead letters")
		_, stderr, exit = i.jalon("deadletters", "show", "1")
		require.Equal(t, 1, exit)
		require.NotContains(t, stderr, "internal error")
	})
	t.Run("the doctor finds everything well", func(t *testing.T) {
		stdout, stderr, exit := i.jalon("doctor")
		require.Zero(t, exit, "%s%s", stdout, stderr)
		require.Contains(t, stdout, "running and ready")
		require.Contains(t, stdout, "all handled")
	})
	t.Run("the version is told", func(t *testing.T) {
		stdout, _, exit := i.jalon("version")
		require.Zero(t, exit)
		require.True(t, strings.HasPrefix(stdout, "jalon "), stdout)
	})
	t.Run("the operator's key is its owner's", func(t *testing.T) {
		key := filepath.Join(i.data, "data", "operator.key")
		info, err := os.Stat(key)
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077)
		status, _ := i.stranger().post("/jalon.portal.v1.OperatorService/CreateSignInLink", nil)
		require.NotEqual(t, http.StatusOK, status)
	})
	t.Run("an outside system has a key of its own", func(t *testing.T) {
		key, stderr, exit := i.jalon("apikey", "create", "applicants")
		require.Zero(t, exit, stderr)
		require.Regexp(t, `^jalon_[A-Za-z0-9_-]{43}\n$`, key)
		key = strings.TrimSpace(key)
		require.Equal(t, http.StatusOK, i.declares(key, november[0].number))
		require.Equal(t, http.StatusNotFound, i.declares(key, "nobody"))
		_, _, exit = i.jalon("apikey", "create", "applicants")
		require.Equal(t, 2, exit, "a name serves once")
		stdout, _, exit := i.jalon("apikey", "list")
		require.Zero(t, exit)
		require.Contains(t, stdout, "applicants")
		require.NotContains(t, stdout, key)
		_, stderr, exit = i.jalon("apikey", "revoke", "applicants")
		require.Zero(t, exit, stderr)
		require.Equal(t, http.StatusUnauthorized, i.declares(key, november[0].number))
		_, _, exit = i.jalon("apikey", "revoke", "nobody")
		require.Equal(t, 2, exit)
	})
	t.Run("mail that came back is Jalon's or refused", func(t *testing.T) {
		_, stderr, exit := i.jalon("mail", "bounced", returnedMail(t, "Subject: I am away\n\nUntil Monday.\n"))
		require.Equal(t, 2, exit)
		require.Contains(t, stderr, "RFC 3464")
		_, stderr, exit = i.jalon("mail", "bounced", returnedMail(t, "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"+
			"Reporting-MTA: dns; mail\n\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <a@b>\n\n--b--\n"))
		require.Equal(t, 2, exit)
		require.Contains(t, stderr, "no mail that Jalon knows")
	})

	t.Run("nobody signs in as in a demo", func(t *testing.T) {
		status, _ := i.stranger().post("/signin/demo", url.Values{"person": {"hr:1"}})
		require.GreaterOrEqual(t, status, http.StatusBadRequest)
		status, _ = i.stranger().post("/demo/clock", url.Values{"days": {"1"}})
		require.GreaterOrEqual(t, status, http.StatusBadRequest)
	})
	t.Run("a data folder serves one Jalon at a time", func(t *testing.T) {
		second := i.with("JALON_ADDR=127.0.0.1:0")
		_, stderr, exit := second.jalon("serve")
		require.Equal(t, 1, exit)
		require.Contains(t, stderr, "in use by another Jalon")
	})
	t.Run("without a server it says what to do", func(t *testing.T) {
		i.process("jalon").stop()
		file := export(t, "november.csv", november)
		for _, args := range [][]string{{"import", "people", file}, {"events", "tail", "--once"}, {"deadletters", "list"}, {"signin-link", "--name", "Jeanne", "--hr"}} {
			_, stderr, exit := i.jalon(args...)
			require.Equal(t, 1, exit, args)
			require.Contains(t, stderr, "jalon serve", args)
		}
		_, _, exit := i.jalon("mail", "bounced", returnedMail(t, "Subject: hello\n\n"))
		require.Equal(t, 75, exit, "mail servers try again")
		stdout, _, exit := i.jalon("doctor")
		require.Zero(t, exit)
		require.Contains(t, stdout, "not running")
		_, stderr, exit := i.with("JALON_DATA="+filepath.Join(t.TempDir(), "elsewhere")).jalon("deadletters", "list")
		require.Equal(t, 1, exit)
		require.Contains(t, stderr, "JALON_DATA")
	})
}

func returnedMail(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "returned.eml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// notYetError is a reason to wait on.
type notYetError string

func (e notYetError) Error() string { return "not yet: " + string(e) }

// declares has an outside system declare a training, and returns the answer's status.
func (i *installation) declares(key, number string) int {
	i.t.Helper()
	body := strings.NewReader(`{"keyMoment": "training", "employeeNumber": "` + number + `"}`)
	request, err := http.NewRequestWithContext(i.t.Context(), http.MethodPost, i.url+"/jalon.moments.v1.MomentsService/DeclareMoment", body)
	require.NoError(i.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(i.t, err)
	require.NoError(i.t, answer.Body.Close())
	return answer.StatusCode
}

// with is the installation as a command line with other settings sees it.
func (i *installation) with(env ...string) *installation {
	other := *i
	other.env = append(other.env[:len(other.env):len(other.env)], env...)
	return &other
}
