package rpc

import (
	"cmp"
	"context"
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/contact"
)

var _ momentsv1connect.ContactsServiceHandler = Handler{}

// doneListed is how many of those who were contacted are listed: the last ones.
const doneListed = 50

// asksContact tells that the person may ask to be contacted: what is answered with the name needs no such wish, and a guest has
// no name that HR would find.
func (in invitation) asksContact() bool {
	return in.AsksContact && !in.questionnaire.Named && !in.Moment.Guest
}

// wantContact keeps the wish of whoever answers an invitation, unless it was answered before.
func (h Handler) wantContact(ctx context.Context, in invitation, responseID string) error {
	answered, err := h.Responses.Exists(ctx, responseID)
	if err != nil || answered {
		return err
	}
	return h.Contacts.Want(ctx, contact.New(in.PersonID, in.KeyMoment, clock.DateOf(h.Clock.Now(), in.Zone)))
}

// ListContactRequests tells HR who wants to be contacted.
func (h Handler) ListContactRequests(
	ctx context.Context, _ *momentsv1.ListContactRequestsRequest,
) (*momentsv1.ListContactRequestsResponse, error) {
	units, err := within(ctx, momentsv1connect.ContactsServiceListContactRequestsProcedure, policy.Subject{})
	if err != nil {
		return nil, err
	}
	all, err := h.Contacts.All(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.PersonID
	}
	known, err := h.People.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r contact.Request) bool { return units != nil && !worksIn(known[r.PersonID], units) })
	slices.SortFunc(all, func(a, b contact.Request) int {
		switch {
		case a.Done() != b.Done() && a.Done():
			return 1
		case a.Done() != b.Done():
			return -1
		case a.Done():
			return cmp.Or(b.DoneOn.Compare(a.DoneOn), cmp.Compare(a.ID, b.ID))
		default:
			return cmp.Or(a.AskedOn.Compare(b.AskedOn), cmp.Compare(a.ID, b.ID))
		}
	})
	res := &momentsv1.ListContactRequestsResponse{}
	done := 0
	for _, r := range all {
		if r.Done() {
			if done++; done > doneListed {
				res.Older++
				continue
			}
		}
		res.Requests = append(res.Requests, &momentsv1.ContactRequest{
			Id: r.ID, PersonId: r.PersonID, KeyMoment: r.KeyMoment, AskedOn: r.AskedOn.String(), DoneOn: dayOf(r.DoneOn), DoneBy: r.DoneBy,
		})
	}
	return res, nil
}

func worksIn(p people.Person, units []string) bool {
	return slices.ContainsFunc(p.UnitPath, func(unit string) bool { return slices.Contains(units, unit) })
}

// dayOf is a date, empty for none.
func dayOf(d clock.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// MarkContactRequest notes that somebody was contacted, or not yet.
func (h Handler) MarkContactRequest(
	ctx context.Context, req *momentsv1.MarkContactRequestRequest,
) (*momentsv1.MarkContactRequestResponse, error) {
	r, err := h.Contacts.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	p, _, err := h.person(ctx, r.PersonID)
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, momentsv1connect.ContactsServiceMarkContactRequestProcedure, subject(p)); err != nil {
		return nil, err
	}
	var (
		on clock.Date
		by string
	)
	if req.GetDone() {
		actor, _ := identity.FromContext(ctx)
		on, by = clock.DateOf(h.Clock.Now(), p.Location()), actor.PersonID
	}
	return &momentsv1.MarkContactRequestResponse{}, h.Contacts.Mark(ctx, r.ID, on, by)
}
