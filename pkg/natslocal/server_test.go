package natslocal_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"jalon.dev/pkg/natslocal"
)

func TestMain(m *testing.M) {
	// This same binary, started anew, plays the second process of a test below.
	if dir := os.Getenv("NATSLOCAL_TEST_DIR"); dir != "" {
		if _, err := natslocal.Start(natslocal.Config{Dir: dir}); err != nil {
			_, _ = os.Stdout.WriteString(err.Error())
			os.Exit(3)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func start(t *testing.T, cfg natslocal.Config) *natslocal.Server {
	t.Helper()
	s, err := natslocal.Start(cfg)
	require.NoError(t, err)
	t.Cleanup(s.Shutdown)
	return s
}

func connect(t *testing.T, url string, options ...nats.Option) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(url, options...)
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return js
}

func TestWhatIsStoredSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	first := start(t, natslocal.Config{Dir: dir})
	require.Empty(t, first.ClientURL(), "nobody else reaches it")
	js := connect(t, "", nats.InProcessServer(first))
	_, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}})
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "s", []byte("kept"))
	require.NoError(t, err)
	js.Conn().Close()
	first.Shutdown()

	second := start(t, natslocal.Config{Dir: dir})
	stream, err := connect(t, "", nats.InProcessServer(second)).Stream(t.Context(), "S")
	require.NoError(t, err)
	msg, err := stream.GetMsg(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "kept", string(msg.Data))
}

func TestAServerWhoseDiskWasFullIsStartedAnewWithItsDataAndClients(t *testing.T) {
	for name, cfg := range map[string]natslocal.Config{"in the process": {}, "listening": {Listen: "127.0.0.1:0"}} {
		t.Run(name, func(t *testing.T) {
			cfg.Dir = t.TempDir()
			s := start(t, cfg)
			again := make(chan struct{}, 1)
			var way []nats.Option
			if cfg.Listen == "" {
				way = append(way, nats.InProcessServer(s))
			}
			js := connect(t, s.ClientURL(), append(way, nats.MaxReconnects(-1), nats.ReconnectHandler(func(*nats.Conn) { again <- struct{}{} }))...)
			_, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}})
			require.NoError(t, err)
			_, err = js.Publish(t.Context(), "s", []byte("kept"))
			require.NoError(t, err)

			s.DiskWasFull()
			<-again
			ack, err := js.Publish(t.Context(), "s", []byte("next"))
			require.NoError(t, err)
			require.EqualValues(t, 2, ack.Sequence)
		})
	}
}

func TestItListensWhereItIsTold(t *testing.T) {
	s := start(t, natslocal.Config{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	_, err := connect(t, s.ClientURL()).AccountInfo(t.Context())
	require.NoError(t, err)
}

func TestItListensOnThisMachineOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:4222", ":4222", "192.0.2.1:4222", "nonsense", "127.0.0.1:port"} {
		_, err := natslocal.Start(natslocal.Config{Dir: t.TempDir(), Listen: address})
		require.ErrorContains(t, err, "bus's address", address)
	}
}

func TestAPortInUseIsToldPlainly(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()

	_, err = natslocal.Start(natslocal.Config{Dir: t.TempDir(), Listen: taken.Addr().String()})
	require.ErrorIs(t, err, natslocal.ErrPortInUse)
}

func TestTwoServersCannotShareAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bus")
	first := start(t, natslocal.Config{Dir: dir})
	_, err := natslocal.Start(natslocal.Config{Dir: dir})
	require.ErrorIs(t, err, natslocal.ErrDirInUse, "within one process")

	said, code := anotherProcess(t, dir)
	require.Equal(t, 3, code)
	require.Contains(t, said, natslocal.ErrDirInUse.Error())

	first.Shutdown()
	first.Shutdown()
	_, code = anotherProcess(t, dir)
	require.Zero(t, code, "free again after a shutdown")
	start(t, natslocal.Config{Dir: dir}) // and after a process that died without one
}

func anotherProcess(t *testing.T, dir string) (said string, code int) {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	cmd.Env = append(os.Environ(), "NATSLOCAL_TEST_DIR="+dir)
	out, err := cmd.Output()
	if cmd.ProcessState == nil {
		require.NoError(t, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}
