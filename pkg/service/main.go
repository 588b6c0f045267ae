package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/config"
	"jalon.dev/pkg/health"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/logging"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/telemetry"
)

// Build makes a service from its parts.
type Build func(Parts) (Service, error)

// connectTimeout bounds how long a process waits at start for what it cannot work without. Then it ends, and whoever
// supervises it starts it again.
const connectTimeout = 30 * time.Second

// Main is the whole main function of a service's own process: `moments`, or `moments serve`, serves; `moments migrate` brings
// the database up to date and ends. It is configured by the environment. It exits with 0 after a stop by SIGINT or SIGTERM,
// else with 1.
func Main(name string, build Build) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := Command(ctx, name, os.Args[1:], os.Environ(), build)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Command is Main without the process: it returns when ctx ends and all has been stopped in order.
func Command(ctx context.Context, name string, args, environ []string, build Build) error {
	return command(ctx, name, args, environ, build, dialMongo)
}

// dial reaches the database and says how to leave it. Tests have theirs in their own process, where no address leads.
type dial func(ctx context.Context, uri, name string) (client *mongo.Client, leave func(context.Context) error, err error)

func dialMongo(ctx context.Context, uri, name string) (*mongo.Client, func(context.Context) error, error) {
	client, err := mongodb.Connect(ctx, uri, mongodb.AppName(name))
	if err != nil {
		return nil, nil, err
	}
	return client, client.Disconnect, nil
}

func command(ctx context.Context, name string, args, environ []string, build Build, database dial) error {
	verb := "serve"
	if len(args) > 0 {
		verb = args[0]
	}
	if len(args) > 1 || (verb != "serve" && verb != "migrate") {
		return fmt.Errorf("usage: %s [serve|migrate]", name)
	}
	env, err := config.Load[environment](environ)
	if err != nil {
		return err
	}
	log, err := logging.New(env.Log)
	if err != nil {
		return err
	}
	log = log.With(zap.String("service", name))

	p := &process{name: name, env: env, log: log, group: run.New(env.StopTimeout)}
	defer p.close(context.WithoutCancel(ctx))
	if err := p.connect(ctx, database); err != nil {
		return err
	}
	svc, err := build(p.parts)
	if err != nil {
		return fmt.Errorf("building the service: %w", err)
	}
	if verb == "migrate" {
		return Migrate(ctx, p.parts, svc)
	}
	return p.serve(ctx, svc)
}

// process is one service with its connections. What was opened is closed in the reverse order, exactly once: by the group
// once it runs, by close when the start failed before that.
type process struct {
	name   string
	env    environment
	log    *zap.Logger
	parts  Parts
	opened []run.Part
	group  *run.Group
}

func (p *process) connect(ctx context.Context, database dial) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()

	tel, err := telemetry.New(ctx, telemetry.Config{Service: p.name, Version: Version(), Export: p.env.OTLPEndpoint != ""})
	if err != nil {
		return err
	}
	p.open("telemetry", tel.Shutdown)

	client, leave, err := database(ctx, p.env.MongoURI, p.name)
	if err != nil {
		return fmt.Errorf("connecting to MongoDB: %w", err)
	}
	p.open("mongodb", leave)

	cfg := p.env.bus(p.name)
	cfg.Tracer, cfg.Meter, cfg.Wait = tel.Tracers, tel.Meters, connectTimeout
	events, err := bus.Connect(ctx, cfg, p.log)
	if err != nil {
		return fmt.Errorf("connecting to NATS: %w", err)
	}
	p.open("bus", func(context.Context) error { return events.Close() })

	signer, err := identity.NewSigner([]byte(p.env.ServiceKey))
	if err != nil {
		return err
	}
	peers, err := rpc.NewPeers(p.env.addresses(), http.DefaultTransport, signer, tel)
	if err != nil {
		return err
	}
	p.parts = Parts{
		Name: p.name, DB: client.Database(p.env.database(p.name)), Bus: events, Clock: clock.Shifted(p.env.ClockOffset),
		Log: p.log, Signer: signer, Peers: peers, Telemetry: tel,
	}
	return nil
}

func (p *process) open(name string, stop func(context.Context) error) {
	p.opened = append(p.opened, run.Part{Name: name, Stop: stop})
}

func (p *process) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, p.env.StopTimeout)
	defer cancel()
	for i := len(p.opened) - 1; i >= 0; i-- {
		if err := p.opened[i].Stop(ctx); err != nil {
			p.log.Warn("closing", zap.String("part", p.opened[i].Name), zap.Error(err))
		}
	}
	p.opened = nil
}

func (p *process) serve(ctx context.Context, svc Service) error {
	// The address first: a port in use is told before anything was changed.
	listener, err := Listen(ctx, p.env.Addr)
	if err != nil {
		return err
	}
	if err := p.prepare(ctx, svc); err != nil {
		return errors.Join(err, listener.Close())
	}

	state := health.New(p.log,
		health.Check{Name: "mongodb", Probe: ping(p.parts.DB.Client())},
		health.Check{Name: "bus", Probe: p.parts.Bus.Ready},
		health.Check{Name: p.name, Probe: svc.Ready},
	)
	// Read from the bottom, this is the order of stopping: accept nothing more and finish requests; stop pulling, finish,
	// acknowledge, relay; close the bus; disconnect the database; send the last telemetry.
	p.group.Add(p.opened...)
	p.opened = nil
	p.group.Add(
		run.Part{Name: p.name, Run: svc.Run},
		run.Part{Name: "http", Run: p.listen(listener, svc, state)},
	)
	if p.env.MetricsAddr != "" {
		p.group.Add(run.Part{Name: "metrics", Run: func(ctx context.Context) error {
			return ServeMetrics(ctx, p.env.MetricsAddr, p.parts.Telemetry, p.log)
		}})
	}
	if p.env.ClockOffset != 0 {
		p.log.Warn("living in another time than the machine's: for drills only", zap.Duration("offset", p.env.ClockOffset))
	}
	p.log.Info("serving", zap.String("address", listener.Addr().String()))
	err = p.group.Run(ctx)
	p.log.Info("stopped")
	return err
}

func (p *process) prepare(ctx context.Context, svc Service) error {
	if p.env.AutoMigrate {
		return Prepare(ctx, p.parts, svc)
	}
	if err := p.parts.Bus.EnsureStream(ctx, p.name); err != nil {
		return fmt.Errorf("making the stream of %s: %w", p.name, err)
	}
	return nil
}

func (p *process) listen(listener net.Listener, svc Service, state *health.Health) func(context.Context) error {
	mux := http.NewServeMux()
	state.Register(mux)
	mux.Handle("/", svc.Handler())
	return func(ctx context.Context) error {
		context.AfterFunc(ctx, state.Drain)
		return ServeOn(ctx, listener, mux, p.log)
	}
}

func ping(client *mongo.Client) func(context.Context) error {
	return func(ctx context.Context) error { return client.Ping(ctx, readpref.Primary()) }
}
