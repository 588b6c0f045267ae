// Package rpc answers MomentsService: it authorises, asks the domain and converts.
package rpc

import (
	"context"
	"errors"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/closing"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/opening"
	"jalon.dev/services/moments/internal/survey"
)

// Handler implements momentsv1connect.MomentsServiceHandler.
type Handler struct {
	Catalogue      moment.Catalogue
	Questionnaires survey.Questionnaires
	Clock          clock.Clock
	People         *people.Register
	Agenda         *agenda.Agenda
	Opener         opening.Opener
	Closer         *closing.Closer
	Moments        *mongostore.Moments
	Responses      *mongostore.Responses
	FollowUps      *mongostore.FollowUps
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
	return moment.Contract{FirstDay: p.HiredOn, LastDay: p.LeftOn}
}

// person returns what is known of a person; somebody unknown is nobody's report and in no unit.
func (h Handler) person(ctx context.Context, id string) (people.Person, bool, error) {
	p, err := h.People.Get(ctx, id)
	if errors.Is(err, mongodb.ErrNotFound) {
		return people.Person{ID: id}, false, nil
	}
	return p, err == nil, err
}

// ListKeyMoments returns the catalogue.
func (h Handler) ListKeyMoments(ctx context.Context, _ *momentsv1.ListKeyMomentsRequest) (*momentsv1.ListKeyMomentsResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceListKeyMomentsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	res := &momentsv1.ListKeyMomentsResponse{}
	for _, km := range h.Catalogue {
		entry := &momentsv1.KeyMoment{Code: km.Code}
		for _, rule := range km.FollowUps {
			entry.FollowUps = append(entry.FollowUps, &momentsv1.FollowUpRule{
				Code: rule.Code, OffsetDays: int32(rule.OffsetDays), QuestionnaireId: rule.Questionnaire,
			})
		}
		res.KeyMoments = append(res.KeyMoments, entry)
	}
	return res, nil
}
