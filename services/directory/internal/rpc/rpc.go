// Package rpc serves directory's API: it authorises, converts and asks.
package rpc

import (
	"context"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
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
	clock    clock.Clock
}

// Company is what the whole installation has in common.
type Company struct {
	TimeZone  string             // of people and units that have none of their own
	Calendars holidays.Calendars // the public holidays that it knows
}

var _ directoryv1connect.DirectoryServiceHandler = (*Handler)(nil)

// New serves from the store.
func New(store *mongostore.Store, importer *applying.Importer, company Company, clk clock.Clock) *Handler {
	return &Handler{store: store, importer: importer, company: company, clock: clk}
}

// today is the company's date.
func (h *Handler) today() clock.Date {
	zone, err := clock.Zone(h.company.TimeZone)
	if err != nil {
		zone = time.UTC // the configuration was checked; this machine's zones may have gone
	}
	return clock.DateOf(h.clock.Now(), zone)
}

// allow asks the table for the actor behind the call; nobody is refused like a stranger.
func allow(ctx context.Context, procedure string, subject policy.Subject) error {
	actor, _ := identity.FromContext(ctx)
	return policy.Allow(actor, procedure, subject)
}
