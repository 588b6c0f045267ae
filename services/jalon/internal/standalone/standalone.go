// Package standalone runs all of Jalon in one process: every service, an embedded NATS server and a local MongoDB engine
// beside it, over one data folder. MONGODB_URI and NATS_URL replace the embedded parts.
package standalone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/config"
	"jalon.dev/pkg/health"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/logging"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/telemetry"
	"jalon.dev/services/barometer"
	"jalon.dev/services/directory"
	"jalon.dev/services/interviews"
	"jalon.dev/services/jalon/internal/catcher"
	"jalon.dev/services/jalon/internal/demo"
	"jalon.dev/services/moments"
	"jalon.dev/services/notifications"
	"jalon.dev/services/portal"
)

// stopTimeout is how long everything together may take to stop well.
const stopTimeout = 25 * time.Second

// Options are what the command line says beyond the settings.
type Options struct {
	// NewIs is what an empty or missing data folder becomes.
	NewIs Mode
	// Version is shown in traces.
	Version string
	// Out receives the one line that says where to click.
	Out io.Writer
	// DemoPeople is about how many people a new demo begins with; 0 is the usual number.
	DemoPeople int
	// Clock replaces the machine's; a demo has its own in any case.
	Clock clock.Clock
	// What measurements choose differently from an installation.
	Moments       moments.Config
	Notifications *notifications.Config
}

// Run serves until the context ends, then stops in order. Its errors are sentences that say what to do.
func Run(ctx context.Context, settings Settings, opts Options) error {
	j, err := Build(ctx, settings, opts)
	if err != nil {
		return err
	}
	return j.Serve(ctx)
}

// Build opens the data folder and everything on it. What it returns must be served, which also closes it again.
func Build(ctx context.Context, settings Settings, opts Options) (*Jalon, error) {
	spareTheEngine()
	log, err := logging.New(settings.Log)
	if err != nil {
		return nil, err
	}
	j := &Jalon{settings: settings, options: opts, log: log, group: run.New(stopTimeout), transport: rpc.NewInProcess(nil)}
	if err := j.build(ctx); err != nil {
		return nil, errors.Join(err, j.abandon(ctx))
	}
	return j, nil
}

// demoStaysAtHome refuses what would let the demo's sign-in and clock near real people.
func demoStaysAtHome(mode Mode, s Settings) error {
	if mode != Demo {
		return nil
	}
	if s.MongoDB != "" {
		return errors.New("this data folder holds a demo, and MONGODB_URI is set: a demo runs on its own database only; unset MONGODB_URI, or set JALON_DATA to another folder")
	}
	if s.NATS != "" {
		return errors.New("this data folder holds a demo, and NATS_URL is set: a demo runs on its own bus only; unset NATS_URL, or set JALON_DATA to another folder")
	}
	if !s.onLoopback() {
		return fmt.Errorf("this data folder holds a demo, in which anybody may sign in as anybody: it is served on this machine only; set JALON_ADDR to localhost:8080 instead of %s", s.Address)
	}
	return nil
}

// Jalon is everything in the process, in the order in which it is built.
type Jalon struct {
	settings  Settings
	options   Options
	folder    *Folder
	log       *zap.Logger
	group     *run.Group
	opened    []run.Part
	transport *rpc.InProcess
	listener  net.Listener

	clock     clock.Clock
	telemetry *telemetry.Telemetry
	mongo     *mongo.Client
	bus       *bus.Bus
	signer    *identity.Signer
	peers     rpc.Peers
	demo      *demo.Demo
	services  []named
	portal    service.Service
	intranet  *run.Part        // of a demo
	catcher   *catcher.Catcher // of a demo
	checks    []health.Check
}

type named struct {
	service.Service
	parts service.Parts
}

// build is the whole wiring.
func (j *Jalon) build(ctx context.Context) (err error) {
	// The address first: a port in use is told before anything is made.
	if j.listener, err = service.Listen(ctx, j.settings.Address); err != nil {
		return err
	}
	j.opening("address", func(context.Context) error { return closed(j.listener.Close()) })
	if j.folder, err = OpenFolder(j.settings.Data, j.options.NewIs); err != nil {
		return err
	}
	j.opening("data folder", func(context.Context) error { return j.folder.Close() })
	if err := demoStaysAtHome(j.folder.Mode, j.settings); err != nil {
		return err
	}
	if err := j.infrastructure(ctx); err != nil {
		return err
	}
	if err := j.openCatcher(ctx); err != nil {
		return err
	}
	builders := []struct {
		name  string
		build service.Build
	}{
		{"directory", j.buildDirectory},
		{"moments", func(p service.Parts) (service.Service, error) {
			cfg := j.options.Moments
			cfg.GuestsKeptDays, cfg.Holidays = j.settings.GuestsKeptDays, j.settings.Holidays
			return moments.New(p, cfg)
		}},
		{"notifications", j.buildNotifications},
		{"interviews", j.buildInterviews},
		{"barometer", j.buildBarometer},
		{"portal", func(p service.Parts) (service.Service, error) { return j.buildPortal(ctx, p) }},
	}
	for _, b := range builders {
		parts := j.parts(b.name)
		built, err := b.build(parts)
		if err != nil {
			return fmt.Errorf("building %s: %w", b.name, err)
		}
		if err := service.Prepare(ctx, parts, built); err != nil {
			return err
		}
		j.services = append(j.services, named{built, parts})
		j.transport.Handle(b.name, built.Handler())
		j.checks = append(j.checks, health.Check{Name: b.name, Probe: built.Ready})
	}
	j.portal = j.services[len(j.services)-1]
	return nil
}

