package web

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/policy"
	"jalon.dev/services/portal/internal/i18n"
)

// The log is read by people: whatever may stand in it has words, in both languages. A new page of the console is recorded from
// its first day, so it needs them on that day.
func TestEveryRouteThatIsRecordedHasWords(t *testing.T) {
	catalogue, err := i18n.Load()
	require.NoError(t, err)
	recorded := 0
	for _, route := range policy.Routes() {
		if !recordedPage(route) && (!strings.HasPrefix(route, "/") || !policy.Outside(route)) {
			continue
		}
		recorded++
		for _, lang := range []string{"fr", "en"} {
			require.NotEmpty(t, catalogue.Words(lang, time.UTC).Or("audit_route."+routeKey(route), ""),
				"audit_route.%s is missing in %s.toml", routeKey(route), lang)
		}
	}
	require.Greater(t, recorded, 40)
}
