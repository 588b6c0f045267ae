package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// visitor is somebody with a cookie and no browser.
type visitor struct {
	t      testing.TB
	url    string
	client *http.Client
}

// signInLink has the operator make a link, and returns its address.
func (i *installation) signInLink(args ...string) string {
	i.t.Helper()
	stdout, stderr, exit := i.jalon(append([]string{"signin-link"}, args...)...)
	require.Zero(i.t, exit, stderr)
	link, _, _ := strings.Cut(stdout, "\n")
	require.True(i.t, strings.HasPrefix(link, i.url+"/signin/link/"), "the first line is the link: %s", stdout)
	return link
}

// stranger is a visitor without a session.
func (i *installation) stranger() *visitor {
	i.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(i.t, err)
	return &visitor{t: i.t, url: i.url, client: &http.Client{Jar: jar}}
}

// employee is a visitor who signed in as the employee of that number.
func (i *installation) employee(number string) *visitor {
	i.t.Helper()
	v := i.stranger()
	status, _ := v.post(i.signInLink("--name", "Employee "+number, "--employee", number), nil)
	require.Equal(i.t, http.StatusOK, status)
	return v
}

func (v *visitor) get(path string) (status int, body string) {
	v.t.Helper()
	response, err := v.client.Get(v.url + path)
	require.NoError(v.t, err)
	return v.read(response)
}

// post sends a form to an address or a path.
func (v *visitor) post(address string, form url.Values) (status int, body string) {
	v.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = v.url + address
	}
	response, err := v.client.PostForm(address, form)
	require.NoError(v.t, err)
	return v.read(response)
}

func (v *visitor) read(response *http.Response) (status int, body string) {
	v.t.Helper()
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(v.t, err)
	return response.StatusCode, string(content)
}

var (
	asked = regexp.MustCompile(`data-part="link" href="/survey/([^"]+)"`)
	radio = regexp.MustCompile(`type="radio"[^>]* name="([^"]+)" value="([^"]+)"`)
)

// invitations are what the visitor is asked on their own page, beside what they are reminded of.
func (v *visitor) invitations() (ids []string) {
	v.t.Helper()
	status, body := v.get("/")
	require.Equal(v.t, http.StatusOK, status)
	for _, found := range asked.FindAllStringSubmatch(body, -1) {
		ids = append(ids, found[1])
	}
	return ids
}

// awaitInvitation waits until exactly one thing is asked.
func (v *visitor) awaitInvitation() (id string) {
	v.t.Helper()
	waitFor(v.t, "one invitation", func() error {
		ids := v.invitations()
		if len(ids) != 1 {
			return fmt.Errorf("%d invitations", len(ids))
		}
		id = ids[0]
		return nil
	})
	return id
}

// answer chooses the first answer to everything that is asked.
func (v *visitor) answer(invitation string) {
	v.t.Helper()
	status, body := v.get("/survey/" + invitation)
	require.Equal(v.t, http.StatusOK, status)
	form := url.Values{}
	for _, choice := range radio.FindAllStringSubmatch(body, -1) {
		if !form.Has(choice[1]) {
			form.Set(choice[1], choice[2])
		}
	}
	require.NotEmpty(v.t, form, body)
	status, body = v.post("/survey/"+invitation, form)
	require.Equal(v.t, http.StatusOK, status)
	require.NotContains(v.t, body, "<form class=\"survey\"", "the answer was taken")
}

// frame is one server-sent event.
type frame struct{ name, id, data string }

// change reads the content of a frame that tells a change.
func (f frame) change(t *testing.T) (shown []string, closed []string) {
	t.Helper()
	require.Equal(t, "change", f.name, f.data)
	var content struct {
		Shown []struct {
			ID string `json:"id"`
		} `json:"shown"`
		Closed []string `json:"closed"`
	}
	require.NoError(t, json.Unmarshal([]byte(f.data), &content))
	for _, prompt := range content.Shown {
		shown = append(shown, prompt.ID)
	}
	return shown, content.Closed
}

// stream is an open live stream, read frame by frame.
type stream struct {
	t     testing.TB
	lines *bufio.Scanner
	cut   func()
}

// listen opens the live stream, as somebody who saw everything up to the frame of that id.
func (v *visitor) listen(lastEventID string) *stream {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	v.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url+"/live", nil)
	require.NoError(v.t, err)
	if lastEventID != "" {
		request.Header.Set("Last-Event-ID", lastEventID)
	}
	response, err := v.client.Do(request)
	require.NoError(v.t, err)
	v.t.Cleanup(func() { _ = response.Body.Close() })
	require.Equal(v.t, http.StatusOK, response.StatusCode)
	return &stream{t: v.t, lines: bufio.NewScanner(response.Body), cut: cancel}
}

// next waits for the next frame that says something.
func (s *stream) next() frame {
	s.t.Helper()
	var f frame
	for s.lines.Scan() {
		field, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch field {
		case "event":
			f.name = value
		case "id":
			f.id = value
		case "data":
			f.data = value
		case "":
			if f.name != "" {
				return f
			}
		}
	}
	require.Fail(s.t, "the stream ended", "%v", s.lines.Err())
	return f
}
