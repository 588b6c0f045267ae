// Package portaltest runs a whole portal for tests: real database, bus, sessions and pages; the other services are fakes
// behind the real calls, tokens and policy.
package portaltest

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/natstest"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/telemetry"
	"jalon.dev/services/portal"
)

// OperatorKey opens the portal under test.
const OperatorKey = "the operator's key in tests"

// Portal is one running.
type Portal struct {
	URL    string
	Fakes  *Fakes
	Bus    *bus.Bus
	Clock  *clock.Movable
	People *people.Register
	Demo   *Demo
	DB     *mongo.Database
	// Box takes the ballots that are cast at the portal's own address, or wherever else a test serves it.
	Box *Box
}

// Start runs a portal until the test ends.
func Start(t *testing.T, change ...func(*portal.Config)) *Portal {
	t.Helper()
	events := natstest.Start(t)
	db := mongotest.Database(t)
	signer, err := identity.NewSigner([]byte(strings.Repeat("k", identity.MinKeyBytes)))
	require.NoError(t, err)
	tel, err := telemetry.New(t.Context(), telemetry.Config{Service: "portal"})
	require.NoError(t, err)
	clk := clock.NewFrozen(Today)

	fakes, box := NewFakes(), NewBox()
	network := rpc.NewInProcess(nil)
	peers, err := rpc.NewPeers(network.Addresses(), network, signer, tel)
	require.NoError(t, err)
	fakes.serve(t, network, signer, tel, box)

	parts := service.Parts{
		Name: "portal", DB: db, Bus: events, Clock: clk, Log: zap.NewNop(), Signer: signer, Peers: peers, Telemetry: tel,
	}
	demo := &Demo{clock: clk}
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	cfg := portal.Config{OperatorKey: OperatorKey, PublicURL: address, Demo: demo, Recheck: 50 * time.Millisecond}
	for _, f := range change {
		f(&cfg)
	}
	svc, err := portal.New(parts, cfg)
	require.NoError(t, err)
	network.Handle("portal", svc.Handler())
	require.NoError(t, service.Prepare(t.Context(), parts, svc))

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- svc.Run(ctx) }()
	server.Config.Handler = box.Watch(svc.Handler())
	server.Start()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
		server.Close()
	})
	require.Eventually(t, func() bool { return svc.Ready(ctx) == nil }, 10*time.Second, 5*time.Millisecond)
	p := &Portal{URL: server.URL, Fakes: fakes, Bus: events, Clock: clk, People: people.NewRegister(db), Demo: demo, DB: db, Box: box}
	require.Eventually(t, func() bool { n, err := p.People.Count(ctx); return err == nil && n == len(Cards) }, 10*time.Second, 10*time.Millisecond)
	return p
}

// Browser is somebody with a cookie jar who follows no redirect by themselves.
func (p *Portal) Browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// As is a browser that chose a persona: "hr:id", "manager:id", "employee:id".
func (p *Portal) As(t *testing.T, persona string) *http.Client {
	t.Helper()
	browser := p.Browser(t)
	form := strings.NewReader(url.Values{"person": {persona}}.Encode())
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/signin/demo", form)
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := browser.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	return browser
}

// Demo is demo mode over a frozen clock.
type Demo struct {
	clock *clock.Movable

	mu          sync.Mutex
	done, total int
}

// Set is what Progress tells from now on.
func (d *Demo) Set(done, total int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done, d.total = done, total
}

// Personas are three people of the sample.
func (d *Demo) Personas(context.Context) ([]portal.Persona, error) {
	return []portal.Persona{
		{PersonID: Jeanne, Name: "Jeanne Picard", JobTitle: "Responsable ressources humaines", Kind: portal.PersonaHR},
		{PersonID: Karim, Name: "Karim Duval", JobTitle: "Directeur de magasin", Kind: portal.PersonaManager},
		{PersonID: Lea, Name: "Léa Moreau", JobTitle: "Vendeuse", Kind: portal.PersonaEmployee},
	}, nil
}

// Now is the demo clock.
func (d *Demo) Now() time.Time { return d.clock.Now() }

// Move moves it.
func (d *Demo) Move(_ context.Context, days int) error {
	d.clock.Advance(time.Duration(days) * 24 * time.Hour)
	return nil
}

// Progress is what the test set.
func (d *Demo) Progress() (done, total int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done, d.total
}
