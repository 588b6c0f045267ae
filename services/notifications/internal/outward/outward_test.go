package outward_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications/internal/outward"
)

func client(t *testing.T, cfg outward.Config) *outward.Client {
	t.Helper()
	c, err := outward.New(cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func server(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s
}

func post(t *testing.T, c *outward.Client, address string) outward.Answer {
	t.Helper()
	return c.Post(t.Context(), address, http.Header{}, []byte("{}"))
}

// What may be typed into a form: numbers that lead inside in all the ways in which they can be written, and what is no address at all.
func TestAddressesThatLeadInsideAreRefusedBeforeAnybodyCalls(t *testing.T) {
	c := client(t, outward.Config{Networks: "10.20.0.0/16"})
	for address, wrong := range map[string]outward.Wrong{
		"https://example.com/in?key=1":     "",
		"https://example.com:8443/":        "",
		"https://1.1.1.1/":                 "",
		"https://[2606:4700::1111]/":       "",
		"https://10.20.3.4/":               "", // a network that the operator allowed
		"":                                 outward.Missing,
		"example.com":                      outward.Malformed,
		"ftp://example.com":                outward.Malformed,
		"file:///etc/passwd":               outward.Malformed,
		"https://":                         outward.Malformed,
		"https:example.com":                outward.Malformed,
		"https://example.com/#there":       outward.Malformed,
		"http://example.com/":              outward.NotHTTPS,
		"http://127.0.0.1:8080/":           outward.NotHTTPS,
		"https://user:secret@example.com/": outward.Password,
		"https://127.0.0.1/":               outward.Inside,
		"https://127.9.9.9/":               outward.Inside,
		"https://0.0.0.0/":                 outward.Inside,
		"https://10.0.0.1/":                outward.Inside,
		"https://10.21.0.1/":               outward.Inside,
		"https://172.16.0.1/":              outward.Inside,
		"https://192.168.1.1/":             outward.Inside,
		"https://169.254.169.254/latest":   outward.Inside,
		"https://100.64.0.1/":              outward.Inside,
		"https://198.18.0.1/":              outward.Inside,
		"https://224.0.0.1/":               outward.Inside,
		"https://255.255.255.255/":         outward.Inside,
		"https://[::1]/":                   outward.Inside,
		"https://[::]/":                    outward.Inside,
		"https://[fe80::1%25eth0]/":        outward.Inside,
		"https://[fd00::1]/":               outward.Inside,
		"https://[::ffff:127.0.0.1]/":      outward.Inside,
		"https://[::ffff:169.254.169.254]": outward.Inside,
		"https://[64:ff9b::a9fe:a9fe]/":    outward.Inside,
		"https://[2002:7f00:1::]/":         outward.Inside,
	} {
		require.Equal(t, wrong, c.Check(address), address)
	}
}

// Names, and numbers that only a resolver understands, are judged when they are dialled.
func TestWhateverANameLeadsToIsJudgedWhenItIsDialled(t *testing.T) {
	var called atomic.Bool
	s := server(t, func(http.ResponseWriter, *http.Request) { called.Store(true) })
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	require.NoError(t, err)
	closed := client(t, outward.Config{})
	for _, host := range []string{"localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		answer := post(t, closed, "http://"+host+":"+port)
		require.Equal(t, outward.Forbidden, answer.Trouble, host)
		require.False(t, answer.Doubtful())
	}
	require.False(t, called.Load())
	t.Setenv("HTTP_PROXY", s.URL)
	require.NotEqual(t, 200, post(t, closed, "http://"+net.JoinHostPort("10.0.0.1", port)).Status, "no proxy leads around it")
	require.False(t, called.Load())

	require.True(t, post(t, client(t, outward.Config{Loopback: true}), "http://localhost:"+port).OK())
	require.True(t, post(t, client(t, outward.Config{Networks: "127.0.0.0/8"}), s.URL).OK())
}

func TestAnAnswerSaysWhatWentWrong(t *testing.T) {
	c := client(t, outward.Config{Loopback: true})
	hasty := client(t, outward.Config{Loopback: true, Patience: 300 * time.Millisecond}) // only where nobody ever answers
	var elsewhere atomic.Bool
	there := server(t, func(http.ResponseWriter, *http.Request) { elsewhere.Store(true) })
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, there.URL, http.StatusTemporaryRedirect)
		case "/slow":
			_, _ = io.Copy(io.Discard, r.Body) // only then the server notices that the other side left
			<-r.Context().Done()
		case "/closed":
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		case "/busy":
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/later":
			w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/endless":
			_, _ = w.Write([]byte(strings.Repeat("x", 1<<20)))
		case "/gateway":
			w.WriteHeader(http.StatusBadGateway)
		default:
			_, _ = w.Write([]byte("thanks"))
		}
	})
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := "http://" + l.Addr().String()
	require.NoError(t, l.Close())

	for _, is := range []struct {
		address  string
		trouble  outward.Trouble
		status   int
		doubtful bool
	}{
		{s.URL, "", 200, false},
		{s.URL + "/moved", outward.Redirect, 307, false},
		{s.URL + "/closed", outward.Closed, 0, true},
		{s.URL + "/busy", outward.Status, 429, false},
		{s.URL + "/gateway", outward.Status, 502, true},
		{s.URL + "/endless", "", 200, false},
		{secure.URL, outward.BadTLS, 0, false},
		{nobody, outward.Unreachable, 0, false},
		{"https://nowhere.invalid/", outward.UnknownHost, 0, false},
	} {
		answer := post(t, c, is.address)
		require.Equal(t, is.trouble, answer.Trouble, is.address)
		require.Equal(t, is.status, answer.Status, is.address)
		require.Equal(t, is.doubtful, answer.Doubtful(), is.address)
		require.LessOrEqual(t, len(answer.Text), 2048)
	}
	late := post(t, hasty, s.URL+"/slow")
	require.Equal(t, outward.Timeout, late.Trouble)
	require.True(t, late.Doubtful())
	require.False(t, elsewhere.Load(), "a redirect is not followed")
	require.Equal(t, "thanks", post(t, c, s.URL).Text)
	require.Equal(t, 2*time.Minute, post(t, c, s.URL+"/busy").After)
	require.InDelta(t, time.Hour.Seconds(), post(t, c, s.URL+"/later").After.Seconds(), 5)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.False(t, c.Post(ended, s.URL, http.Header{}, nil).OK())
}

func TestNetworksAreReadAndWhatIsNoneIsSaid(t *testing.T) {
	_, err := outward.New(outward.Config{Networks: "10.0.0.0/8, nonsense, 2001:db8::/32 ,10.0.0.1"})
	require.ErrorContains(t, err, `"nonsense" must be a network`)
	require.ErrorContains(t, err, `"10.0.0.1" must be a network`)
	require.Equal(t, "paie.example.com", outward.Host("https://paie.example.com:8443/x?y=z"))
	require.Empty(t, outward.Host("%"))
}
