package policy

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// outside writes out every route that an API key opens beyond what is public: it opens moments, reports mails that came
// back, and reads nothing of anybody.
var outside = map[string]bool{
	"/jalon.moments.v1.MomentsService/ListKeyMoments":    true,
	"/jalon.moments.v1.MomentsService/GetKeyMoment":      true,
	"/jalon.moments.v1.MomentsService/DeclareMoment":     true,
	"/jalon.moments.v1.MomentsService/CancelMoment":      true,
	"/jalon.moments.v1.GuestsService/DeclareGuestMoment": true,

	"/jalon.notifications.v1.NotificationsService/ReportBounce": true,
}

func TestAnAPIKeyOpensWhatIsWrittenHereAndNothingElse(t *testing.T) {
	applicants := Actor{Roles: []Role{Integration}, Key: "applicants"}
	for route := range outside {
		require.Contains(t, table, route, "a route that the table does not know")
	}
	for _, route := range Routes() {
		for _, s := range subjects {
			public := Allow(Actor{}, route, s.subject) == nil
			require.Equal(t, outside[route] || public, Allow(applicants, route, s.subject) == nil, "%s on %s", route, s.letter)
		}
		require.Equal(t, outside[route] || Grants(route)[Public] != None, AllowRole(applicants, route) == nil, route)
	}
}

func TestWhatIsForThoseWhoComeWithAKeyIsKnown(t *testing.T) {
	require.True(t, Outside("/jalon.moments.v1.GuestsService/DeclareGuestMoment"))
	require.True(t, Outside("/jalon.portal.v1.OperatorService/TailEvents"))
	require.False(t, Outside("/jalon.moments.v1.ContactsService/ListContactRequests"))
	require.False(t, Outside("/jalon.moments.v1.MomentsService/SubmitResponse"))
	require.False(t, Outside("GET /g/{token}"), "public, but no key's")
	require.False(t, Outside("/nowhere"))
}
