package web_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/policy"
	"jalon.dev/services/portal/internal/web"
)

type demo struct{}

func (demo) Personas(context.Context) ([]web.Persona, error) { return nil, nil }
func (demo) Now() time.Time                                  { return time.Time{} }
func (demo) Move(context.Context, int) error                 { return nil }
func (demo) Progress() (done, total int)                     { return 0, 0 }

func TestEveryRouteStandsInThePolicyTableAndTheOtherWayRound(t *testing.T) {
	site := web.New(web.Deps{Demo: demo{}})
	site.Handler()
	served := site.Routes()
	for _, route := range served {
		require.NotEmpty(t, policy.Grants(route), "%s is not in the policy table", route)
	}
	for _, route := range policy.Routes() {
		if !strings.HasPrefix(route, "/") {
			require.True(t, slices.Contains(served, route), "%s is in the policy table and not served", route)
		}
	}
}
