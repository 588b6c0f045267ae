package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"jalon.dev/pkg/rpc"
	"jalon.dev/services/barometer/inspection"
	"jalon.dev/services/jalon/internal/standalone"
	"jalon.dev/services/portal"
)

// What a works council can count on beside what is stored.
const (
	// promiseIntake: where ballots are cast, nobody is recognised or marked.
	promiseIntake inspection.Promise = "intake"
	// promiseMeasures: what the server counts of itself says nothing of ballots.
	promiseMeasures inspection.Promise = "measures"
	// promiseScripts: the scripts of the pages on which people vote are those that were built into this program.
	promiseScripts inspection.Promise = "scripts"
)

// What their breaches are.
const (
	seenMark         = "marked"         // the answer marks whoever asked
	seenRecognised   = "recognised"     // whoever comes with a session is answered otherwise
	seenOtherAnswer  = "other_answer"   // nonsense is not refused as it should be
	seenMeasured     = "measured"       // ballots are counted by the minute
	seenOtherScript  = "other_script"   // another script is served
	seenScriptAbsent = "script_missing" // none is served, or none was built in
)

const (
	// ballotBytes is the length of every ballot on its way, and cardBytes of every request for what a printed card opens.
	ballotBytes = 16 << 10
	cardBytes   = 69
	// mostScript is more than any script has.
	mostScript = 8 << 20
)

type ballotProbe struct{ address, metrics string }

// marks are parts of headers by which an answer could mark whoever asked.
var marks = []string{"cookie", "trace", "request-id", "correlation", "session", "etag"}

// intake looks at where ballots are cast, and where printed cards are read.
func (p ballotProbe) intake(ctx context.Context) (inspection.Finding, error) {
	f := inspection.Finding{Promise: promiseIntake}
	breach := func(what, field string) {
		if b := (inspection.Breach{What: what, Field: field}); !slices.Contains(f.Breaches, b) {
			f.Breaches = append(f.Breaches, b)
		}
	}
	for path, length := range map[string]int{rpc.BallotsPath: ballotBytes, rpc.CardsPath: cardBytes} {
		if err := p.nonsense(ctx, path, length, breach); err != nil {
			return f, err
		}
	}
	f.Kept = len(f.Breaches) == 0
	return f, nil
}

// nonsense brings two requests that are none: one as a browser does, one with everything by which somebody could be recognised.
func (p ballotProbe) nonsense(ctx context.Context, path string, length int, breach func(what, field string)) error {
	plain, err := p.cast(ctx, path, length, nil)
	if err != nil {
		return err
	}
	if plain.code != http.StatusBadRequest || !strings.Contains(plain.content, `"malformed"`) {
		breach(seenOtherAnswer, plain.status)
	}
	for name := range plain.header {
		for _, mark := range marks {
			if strings.Contains(strings.ToLower(name), mark) {
				breach(seenMark, name)
			}
		}
	}
	known, err := p.cast(ctx, path, length, http.Header{
		"Cookie": {"jalon_session=probe"}, "Authorization": {"Bearer probe"}, "Traceparent": {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
	})
	if err != nil {
		return err
	}
	if known.code != plain.code || known.content != plain.content {
		breach(seenRecognised, known.status)
	}
	return nil
}

// answered is what the server said.
type answered struct {
	code    int
	status  string
	header  http.Header
	content string
}

// cast brings a ballot that is none, or a card's place: as long as each of them is, and without a token.
func (p ballotProbe) cast(ctx context.Context, path string, length int, header http.Header) (answered, error) {
	nonsense := bytes.Repeat([]byte{'x'}, length)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address+path, bytes.NewReader(nonsense))
	if err != nil {
		return answered{}, fmt.Errorf("asking where ballots are cast: %w", err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	return p.ask(request, rpc.MaxBallotBytes)
}

func (p ballotProbe) ask(request *http.Request, most int64) (answered, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answered{}, fmt.Errorf("no Jalon answers at %s: start it, or set JALON_ADDR to where it listens: %w", p.address, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return answered{}, fmt.Errorf("reading an answer of %s: %w", p.address, err)
	}
	return answered{response.StatusCode, response.Status, response.Header, string(content)}, nil
}

// measures looks whether the server's figures about itself, where it shows them, know of ballots: a count that rises tells when.
func (p ballotProbe) measures(ctx context.Context) (inspection.Finding, error) {
	f := inspection.Finding{Promise: promiseMeasures, Kept: true}
	if p.metrics == "" {
		return f, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, standalone.Settings{Address: p.metrics}.LocalURL()+"/metrics", nil)
	if err != nil {
		return f, fmt.Errorf("reading the server's figures: %w", err)
	}
	figures, err := p.ask(request, mostScript)
	if err != nil {
		return f, err
	}
	for line := range strings.Lines(figures.content) {
		if !strings.HasPrefix(line, "#") && strings.Contains(strings.ToLower(line), "ballot") {
			name, _, _ := strings.Cut(line, "{")
			f.Kept, f.Breaches = false, append(f.Breaches, inspection.Breach{What: seenMeasured, Field: name})
		}
	}
	return f, nil
}

// scripts compares what is served with what is in this program, byte for byte.
func (p ballotProbe) scripts(ctx context.Context) (inspection.Finding, []servedScript, error) {
	f := inspection.Finding{Promise: promiseScripts}
	built, err := portal.BallotScripts()
	if err != nil {
		return f, nil, err
	}
	if len(built) == 0 {
		f.Breaches = append(f.Breaches, inspection.Breach{What: seenScriptAbsent, Field: "ballot.js"})
	}
	var served []servedScript
	for _, script := range built {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.address+script.Path, nil)
		if err != nil {
			return f, nil, fmt.Errorf("asking for a script: %w", err)
		}
		got, err := p.ask(request, mostScript)
		if err != nil {
			return f, nil, err
		}
		same := got.code == http.StatusOK && got.content == string(script.Content)
		switch {
		case got.code != http.StatusOK:
			f.Breaches = append(f.Breaches, inspection.Breach{What: seenScriptAbsent, Field: script.Name})
		case !same:
			f.Breaches = append(f.Breaches, inspection.Breach{What: seenOtherScript, Field: script.Name})
		}
		served = append(served, servedScript{Name: script.Name, SHA256: script.SHA256, Same: same})
	}
	f.Kept = len(f.Breaches) == 0
	return f, served, nil
}
