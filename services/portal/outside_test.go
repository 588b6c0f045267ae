package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/policy"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/portal/internal/portaltest"
)

const (
	declareMoment = "/jalon.moments.v1.MomentsService/DeclareMoment"
	declareGuest  = "/jalon.moments.v1.GuestsService/DeclareGuestMoment"
)

// calls posts JSON to a procedure with a key, as a system does that knows nothing of protobuf.
func calls(t *testing.T, site *portaltest.Portal, key, procedure, request string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site.URL+procedure, strings.NewReader(request))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	return read(t, answer)
}

// makeKey makes a key for an outside system.
func makeKey(t *testing.T, site *portaltest.Portal, name string) string {
	t.Helper()
	made, err := commandLine(site).CreateApiKey(t.Context(), &portalv1.CreateApiKeyRequest{Name: name})
	require.NoError(t, err)
	return made.GetSecret()
}

func commandLine(site *portaltest.Portal) portalv1connect.OperatorServiceClient {
	return portalv1connect.NewOperatorServiceClient(operator(portaltest.OperatorKey), site.URL)
}

func TestAnOutsideSystemDeclaresMomentsThroughThePortal(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	key := makeKey(t, site, "applicants")
	request := `{"keyMoment": "training", "personId": "` + portaltest.Lea + `", "requestId": "11111111-1111-4111-8111-111111111111"}`
	for _, key := range []string{key, portaltest.OperatorKey} {
		status, body := calls(t, site, key, declareMoment, request)
		require.Equal(t, http.StatusOK, status, body)
		status, body = calls(t, site, key, declareMoment, strings.Replace(request, "11111111-", "not-", 1))
		require.Equal(t, http.StatusBadRequest, status)
		require.Contains(t, body, `"invalid_argument"`)
		status, body = calls(t, site, key, declareGuest, `{"keyMoment": "recruitment_interview", "unitId": "`+portaltest.Nantes+`", "firstName": "Nour"}`)
		require.Equal(t, http.StatusOK, status, body)
		require.Contains(t, body, `"path":"/g/`, "what the candidate is to be sent")
	}
	now := site.Fakes.Now()
	require.Len(t, now.Declared, 2)
	require.Equal(t, "11111111-1111-4111-8111-111111111111", now.Declared[0].GetRequestId())
	require.Len(t, now.Guests.Declared, 2)
}

func TestTheDoorShowsWhatTheTableGrantsToThoseWithAKeyAndNothingElse(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	keys := map[policy.Role]string{policy.Operator: portaltest.OperatorKey, policy.Integration: makeKey(t, site, "applicants")}
	for _, route := range policy.Routes() {
		if !strings.HasPrefix(route, "/") {
			continue
		}
		for role, key := range keys {
			status, body := calls(t, site, key, route, `{}`)
			there := status != http.StatusNotFound || strings.HasPrefix(body, "{")
			require.Equal(t, policy.Outside(route), there, "%s as %s: %d %s", route, role, status, body)
			if !there || status == http.StatusUnsupportedMediaType { // a stream, which this caller does not speak
				continue
			}
			if policy.Grants(route)[role] == policy.None {
				require.Equal(t, http.StatusForbidden, status, "%s as %s: %s", route, role, body)
				continue
			}
			require.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden}, status, "%s as %s: %s", route, role, body)
		}
	}
}

func TestAWrongKeyLearnsNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	revoked := makeKey(t, site, "training")
	_, err := commandLine(site).RevokeApiKey(t.Context(), &portalv1.RevokeApiKeyRequest{Name: "training"})
	require.NoError(t, err)
	_, nobody := calls(t, site, "", declareMoment, `{}`)
	for name, key := range map[string]string{
		"a guess": "a guess", "a key that was never made": "jalon_" + strings.Repeat("A", 43), "a revoked key": revoked,
		"the beginning of the operator's": portaltest.OperatorKey[:10],
	} {
		status, body := calls(t, site, key, declareMoment, `{}`)
		require.Equal(t, http.StatusUnauthorized, status, name)
		require.Equal(t, nobody, body, name)
	}
}

func TestKeysAreListedWithTheirUseAndWithoutTheirSecret(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	key := makeKey(t, site, "applicants")
	makeKey(t, site, "training")
	calls(t, site, key, "/jalon.moments.v1.MomentsService/ListKeyMoments", `{}`)
	_, err := commandLine(site).CreateApiKey(t.Context(), &portalv1.CreateApiKeyRequest{Name: "applicants"})
	require.Equal(t, connect.CodeAlreadyExists, connect.CodeOf(err))
	_, err = commandLine(site).CreateApiKey(t.Context(), &portalv1.CreateApiKeyRequest{Name: "Jeanne Picard"})
	require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err), "a name is a system's, in the letters of one")
	_, err = commandLine(site).RevokeApiKey(t.Context(), &portalv1.RevokeApiKeyRequest{Name: "nobody"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))

	list, err := commandLine(site).ListApiKeys(t.Context(), &portalv1.ListApiKeysRequest{})
	require.NoError(t, err)
	require.Len(t, list.GetKeys(), 2)
	require.NotEmpty(t, list.GetKeys()[0].GetUsedOn())
	require.Empty(t, list.GetKeys()[1].GetUsedOn())
	require.NotContains(t, list.String(), key)
}

func TestWhatAnOutsideSystemDoesIsRecordedUnderItsName(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	calls(t, site, makeKey(t, site, "applicants"), declareMoment, `{"keyMoment": "training", "personId": "`+portaltest.Lea+`"}`)
	access := portalv1connect.NewAccessServiceClient(operator(portaltest.OperatorKey), site.URL)
	log, err := access.ListAudit(t.Context(), &portalv1.ListAuditRequest{AboutId: portaltest.Lea})
	require.NoError(t, err)
	require.Len(t, log.GetEntries(), 1)
	require.Equal(t, "integration", log.GetEntries()[0].GetRole())
	require.Equal(t, "applicants", log.GetEntries()[0].GetKeyName())

	_, body := get(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+"/hr/audit")
	require.Contains(t, body, "A créé la clé d&#39;un système extérieur")
	require.Equal(t, 2, strings.Count(body, "applicants"), "who declared, and whose key was made")
	require.Contains(t, body, "Système extérieur")
}