func (j *Jalon) parts(name string) service.Parts {
	return service.Parts{
		Name: name, DB: j.mongo.Database("jalon_" + name), Bus: j.bus, Clock: j.clock, Log: j.log.With(zap.String("service", name)),
		Signer: j.signer, Peers: j.peers, Telemetry: j.telemetry,
	}
}

func (j *Jalon) buildDirectory(p service.Parts) (service.Service, error) {
	if j.folder.Mode == Demo {
		cfg := directory.DefaultConfig()
		cfg.Company = demo.CompanyName
		return directory.New(p, cfg)
	}
	cfg, err := config.Load[directory.Config](os.Environ())
	if err != nil {
		return nil, err
	}
	return directory.New(p, cfg)
}

func (j *Jalon) buildInterviews(p service.Parts) (service.Service, error) {
	cfg := interviews.Config{Keys: j.settings.TalksKey, Lost: j.settings.TalksLost, Holidays: j.settings.Holidays}
	if cfg.Keys == "" {
		cfg.Keys = j.folder.TalksKey
	}
	return interviews.New(p, cfg)
}

func (j *Jalon) buildBarometer(p service.Parts) (service.Service, error) {
	cfg := barometer.Config{Keys: j.settings.BallotsKey, Zone: j.settings.TimeZone}
	if cfg.Keys == "" {
		cfg.Keys = j.folder.BallotsKey
	}
	return barometer.New(p, cfg)
}

func (j *Jalon) buildNotifications(p service.Parts) (service.Service, error) {
	cfg := notifications.DefaultConfig()
	if j.options.Notifications != nil {
		cfg = *j.options.Notifications
	} else {
		cfg.Mail = j.settings.Mail
		cfg.Mail.Home = j.settings.URL()
		cfg.Holidays, cfg.Company = j.settings.Holidays, j.settings.Company
	}
	if j.catcher != nil {
		cfg.Mail = notifications.MailConfig{URL: j.catcher.URL(), From: demoSender, Home: j.settings.URL()}
	}
	return notifications.New(p, cfg)
}

func (j *Jalon) buildPortal(ctx context.Context, p service.Parts) (service.Service, error) {
	zone, err := time.LoadLocation(j.settings.TimeZone)
	if err != nil {
		return nil, err
	}
	cfg := portal.Config{PublicURL: j.settings.URL(), OperatorKey: j.folder.OperatorKey, Zone: zone, SignIn: j.settings.SignIn, AuditDays: j.settings.AuditDays, Widget: j.settings.Widget, BallotURL: j.settings.BallotsURL}
	if j.folder.Mode == Demo {
		cfg.SignIn = portal.SignIn{} // the demo's people are invented: no company knows them
		j.demo, err = demo.New(j.folder.Sub("demo.json"), j.options.DemoPeople, demo.World{
			Clock: j.clock.(*clock.Movable), Peers: j.peers, Bus: j.bus, Settle: j.Settle, Log: p.Log, Out: j.options.Out,
		})
		if err != nil {
			return nil, err
		}
		cfg.Demo = j.demo
		cfg.Mailbox = mailbox{j.catcher}
		if err := j.openHostPage(ctx, &cfg); err != nil {
			return nil, err
		}
	}
	return portal.New(p, cfg)
}

// Serve runs everything that was built until the context ends. Read from the bottom of the group, this is the order of
// stopping: accept nothing more and finish requests; services stop pulling, finish, acknowledge and relay; the bus; the
// database; telemetry.
func (j *Jalon) Serve(ctx context.Context) error {
	j.group.Add(j.opened...)
	if j.catcher != nil {
		j.group.Add(run.Part{Name: "mail catcher", Run: j.catcher.Run})
	}
	for _, s := range j.services {
		j.group.Add(run.Part{Name: s.parts.Name, Run: s.Run})
	}
	state := health.New(j.log, j.checks...)
	mux := http.NewServeMux()
	state.Register(mux)
	mux.Handle("/", j.portal.Handler())
	if j.settings.MetricsAddress != "" {
		j.group.Add(run.Part{Name: "metrics", Run: func(ctx context.Context) error {
			return service.ServeMetrics(ctx, j.settings.MetricsAddress, j.telemetry, j.log)
		}})
	}
	j.group.Add(run.Part{Name: "http", Run: func(ctx context.Context) error {
		context.AfterFunc(ctx, state.Drain)
		fmt.Fprintf(j.options.Out, "Jalon is ready: open %s\n", j.settings.URL())
		return service.ServeOn(ctx, j.listener, mux, j.log)
	}})
	if j.demo != nil {
		j.group.Add(run.Part{Name: "demo", Run: j.demo.Run}, *j.intranet)
	}
	return j.group.Run(ctx)
}

// closed forgets that something was closed already.
func closed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// abandon closes what was opened when the start failed.
func (j *Jalon) abandon(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	var errs []error
	for i := len(j.opened) - 1; i >= 0; i-- {
		errs = append(errs, j.opened[i].Stop(ctx))
	}
	return errors.Join(errs...)
}
