package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/telemetry"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory"
	"jalon.dev/services/interviews"
)

const settlePatience = 15 * time.Minute

// lone is one service by itself, as in a process of its own, over the engine and the NATS server of a raw.
type lone struct {
	*raw
	db      *mongo.Database
	bus     *bus.Bus
	clock   *clock.Movable
	service service.Service
	peers   rpc.Peers
}

// nobodyBefore is a directory that knew nobody before.
type nobodyBefore struct {
	directoryv1connect.UnimplementedDirectoryServiceHandler
}

func (nobodyBefore) Snapshot(context.Context, *directoryv1.SnapshotRequest) (*directoryv1.SnapshotResponse, error) {
	return &directoryv1.SnapshotResponse{}, nil
}

// loneInterviews is interviews, beside a directory that knew nobody before.
func loneInterviews(ctx context.Context, now time.Time) (*lone, error) {
	return openLone(ctx, now, "interviews", func(parts service.Parts, near *rpc.InProcess) (service.Service, error) {
		neighbour := parts
		neighbour.Name = "directory"
		options, err := neighbour.HandlerOptions()
		if err != nil {
			return nil, err
		}
		mux := http.NewServeMux()
		mux.Handle(directoryv1connect.NewDirectoryServiceHandler(nobodyBefore{}, options...))
		near.Handle("directory", mux)
		if err := parts.Bus.EnsureStream(ctx, "directory"); err != nil {
			return nil, err
		}
		return interviews.New(parts, interviews.Config{Keys: "a master key that only this measurement seals with"})
	})
}

func loneDirectory(ctx context.Context, now time.Time) (*lone, error) {
	return openLone(ctx, now, "directory", func(parts service.Parts, _ *rpc.InProcess) (service.Service, error) {
		return directory.New(parts, directory.DefaultConfig())
	})
}

func openLone(ctx context.Context, now time.Time, name string, build func(service.Parts, *rpc.InProcess) (service.Service, error)) (*lone, error) {
	r, err := openRaw(ctx)
	if err != nil {
		return nil, err
	}
	l := &lone{raw: r, db: r.client.Database("jalon_" + name), clock: clock.NewMovable(now)}
	if err := l.start(ctx, name, build); err != nil {
		return nil, errors.Join(err, l.end())
	}
	return l, nil
}

func (l *lone) start(ctx context.Context, name string, build func(service.Parts, *rpc.InProcess) (service.Service, error)) (err error) {
	if l.bus, err = bus.Connect(ctx, bus.Config{Name: "bench", InProcess: l.server}, zap.NewNop()); err != nil {
		return err
	}
	signer, err := identity.NewSigner([]byte("a key that only this measurement signs with"))
	if err != nil {
		return err
	}
	near := rpc.NewInProcess(nil)
	if l.peers, err = rpc.NewPeers(near.Addresses(), near, signer, telemetry.Nothing()); err != nil {
		return err
	}
	parts := service.Parts{
		Name: name, DB: l.db, Bus: l.bus, Clock: l.clock, Log: zap.NewNop(), Signer: signer, Peers: l.peers, Telemetry: telemetry.Nothing(),
	}
	if l.service, err = build(parts, near); err != nil {
		return err
	}
	if err := service.Prepare(ctx, parts, l.service); err != nil {
		return err
	}
	near.Handle(name, l.service.Handler())
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- l.service.Run(serving) }()
	before := l.end
	l.end = func() error {
		stop()
		return errors.Join(<-ended, l.bus.Close(), before())
	}
	return l.settle(ctx)
}

// settle waits until nothing is due, unhandled or unpublished.
func (l *lone) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settlePatience)
	defer cancel()
	for quiet := 0; quiet < 2; {
		handled, err := l.bus.Settled(ctx)
		if err != nil {
			return err
		}
		done, err := l.service.Settled(ctx)
		if err != nil {
			return err
		}
		if handled && done && l.service.Ready(ctx) == nil {
			quiet++
			continue
		}
		quiet = 0
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the service to settle: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond): // each look costs the engine some counting
		}
	}
	return nil
}

// hear publishes what directory would.
func (l *lone) hear(ctx context.Context, messages ...proto.Message) error {
	events := make([]event.Event, len(messages))
	for i, msg := range messages {
		var err error
		if events[i], err = event.New(ctx, "directory", "", l.clock.Now(), msg); err != nil {
			return err
		}
	}
	return l.bus.PublishEvents(ctx, events)
}
