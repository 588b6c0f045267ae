package standalone

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/url"

	"go.uber.org/zap"

	"jalon.dev/pkg/run"
	"jalon.dev/pkg/service"
	"jalon.dev/services/jalon/internal/hostpage"
	"jalon.dev/services/portal"
)

// hostPageAddress is where the demo's intranet is served; on any free port where this one is taken.
const hostPageAddress = "127.0.0.1:8081"

// openHostPage gives the demo an intranet of another origin, and lets its pages show prompts. Their key lives as long as the
// process does.
func (j *Jalon) openHostPage(ctx context.Context, cfg *portal.Config) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", hostPageAddress)
	if err != nil {
		listener, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return fmt.Errorf("opening a port for the demo's intranet: %w", err)
	}
	j.opening("intranet's address", func(context.Context) error { return closed(listener.Close()) })
	origin := j.otherOrigin(listener.Addr())
	key := rand.Text() + rand.Text()
	cfg.HostPage, cfg.Widget = origin, portal.Widget{Origins: []string{origin}, Key: key}

	intranet, err := hostpage.New(hostpage.Config{
		Jalon: cfg.PublicURL, Key: []byte(key), Demo: j.demo, People: j.peers.Directory(), Log: j.log,
	})
	if err != nil {
		return err
	}
	j.intranet = &run.Part{Name: "intranet", Run: func(ctx context.Context) error {
		return service.ServeOn(ctx, listener, intranet.Handler(), j.log)
	}}
	j.log.Debug("the demo's intranet", zap.String("address", origin))
	return nil
}

// otherOrigin names the intranet by the other of this machine's two names: then it is another site too, and shares no cookie
// with Jalon.
func (j *Jalon) otherOrigin(address net.Addr) string {
	_, port, _ := net.SplitHostPort(address.String()) // a listener's address has a port
	host := "127.0.0.1"
	if own, err := url.Parse(j.settings.URL()); err == nil && own.Hostname() == host {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
