// Package service is the chassis of Jalon's services: what each is given, what each must be able to do, and the process
// around one of them. The standalone program puts all of them in one process on the same chassis.
package service

import (
	"context"
	"fmt"
	"net/http"

	"connectrpc.com/connect"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/telemetry"
)

// Parts is what a service is built from. Nothing in it says whether the service is alone in its process.
type Parts struct {
	// Name of the service: "moments". It is the audience of tokens, the prefix of durables and the name of its stream.
	Name      string
	DB        *mongo.Database
	Bus       *bus.Bus
	Clock     clock.Clock
	Log       *zap.Logger
	Signer    *identity.Signer
	Peers     rpc.Peers
	Telemetry *telemetry.Telemetry
}

// Meter is where the service's own measurements go.
func (p Parts) Meter() metric.Meter { return p.Telemetry.Meter("jalon.dev/services/" + p.Name) }

// HandlerOptions is what every Connect handler of the service is built with; see rpc.Interceptors.
func (p Parts) HandlerOptions() ([]connect.HandlerOption, error) {
	return rpc.Interceptors(p.Name, p.Signer, p.Log, p.Telemetry)
}

// Service is one of Jalon's services, built but not running.
type Service interface {
	// Handler serves the service's Connect procedures or pages. It may be called before Run.
	Handler() http.Handler
	// Run works until ctx ends; then it stops pulling, finishes what it began, acknowledges it, relays its events and returns
	// nil. Any other end is an error.
	Run(ctx context.Context) error
	// Ready returns nil when the service can do its work, else what it waits for.
	Ready(ctx context.Context) error
	// Settled tells that nothing is due and nothing waits to be published, by the service's clock.
	Settled(ctx context.Context) (bool, error)
}

// Migrator is a Service whose database has a shape of its own: indexes, and later changes.
type Migrator interface {
	// Migrate brings the database to the shape that this version needs. It may run in several replicas at once.
	Migrate(ctx context.Context) error
}

// Prepare makes what a service finds in place when it runs: the shape of its database and its stream.
func Prepare(ctx context.Context, parts Parts, s Service) error {
	if err := Migrate(ctx, parts, s); err != nil {
		return err
	}
	if err := parts.Bus.EnsureStream(ctx, parts.Name); err != nil {
		return fmt.Errorf("making the stream of %s: %w", parts.Name, err)
	}
	return nil
}

// Migrate brings the service's database to the shape that this version needs, where it has one.
func Migrate(ctx context.Context, parts Parts, s Service) error {
	m, ok := s.(Migrator)
	if !ok {
		return nil
	}
	if err := m.Migrate(ctx); err != nil {
		return fmt.Errorf("migrating the database of %s: %w", parts.Name, err)
	}
	return nil
}
