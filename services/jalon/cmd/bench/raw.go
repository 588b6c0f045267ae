package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongolocal"
	"jalon.dev/pkg/mongolocal/install"
	"jalon.dev/pkg/natslocal"
	"jalon.dev/services/jalon/internal/standalone"
)

// raw is the official clients alone, over an engine and a NATS server of the same kind as Jalon's, with nothing in them.
type raw struct {
	collection *mongo.Collection
	second     *mongo.Collection
	stream     jetstream.JetStream
	client     *mongo.Client
	server     *natslocal.Server
	end        func() error
}

const rawSubject = "raw.event"

func openRaw(ctx context.Context) (*raw, error) {
	dir, err := os.MkdirTemp("", "jalon-raw-")
	if err != nil {
		return nil, err
	}
	ends := []func() error{func() error { return os.RemoveAll(dir) }}
	end := func() error {
		var errs []error
		for i := len(ends) - 1; i >= 0; i-- {
			errs = append(errs, ends[i]())
		}
		return errors.Join(errs...)
	}
	uri := os.Getenv("MONGODB_URI")
	if uri == "" {
		library, err := install.Find()
		if err != nil {
			return nil, errors.Join(err, end())
		}
		engine, err := mongolocal.StartChild(ctx, mongolocal.ChildConfig{
			Args: []string{standalone.EngineArgument}, Library: library, DataDir: filepath.Join(dir, "mongodb"), Log: zap.NewNop(),
		})
		if err != nil {
			return nil, errors.Join(err, end())
		}
		ends = append(ends, func() error { engine.Stop(); return nil })
		uri = engine.URI()
	}
	client, err := mongo.Connect(mongodb.ClientOptions(uri))
	if err != nil {
		return nil, errors.Join(err, end())
	}
	db := client.Database("jalon_raw")
	ends = append(ends, func() error {
		return errors.Join(db.Drop(context.WithoutCancel(ctx)), client.Disconnect(context.WithoutCancel(ctx)))
	})
	server, err := natslocal.Start(natslocal.Config{Dir: filepath.Join(dir, "nats")})
	if err != nil {
		return nil, errors.Join(err, end())
	}
	ends = append(ends, func() error { server.Shutdown(); return nil })
	connection, err := nats.Connect("", nats.InProcessServer(server))
	if err != nil {
		return nil, errors.Join(err, end())
	}
	ends = append(ends, func() error { connection.Close(); return nil })
	js, err := jetstream.New(connection)
	if err != nil {
		return nil, errors.Join(err, end())
	}
	if _, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "RAW", Subjects: []string{rawSubject}}); err != nil {
		return nil, errors.Join(fmt.Errorf("making the raw stream: %w", err), end())
	}
	return &raw{collection: db.Collection("first"), second: db.Collection("second"), stream: js, client: client, server: server, end: end}, nil
}

// consumer is a durable of the raw stream, as a handler has one.
func (r *raw) consumer(ctx context.Context) (jetstream.Consumer, error) {
	return r.stream.CreateConsumer(ctx, "RAW", jetstream.ConsumerConfig{Durable: "raw", AckPolicy: jetstream.AckExplicitPolicy})
}
