package portal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestPeopleReadTheCompanysRules(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	for _, path := range []string{"/preferences", "/why"} {
		_, body := get(t, lea, site.URL+path)
		require.Contains(t, body, "Questions de toutes sortes\u00a0: 2 au plus sur 7 jours", path)
		require.Contains(t, body, "Questions qui reviennent souvent\u00a0: 1 au plus sur 14 jours", path)
	}
	_, why := get(t, lea, site.URL+"/why")
	require.Contains(t, why, "Lundi de 12:00 à 18:00")
}
