// Package rpc serves directory's API: it authorises, converts and asks.
package rpc

import (
	"context"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory/internal/applying"
	"jalon.dev/services/directory/internal/mongostore"
)

// Handler implements directoryv1connect.DirectoryServiceHandler.
type Handler struct {
	store    *mongostore.Store
	importer *applying.Importer
	company  Company
}

// Company holds the defaults of people and units that have no setting of their own.
type Company struct{ TimeZone string }

var _ directoryv1connect.DirectoryServiceHandler = (*Handler)(nil)

// New serves from the store.
func New(store *mongostore.Store, importer *applying.Importer, company Company) *Handler {
	return &Handler{store: store, importer: importer, company: company}
}

// allow asks the table for the actor behind the call; nobody is refused like a stranger.
func allow(ctx context.Context, procedure string, subject policy.Subject) error {
	actor, _ := identity.FromContext(ctx)
	return policy.Allow(actor, procedure, subject)
}
