package rpc

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/due"
	"jalon.dev/services/moments/internal/guest"
	"jalon.dev/services/moments/internal/moment"
)

var _ momentsv1connect.GuestsServiceHandler = Handler{}

// DeclareGuestMoment opens the moment of somebody without an account. The guest is kept before the moment is, and when both are
// to be forgotten is planned before either: whatever fails in between, nobody stays for ever.
func (h Handler) DeclareGuestMoment(
	ctx context.Context, req *momentsv1.DeclareGuestMomentRequest,
) (*momentsv1.DeclareGuestMomentResponse, error) {
	about, err := h.unitSubject(ctx, req.GetUnitId())
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, momentsv1connect.GuestsServiceDeclareGuestMomentProcedure, about); err != nil {
		return nil, err
	}
	if len(about.UnitPath) == 0 {
		return nil, rpc.InvalidField("unit_id", "must be a unit of the company")
	}
	catalogue, err := h.KeyMoments.Current(ctx)
	if err != nil {
		return nil, err
	}
	km, ok := catalogue.Find(req.GetKeyMoment())
	if !ok || !moment.ForGuests(km.Code) {
		return nil, rpc.InvalidField("key_moment", "must be a key moment that guests have: %s", moment.RecruitmentInterview)
	}
	zone, err := h.zoneOf(ctx, about.UnitPath)
	if err != nil {
		return nil, err
	}
	m, err := h.guestMoment(ctx, req, km, moment.Person{UnitPath: about.UnitPath, Zone: zone})
	if err != nil {
		return nil, err
	}
	opened, err := h.Opener.Declare(ctx, m)
	if err != nil {
		return nil, err
	}
	if !opened {
		if m, err = h.Moments.Get(ctx, m.ID); err != nil { // what was planned then counts
			return nil, err
		}
	}
	links, err := h.newLinks(ctx, m, m.Planned()...)
	if err != nil {
		return nil, err
	}
	return &momentsv1.DeclareGuestMomentResponse{MomentId: m.ID, AlreadyKnown: !opened, Links: links}, nil
}

// guestMoment keeps the guest and makes the moment. The same request means the same guest and the same day.
func (h Handler) guestMoment(
	ctx context.Context, req *momentsv1.DeclareGuestMomentRequest, km moment.KeyMoment, who moment.Person,
) (moment.Moment, error) {
	who.ID = uuid.NewString()
	if req.GetRequestId() != "" {
		who.ID = event.ID("guest", req.GetRequestId())
	}
	happensOn, now, err := h.dated(ctx, &momentsv1.DeclareMomentRequest{
		KeyMoment: km.Code, UnitId: req.GetUnitId(), HappensOn: req.GetHappensOn(), RequestId: req.GetRequestId(),
	}, who.Zone)
	if err != nil {
		return moment.Moment{}, err
	}
	m := moment.OpenForGuest(km, who, happensOn, now)
	if len(m.Planned()) == 0 {
		return moment.Moment{}, rpc.InvalidField("happens_on", "must be a day about which something is still asked")
	}
	actor, _ := identity.FromContext(ctx)
	m.DeclaredBy = actor.PersonID
	if err := h.Agenda.Schedule(ctx, due.GuestEnd(m, h.GuestsKept)); err != nil {
		return moment.Moment{}, err
	}
	language := req.GetLanguage()
	if language == "" {
		language = "fr"
	}
	return m, h.Guests.Keep(ctx, guest.Guest{
		ID: who.ID, FirstName: strings.TrimSpace(req.GetFirstName()), Language: language,
	})
}

// zoneOf is the time zone in which a unit's people live: the first one's, or UTC where nobody works there or below it yet.
func (h Handler) zoneOf(ctx context.Context, path []string) (*time.Location, error) {
	for i := len(path) - 1; i >= 0; i-- {
		unit, err := h.People.Unit(ctx, path[i])
		if err != nil && !errors.Is(err, mongodb.ErrNotFound) {
			return nil, err
		}
		if unit.TimeZone != "" {
			zone, err := clock.Zone(unit.TimeZone)
			if err != nil {
				return nil, fmt.Errorf("reading the time zone of unit %s: %w", unit.ID, err)
			}
			return zone, nil
		}
	}
	return time.UTC, nil
}

// CreateGuestLink makes the one link to a follow-up that works from now on.
func (h Handler) CreateGuestLink(ctx context.Context, req *momentsv1.CreateGuestLinkRequest) (*momentsv1.CreateGuestLinkResponse, error) {
	m, err := h.Moments.Get(ctx, req.GetMomentId())
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, momentsv1connect.GuestsServiceCreateGuestLinkProcedure, policy.Subject{UnitPath: m.UnitPath}); err != nil {
		return nil, err
	}
	for _, f := range m.Planned() {
		if f.Code != req.GetFollowUp() || !m.ByLink(f.On) || m.Cancelled != nil {
			continue
		}
		if err := h.Agenda.Schedule(ctx, due.GuestEnd(m, h.GuestsKept)); err != nil {
			return nil, err
		}
		if err := h.Guests.DropLinks(ctx, f.InvitationID); err != nil {
			return nil, err
		}
		links, err := h.newLinks(ctx, m, f)
		if err != nil {
			return nil, err
		}
		return &momentsv1.CreateGuestLinkResponse{Link: links[0]}, nil
	}
	return nil, connect.NewError(connect.CodeFailedPrecondition, errors.New("nothing of this moment is reached by a personal link"))
}

// newLinks makes a link to each of the follow-ups.
func (h Handler) newLinks(ctx context.Context, m moment.Moment, followUps ...moment.FollowUp) ([]*momentsv1.GuestLink, error) {
	links, views := make([]guest.Link, len(followUps)), make([]*momentsv1.GuestLink, len(followUps))
	for i, f := range followUps {
		link, token := guest.NewLink(m.ID, f.InvitationID)
		zone, err := clock.Zone(f.Zone)
		if err != nil {
			return nil, fmt.Errorf("reading the time zone of follow-up %s: %w", f.InvitationID, err)
		}
		rule := moment.Rule{AnswerDays: f.AnswerDays, EndsWithMoment: f.EndsWithMoment}
		links[i] = link
		views[i] = &momentsv1.GuestLink{
			FollowUp: f.Code, Path: "/g/" + token, OpensAt: instant(f.Due), ExpiresAt: instant(rule.AnswerUntil(f.Due, m.HappensOn, zone)),
		}
	}
	return views, h.Guests.AddLinks(ctx, links...)
}
