// Package rpc answers for barometer: it converts, asks the policy, and calls the domain.
package rpc

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/vault"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
)

// Handler implements barometerv1connect.BarometerServiceHandler.
type Handler struct {
	Register *people.Register
	Editions *mongostore.Editions
	Cells    *mongostore.Cells
	Electors *mongostore.Electors
	Sheets   *mongostore.Sheets
	Vault    *vault.Vault
	Clock    clock.Clock
	// Zone is the time zone in which editions begin and end.
	Zone string
	// Launched is told of an edition that was launched.
	Launched func()
}

var _ barometerv1connect.BarometerServiceHandler = Handler{}

// allow is for what concerns nobody in particular.
func allow(ctx context.Context, procedure string) error {
	actor, _ := identity.FromContext(ctx)
	return policy.Allow(actor, procedure, policy.Subject{})
}

// explained gives the domain's refusals the codes by which callers decide.
func explained(err error) error {
	var field *edition.FieldError
	switch {
	case errors.As(err, &field):
		return rpc.InvalidField(field.Field, "%s", field.Description)
	case errors.Is(err, edition.ErrLaunched), errors.Is(err, edition.ErrState):
		return connect.NewError(connect.CodeFailedPrecondition, edition.ErrLaunched)
	}
	return err
}
