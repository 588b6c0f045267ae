// Package widget lets pages of other origins show a person's prompts: it decides which origins those are, believes a host's
// server who reads its page, and gives the page a session that reads this person's prompts and nothing else.
package widget

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/portal/internal/live"
)

// MinKeyBytes is the least length of the key that hosts sign with: HMAC-SHA256 loses from less than its output.
const MinKeyBytes = 32

// Settings are what an installation says about hosts. Without origins there is no widget.
type Settings struct {
	// Origins are those whose pages may show prompts, such as "https://intranet.example.com", exactly as browsers write them.
	Origins []string `env:"JALON_WIDGET_ORIGINS"`
	// Key is the secret that the hosts' servers and this installation share.
	Key string `env:"JALON_WIDGET_KEY"`
}

// Check tells everything that is wrong at once, each by the variable that sets it.
func (s Settings) Check(publicURL string) error {
	if len(s.Origins) == 0 && s.Key == "" {
		return nil
	}
	var wrong []error
	for _, origin := range s.Origins {
		if !isOrigin(origin) {
			wrong = append(wrong, fmt.Errorf("JALON_WIDGET_ORIGINS: %q must be an origin as browsers write it, such as https://intranet.example.com, without path or usual port", origin))
		}
	}
	if len(s.Origins) == 0 {
		wrong = append(wrong, errors.New("JALON_WIDGET_ORIGINS: no page may use JALON_WIDGET_KEY: name the intranet's origin, or unset the key"))
	}
	if len(s.Key) < MinKeyBytes {
		wrong = append(wrong, fmt.Errorf("JALON_WIDGET_KEY: has %d characters: at least %d are needed, the same as on the intranet's server", len(s.Key), MinKeyBytes))
	}
	if u, err := url.Parse(publicURL); err != nil || u.Host == "" {
		wrong = append(wrong, errors.New("JALON_PUBLIC_URL: is needed with JALON_WIDGET_ORIGINS: tokens are made for that address"))
	}
	return errors.Join(wrong...)
}

// isOrigin: browsers write origins in lower case and leave the usual port out.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || strings.Contains(u.Host, "*") ||
		text != strings.ToLower(u.Scheme+"://"+u.Host) {
		return false
	}
	return u.Scheme == "https" && u.Port() != "443" || u.Scheme == "http" && u.Port() != "80"
}

// Widget is what answers hosts' pages.
type Widget struct {
	// Hub holds the streams of hosts' pages, apart from the portal's own: a host's page that opens many takes none away there.
	Hub *live.Hub
	*Store
	*Verifier
	origins []string
}

// New returns the widget of a database; nil where no origin is allowed. Its clock is the real one: tokens come from servers
// that know no demo's clock.
func New(db *mongo.Database, real clock.Clock, settings Settings, publicURL string) (*Widget, error) {
	if err := settings.Check(publicURL); err != nil {
		return nil, err
	}
	if len(settings.Origins) == 0 {
		return nil, nil //nolint:nilnil // no widget is a state, not a failure
	}
	return &Widget{
		Hub: live.NewHub(), Store: NewStore(db, real), origins: slices.Clone(settings.Origins),
		Verifier: NewVerifier([]byte(settings.Key), strings.TrimSuffix(publicURL, "/"), real),
	}, nil
}

// Allows tells whether pages of the origin may show prompts. Only the very same text counts; "null" and "" never do.
func (w *Widget) Allows(origin string) bool {
	return slices.Contains(w.origins, origin)
}

// Review ends, again and again until the context does, the open streams of those who have left.
func (w *Widget) Review(ctx context.Context, every time.Duration, left func(ctx context.Context, person string) (bool, error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		for session, person := range w.Hub.Sessions() {
			// Whoever cannot be asked about is let go too: the page comes back and is asked who it is.
			if gone, err := left(ctx, person); gone || err != nil {
				w.Hub.End(person, session)
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
