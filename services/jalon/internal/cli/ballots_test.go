package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/frenchtest"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/barometer/inspection"
	"jalon.dev/services/portal"
)

func TestTheCheckSpeaksGoodFrench(t *testing.T) { frenchtest.Spaced(t, "ballots_words.go") }

func TestTheCheckHasWordsForEverythingInBothLanguages(t *testing.T) {
	require.Len(t, allBallotWords, 2)
	en, fr := allBallotWords[0], allBallotWords[1]
	for _, promise := range append(inspection.Promises, promiseIntake, promiseMeasures, promiseScripts) {
		require.NotEmpty(t, en.promises[promise], promise)
		require.NotEmpty(t, fr.promises[promise], promise)
	}
	for what := range en.breaches {
		require.NotEmpty(t, fr.breaches[what], what)
	}
	require.Len(t, fr.breaches, len(en.breaches))
	require.Equal(t, strings.Count(en.looked, "%d"), strings.Count(fr.looked, "%d"))
}

func TestTheCheckSpeaksTheLanguageOfItsReader(t *testing.T) {
	for _, c := range []struct{ asked, lcAll, lang, want string }{
		{"", "", "fr_FR.UTF-8", "fr"}, {"", "", "C", "en"}, {"", "", "", "en"}, {"", "en_GB", "fr_FR", "en"}, {"fr", "en_GB", "", "fr"},
	} {
		t.Setenv("LC_ALL", c.lcAll)
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", c.lang)
		words, err := ballotWordsFor(c.asked)
		require.NoError(t, err)
		require.Equal(t, c.want, words.language, "%v", c)
	}
	_, err := ballotWordsFor("de")
	require.EqualError(t, err, `--lang: "de" must be fr or en`)
}

// ballotServer answers as a good one does; wrong changes it.
func ballotServer(t *testing.T, wrong http.HandlerFunc) ballotProbe {
	t.Helper()
	scripts, err := portal.BallotScripts()
	require.NoError(t, err)
	if len(scripts) == 0 {
		t.Skip("the scripts were not built")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+rpc.BallotsPath, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || len(body) != ballotBytes {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"malformed"}`))
	})
	mux.HandleFunc("POST "+rpc.CardsPath, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || len(body) != cardBytes {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"malformed"}`))
	})
	for _, s := range scripts {
		mux.HandleFunc("GET "+s.Path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(s.Content) })
	}
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("# HELP ballots none\njalon_pages_total{page=\"/\"} 3\n"))
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wrong != nil {
			kept := &answers{ResponseWriter: w}
			if wrong(kept, r); kept.answered {
				return
			}
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return ballotProbe{address: server.URL, metrics: strings.TrimPrefix(server.URL, "http://")}
}

// answers notes whether anything was answered.
type answers struct {
	http.ResponseWriter
	answered bool
}

func (k *answers) WriteHeader(status int) {
	k.answered = true
	k.ResponseWriter.WriteHeader(status)
}

func (k *answers) Write(p []byte) (int, error) {
	k.answered = true
	return k.ResponseWriter.Write(p)
}

func (p ballotProbe) seen(t *testing.T) (whats []string) {
	t.Helper()
	intake, err := p.intake(t.Context())
	require.NoError(t, err)
	measures, err := p.measures(t.Context())
	require.NoError(t, err)
	scripts, _, err := p.scripts(t.Context())
	require.NoError(t, err)
	for _, f := range []inspection.Finding{intake, measures, scripts} {
		require.Equal(t, len(f.Breaches) == 0, f.Kept)
		for _, b := range f.Breaches {
			whats = append(whats, b.What)
		}
	}
	return whats
}

func TestAServerThatMarksVotersOrServesAnotherScriptIsFoundOut(t *testing.T) {
	require.Empty(t, ballotServer(t, nil).seen(t))
	for what, wrong := range map[string]http.HandlerFunc{
		seenMark: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.Header().Set("Set-Cookie", "seen=1")
			}
		},
		seenRecognised: func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Cookie") != "" {
				w.WriteHeader(http.StatusForbidden)
			}
		},
		seenRecognised + " at cards": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Cookie") != "" && r.URL.Path == rpc.CardsPath {
				w.WriteHeader(http.StatusForbidden)
			}
		},
		seenMeasured: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/metrics" {
				_, _ = w.Write([]byte("http_requests_total{path=\"/ballots\"} 12\n"))
			}
		},
		seenOtherScript: func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/app.js") {
				_, _ = w.Write([]byte("send(answers, me)"))
			}
		},
		seenScriptAbsent: func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/ballot.js") {
				w.WriteHeader(http.StatusNotFound)
			}
		},
		seenOtherAnswer: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.WriteHeader(http.StatusNoContent)
			}
		},
	} {
		what, _, _ = strings.Cut(what, " ")
		require.Equal(t, []string{what}, ballotServer(t, wrong).seen(t))
	}
}

func TestWhatTheCheckSawIsToldInWordsAndInJSON(t *testing.T) {
	seen := ballotReport{Report: inspection.Report{Editions: 1, Documents: 12, Moving: true, Findings: []inspection.Finding{
		{Promise: inspection.Sealed, Kept: true},
		{Promise: inspection.Nobody, Breaches: []inspection.Breach{{What: inspection.Person, Collection: "ballots", Field: "by", Documents: 3}}},
		{Promise: inspection.Numbers, Breaches: []inspection.Breach{{What: inspection.MoreBallotsThanTokens, Edition: "2026"}}},
	}}, Questionnaire: "abc", Scripts: []servedScript{{Name: "ballot.js", SHA256: "0f"}}}
	var out bytes.Buffer
	words, err := ballotWordsFor("en")
	require.NoError(t, err)
	require.NoError(t, words.write(&out, seen))
	for _, line := range []string{
		"✓ No ballot that waits can be read.\n", "✗ Nothing of it names a person", "    ballots.by: it names a person (documents: 3)\n",
		"    2026: there are more ballots than tokens\n", "  0f  ballot.js\n", "being counted at this moment",
	} {
		require.Contains(t, out.String(), line)
	}
	require.NotContains(t, out.String(), words.kept)
	out.Reset()
	require.NoError(t, encodeJSON(&out, seen))
	var read map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &read))
	for _, field := range []string{"kept", "version", "findings", "editions", "documents", "questionnaire", "scripts"} {
		require.Contains(t, read, field)
	}
}

// A check that could not look is told from one that found something.
func TestACheckThatCannotLookSaysSo(t *testing.T) {
	t.Setenv("MONGODB_URI", "")
	t.Setenv("JALON_DATA", t.TempDir())
	t.Setenv("JALON_ADDR", "127.0.0.1:1")
	var out, wrong bytes.Buffer
	require.Equal(t, exitLater, Run([]string{"ballots", "check"}, &out, &wrong))
	require.Contains(t, wrong.String(), "start the server there first")
	t.Setenv("MONGODB_URI", "mongodb://127.0.0.1:1/")
	wrong.Reset()
	require.Equal(t, exitLater, Run([]string{"ballots", "check"}, &out, &wrong))
	require.Contains(t, wrong.String(), "no Jalon answers at http://127.0.0.1:1: start it")
	require.Empty(t, out.String())
}
