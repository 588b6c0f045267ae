package service

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
)

// serving starts a server and returns its address, and a function that asks it to stop and waits.
func serving(t *testing.T, handler http.HandlerFunc) (url string, stop func() error) {
	t.Helper()
	listener, err := Listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- ServeOn(ctx, listener, handler, zap.NewNop()) }()
	t.Cleanup(cancel)
	return "http://" + listener.Addr().String(), func() error {
		cancel()
		return <-ended
	}
}

// client is one whose connections end with the test.
func client(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t *testing.T, c *http.Client, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	res, err := c.Do(req)
	require.NoError(t, err)
	return res
}

func TestARequestThatWasBegunIsFinishedAfterTheStop(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, leaks) })

	begun, finish := make(chan struct{}), make(chan struct{})
	url, stop := serving(t, func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-Stopping(r.Context())
		<-finish
		if r.Context().Err() == nil {
			_, _ = io.WriteString(w, "finished")
		}
	})
	stopped := make(chan error, 1)
	go func() {
		<-begun
		go func() { close(finish) }()
		stopped <- stop()
	}()
	res := get(t, client(t), url)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, "finished", string(body))
	require.NoError(t, <-stopped)
}

func TestAnEndlessResponseEndsWhenTheServerIsAskedToStop(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, leaks) })

	url, stop := serving(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "data: hello\n\n")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-Stopping(r.Context()):
		case <-r.Context().Done():
		}
	})
	res := get(t, client(t), url)
	first := make([]byte, len("data: hello\n\n"))
	_, err := io.ReadFull(res.Body, first)
	require.NoError(t, err)

	require.NoError(t, stop())
	rest, err := io.ReadAll(res.Body)
	require.NoError(t, err, "it ends as a whole response")
	require.Empty(t, rest)
	require.NoError(t, res.Body.Close())
}

func TestAPortInUseSaysWhatToDo(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()

	err = Serve(t.Context(), taken.Addr().String(), http.NotFoundHandler(), zap.NewNop())
	require.ErrorContains(t, err, taken.Addr().String()+" is in use by another program")
	require.ErrorContains(t, err, "JALON_ADDR=127.0.0.1:")
}

func TestAnAddressThatIsNoneIsAnError(t *testing.T) {
	require.Error(t, Serve(t.Context(), "nowhere", http.NotFoundHandler(), zap.NewNop()))
}

func TestStoppingIsSilentOutsideAServer(t *testing.T) {
	require.Nil(t, Stopping(t.Context()))
}
