package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestAnOutsideSystemDeclaresAMomentThroughThePortal(t *testing.T) {
	site := portaltest.Start(t)
	declare := func(key, request string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
			site.URL+"/jalon.moments.v1.MomentsService/DeclareMoment", strings.NewReader(request))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+key)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		status, _ := read(t, answer)
		return status
	}
	request := `{"keyMoment": "recruitment_interview", "personId": "` + portaltest.Lea + `", "requestId": "11111111-1111-4111-8111-111111111111"}`
	require.Equal(t, http.StatusUnauthorized, declare("a guess", request))
	require.Equal(t, http.StatusOK, declare(portaltest.OperatorKey, request))
	require.Equal(t, http.StatusBadRequest, declare(portaltest.OperatorKey, strings.Replace(request, "11111111-", "not-", 1)))

	declared := site.Fakes.Now().Declared
	require.Len(t, declared, 1)
	require.Equal(t, "11111111-1111-4111-8111-111111111111", declared[0].GetRequestId())
}
