package oidc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"go.uber.org/zap"
	"golang.org/x/oauth2"
)

const (
	// A provider that does not answer must not hold a page for long.
	patience = 5 * time.Second
	// Between two tries to reach a provider that did not answer.
	rest = 2 * time.Second
	// ReturnPath is where the provider sends browsers back to.
	ReturnPath = "/signin/company/return"
)

// ErrUnavailable says that the provider does not answer now.
var ErrUnavailable = errors.New("the company's sign-in does not answer")

// Provider is the company's. It is found when first needed, and looked for again as long as it does not answer: Jalon starts
// and serves whoever is signed in without it.
type Provider struct {
	settings Settings
	public   string
	client   *http.Client
	log      *zap.Logger

	mu       sync.Mutex
	found    *provider
	failure  error
	failedAt time.Time
}

// provider is what discovery tells.
type provider struct {
	*oidc.Provider
	oauth      oauth2.Config
	endSession *url.URL // nil where the provider knows no sign-out
}

// New returns the provider of the settings, or nil when there is none. It asks nothing of the network.
func New(settings Settings, publicURL string, log *zap.Logger) (*Provider, error) {
	if !settings.Configured() {
		return nil, nil //nolint:nilnil // no provider is a usual case, and the zero settings say so
	}
	if err := settings.Check(publicURL); err != nil {
		return nil, err
	}
	settings.Claim = cmp.Or(settings.Claim, ByEmail)
	return &Provider{settings: settings, public: publicURL, client: &http.Client{Timeout: patience}, log: log}, nil
}

// Keep looks for the provider until it answers or ctx ends, so that the first person finds it ready.
func (p *Provider) Keep(ctx context.Context) {
	for {
		if _, err := p.discover(ctx); err == nil {
			return
		}
		select {
		case <-time.After(10 * rest):
		case <-ctx.Done():
			return
		}
	}
}

// discover returns what the provider tells about itself, asking once. Many asking at the same time wait for one answer.
func (p *Provider) discover(ctx context.Context) (*provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if p.failure != nil && time.Since(p.failedAt) < rest {
		return nil, p.failure
	}
	// Whoever asked may give up; the others who wait for the answer must not suffer from it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	found, err := p.ask(ctx)
	if err != nil {
		p.failure, p.failedAt = fmt.Errorf("%w: %w", ErrUnavailable, err), time.Now()
		p.log.Warn("the company's sign-in does not answer", zap.Error(err))
		return nil, p.failure
	}
	p.found = found
	return found, nil
}

func (p *Provider) ask(ctx context.Context) (*provider, error) {
	discovered, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.settings.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discovering: %w", err)
	}
	found := &provider{Provider: discovered, oauth: oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, Endpoint: discovered.Endpoint(),
		RedirectURL: p.public + ReturnPath, Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := discovered.Claims(&more); err != nil {
		return nil, fmt.Errorf("reading the discovery document: %w", err)
	}
	if u, err := url.Parse(more.EndSession); err == nil && u.Host != "" && (u.Scheme == "https" || loopback(u)) {
		found.endSession = u
	}
	return found, nil
}

// SignOutURL is where a browser ends the provider's own session and comes back to back; empty where the provider has no such
// address or was not found yet.
func (p *Provider) SignOutURL(idToken, back string) string {
	end := p.endSession()
	if end == nil {
		return ""
	}
	address := *end
	query := address.Query()
	query.Set("client_id", p.settings.ClientID)
	query.Set("post_logout_redirect_uri", p.public+back)
	if idToken != "" {
		query.Set("id_token_hint", idToken)
	}
	address.RawQuery = query.Encode()
	return address.String()
}

// SignOutOrigin is the origin of SignOutURL's addresses, to which a sign-out form has to be let lead; empty where there is none.
func (p *Provider) SignOutOrigin() string {
	end := p.endSession()
	if end == nil {
		return ""
	}
	return end.Scheme + "://" + end.Host
}

func (p *Provider) endSession() *url.URL {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		return nil
	}
	return p.found.endSession
}
