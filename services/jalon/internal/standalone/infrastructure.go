package standalone

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/health"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/logging"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongolocal"
	"jalon.dev/pkg/mongolocal/install"
	"jalon.dev/pkg/natslocal"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/run"
	"jalon.dev/pkg/telemetry"
	"jalon.dev/services/jalon/internal/demo"
)

// EngineArgument makes this program host the local MongoDB engine instead of being Jalon.
const EngineArgument = "engine"

// infrastructure opens what services stand on: time, telemetry, the database, the bus, and each other.
func (j *Jalon) infrastructure(ctx context.Context) error {
	steps := []func(context.Context) error{j.openClock, j.openTelemetry, j.openDatabase, j.openBus, j.openPeers}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (j *Jalon) opening(name string, stop func(context.Context) error) {
	j.opened = append(j.opened, run.Part{Name: name, Stop: stop})
}

func (j *Jalon) openClock(context.Context) error {
	if j.folder.Mode != Demo {
		j.clock = j.options.Clock
		if j.clock == nil {
			j.clock = clock.Shifted(j.settings.ClockOffset)
		}
		return nil
	}
	movable, err := demo.Clock(j.folder.Sub("demo.json"))
	if err != nil {
		return err
	}
	j.clock = movable
	return nil
}

func (j *Jalon) openTelemetry(ctx context.Context) (err error) {
	j.telemetry, err = telemetry.New(ctx, telemetry.Config{Service: "jalon", Version: j.options.Version})
	if err != nil {
		return fmt.Errorf("starting telemetry: %w", err)
	}
	j.opening("telemetry", j.telemetry.Shutdown)
	return nil
}

func (j *Jalon) openDatabase(ctx context.Context) error {
	uri := j.settings.MongoDB
	if uri == "" {
		if err := j.folder.refuseFullDisk(engineRoom); err != nil {
			return err
		}
		child := mongolocal.ChildConfig{Args: []string{EngineArgument}, DataDir: j.folder.Sub("mongodb"), Log: j.log}
		library, err := install.Install(ctx, install.Config{Child: child, Log: j.log})
		if err != nil {
			return err
		}
		child.Library = library
		engine, err := mongolocal.StartChild(ctx, child)
		if err != nil {
			return err
		}
		j.opening("engine", func(context.Context) error { engine.Stop(); return nil })
		j.log.Debug("local MongoDB engine started", zap.Int("pid", engine.PID()))
		uri = engine.URI()
		if err := j.folder.write(databaseFile, uri); err != nil {
			return err
		}
	}
	client, err := mongodb.Connect(ctx, uri)
	if err != nil {
		return fmt.Errorf("connecting to MongoDB: %w", err)
	}
	j.mongo = client
	j.opening("mongodb", client.Disconnect)
	j.checks = append(j.checks, health.Check{Name: "mongodb", Probe: func(ctx context.Context) error {
		return client.Ping(ctx, readpref.Primary())
	}})
	return nil
}

func (j *Jalon) openBus(ctx context.Context) error {
	cfg := bus.Config{URL: j.settings.NATS, Name: "jalon", Tracer: j.telemetry.Tracers, Meter: j.telemetry.Meters}
	if cfg.URL == "" {
		server, err := natslocal.Start(natslocal.Config{Dir: j.folder.Sub("nats"), Log: logging.Quiet(j.log)})
		if err != nil {
			return fmt.Errorf("starting the embedded bus: %w", err)
		}
		j.opening("nats", func(context.Context) error { server.Shutdown(); return nil })
		cfg.InProcess = server
	}
	events, err := bus.Connect(ctx, cfg, j.log)
	if err != nil {
		return fmt.Errorf("connecting to NATS: %w", err)
	}
	j.bus = events
	j.opening("bus", func(context.Context) error { return events.Close() })
	j.checks = append(j.checks, health.Check{Name: "bus", Probe: events.Ready})
	return nil
}

func (j *Jalon) openPeers(context.Context) (err error) {
	if j.signer, err = identity.NewSigner(j.folder.ServiceKey); err != nil {
		return err
	}
	j.peers, err = rpc.NewPeers(j.transport.Addresses(), j.transport, j.signer, j.telemetry)
	return err
}
