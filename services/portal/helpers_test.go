package portal_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func cookieOf(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	for _, cookie := range client.Jar.Cookies(parsed) {
		if cookie.Name == "jalon" {
			return cookie.Value
		}
	}
	return ""
}

func get(t *testing.T, client *http.Client, address string) (status int, body string) {
	t.Helper()
	answer, err := client.Get(address)
	require.NoError(t, err)
	return read(t, answer)
}

func post(t *testing.T, client *http.Client, address string, form url.Values) (answer *http.Response, body string) {
	t.Helper()
	answer, err := client.PostForm(address, form)
	require.NoError(t, err)
	_, body = read(t, answer)
	return answer, body
}

// send posts a form and tells where it leads.
func send(t *testing.T, client *http.Client, address string, form url.Values) (status int, location, body string) {
	t.Helper()
	answer, body := post(t, client, address, form)
	return answer.StatusCode, answer.Header.Get("Location"), body
}

func read(t *testing.T, answer *http.Response) (status int, body string) {
	t.Helper()
	content, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode, string(content)
}

func sorted(texts ...string) []string {
	slices.Sort(texts)
	return texts
}
