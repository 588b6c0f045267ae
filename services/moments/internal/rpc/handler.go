// Package rpc answers MomentsService: it authorises, asks the domain and converts.
package rpc

import (
	"context"
	"errors"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
	"jalon.dev/services/moments/internal/campaigning"
	"jalon.dev/services/moments/internal/closing"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/opening"
	"jalon.dev/services/moments/internal/repeating"
)

// Handler answers the service's contracts: for people, for guests, for HR who contacts people, and for HR who asks an audience, keeps one and
// looks before.
type Handler struct {
	// Catalogue is the one that the installation comes with: its codes and questionnaires are the same in every version.
	Catalogue      moment.Catalogue
	KeyMoments     *mongostore.KeyMoments
	Requests       *mongostore.Requests
	Arrivals       *mongostore.Arrivals
	Questionnaires *mongostore.Questionnaires
	Clock          clock.Clock
	People         *people.Register
	Agenda         *agenda.Agenda
	Opener         opening.Opener
	Closer         *closing.Closer
	Moments        *mongostore.Moments
	Responses      *mongostore.Responses
	Drafts         *mongostore.Drafts
	FollowUps      *mongostore.FollowUps
	Guests         *mongostore.Guests
	Contacts       *mongostore.Contacts
	Campaigns      *mongostore.Campaigns
	Audiences      *mongostore.Audiences
	Reactions      *mongostore.Reactions
	Quiet          campaigning.Quiet
	Runner         campaigning.Runner
	Series         repeating.Runner
	// Directory knows whose an employee number is.
	Directory directoryv1connect.DirectoryServiceClient
	// Rehearsal knows what the gate would do.
	Rehearsal notificationsv1connect.RehearsalServiceClient
	// GuestsKept is how long guests are remembered after the last of their invitations ended.
	GuestsKept time.Duration
}

var _ momentsv1connect.MomentsServiceHandler = Handler{}

func allow(ctx context.Context, procedure string, subject policy.Subject) error {
	actor, _ := identity.FromContext(ctx)
	return policy.Allow(actor, procedure, subject)
}

// subject is whom a request about a person concerns.
func subject(p people.Person) policy.Subject {
	return policy.Subject{PersonID: p.ID, ManagerID: p.ManagerID, UnitPath: p.UnitPath}
}

func contract(p people.Person) moment.Contract {
	return moment.Contract{FirstDay: p.HiredOn, LastDay: p.LeftOn, ManagerID: p.ManagerID}
}

// person returns what is known of a person; somebody unknown is nobody's report and in no unit.
func (h Handler) person(ctx context.Context, id string) (people.Person, bool, error) {
	p, err := h.People.Get(ctx, id)
	if errors.Is(err, mongodb.ErrNotFound) {
		return people.Person{ID: id}, false, nil
	}
	return p, err == nil, err
}
