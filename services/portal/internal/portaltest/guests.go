package portaltest

import (
	"context"
	"errors"
	"net/http"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
)

// Tokens of personal links: of a survey that is open, and of one whose questions come tomorrow.
const (
	GuestToken = "an-open-link"
	EarlyToken = "a-link-for-tomorrow" //nolint:gosec // it opens nothing outside tests
)

// Wish is the id of the one who waits to be contacted.
const Wish = "0c000000-0000-4000-8000-000000000001"

// Guests are what was asked of moments about people without an account.
type Guests struct {
	// Survey is what the open link leads to.
	Survey    *momentsv1.GetSurveyResponse
	Declared  []*momentsv1.DeclareGuestMomentRequest
	Links     []*momentsv1.CreateGuestLinkRequest
	Stored    []*momentsv1.SubmitGuestResponseRequest
	Drafts    []*momentsv1.SaveGuestDraftRequest
	Contacted []*momentsv1.MarkContactRequestRequest
	// Asked counts how often a survey was looked at.
	Asked int
}

type guestsFake struct{ *Fakes }

type contactsFake struct{ *Fakes }

// serveMoments is the contracts of moments behind one address.
func (f *Fakes) serveMoments(options ...connect.HandlerOption) (string, http.Handler) {
	mux := http.NewServeMux()
	mux.Handle(momentsv1connect.NewMomentsServiceHandler(momentsFake{Fakes: f}, options...))
	mux.Handle(momentsv1connect.NewGuestsServiceHandler(guestsFake{f}, options...))
	mux.Handle(momentsv1connect.NewContactsServiceHandler(contactsFake{f}, options...))
	mux.Handle(momentsv1connect.NewCampaignsServiceHandler(campaignsFake{f}, options...))
	mux.Handle(momentsv1connect.NewAudiencesServiceHandler(audiencesFake{f}, options...))
	mux.Handle(momentsv1connect.NewSeriesServiceHandler(seriesFake{f}, options...))
	mux.Handle(momentsv1connect.NewCampaignResultsServiceHandler(campaignsFake{f}, options...))
	mux.Handle(momentsv1connect.NewCampaignCareServiceHandler(careFake{f}, options...))
	return "/", mux
}

func guestLink() *momentsv1.GuestLink {
	return &momentsv1.GuestLink{FollowUp: "day_1", Path: "/g/" + GuestToken, OpensAt: "2026-11-04T09:00:00Z", ExpiresAt: "2026-11-18T09:00:00Z"}
}

func (g guestsFake) DeclareGuestMoment(_ context.Context, req *momentsv1.DeclareGuestMomentRequest) (*momentsv1.DeclareGuestMomentResponse, error) {
	if req.GetHappensOn() == "2026-02-30" {
		return nil, rpc.InvalidField("happens_on", "must be a date that exists")
	}
	g.Set(func(s *State) { s.Guests.Declared = append(s.Guests.Declared, req) })
	return &momentsv1.DeclareGuestMomentResponse{MomentId: Moment, Links: []*momentsv1.GuestLink{guestLink()}}, nil
}

func (g guestsFake) CreateGuestLink(_ context.Context, req *momentsv1.CreateGuestLinkRequest) (*momentsv1.CreateGuestLinkResponse, error) {
	g.Set(func(s *State) { s.Guests.Links = append(s.Guests.Links, req) })
	return &momentsv1.CreateGuestLinkResponse{Link: guestLink()}, nil
}

var errNoLink = connect.NewError(connect.CodeNotFound, errors.New("no such link"))

func (g guestsFake) GetGuestSurvey(_ context.Context, req *momentsv1.GetGuestSurveyRequest) (*momentsv1.GetGuestSurveyResponse, error) {
	g.Set(func(s *State) { s.Guests.Asked++ })
	res := &momentsv1.GetGuestSurveyResponse{Language: "en", FirstName: "Nour <b>", TimeZone: "Europe/Paris"}
	switch req.GetToken() {
	case GuestToken:
		res.Survey, _ = proto.Clone(g.Now().Guests.Survey).(*momentsv1.GetSurveyResponse)
	case EarlyToken:
		res.OpensAt = "2026-11-04T09:00:00Z"
	default:
		return nil, errNoLink
	}
	return res, nil
}

func (g guestsFake) SubmitGuestResponse(_ context.Context, req *momentsv1.SubmitGuestResponseRequest) (*momentsv1.SubmitGuestResponseResponse, error) {
	switch {
	case req.GetToken() != GuestToken:
		return nil, errNoLink
	case len(req.GetAnswers()) == 0:
		return nil, rpc.InvalidField("feeling", "an answer is needed")
	}
	first := true
	g.Set(func(s *State) {
		first = len(s.Guests.Stored) == 0
		s.Guests.Stored = append(s.Guests.Stored, req)
		s.Guests.Survey.State = momentsv1.GetSurveyResponse_STATE_ANSWERED
	})
	return &momentsv1.SubmitGuestResponseResponse{AlreadyAnswered: !first}, nil
}

func (g guestsFake) SaveGuestDraft(_ context.Context, req *momentsv1.SaveGuestDraftRequest) (*momentsv1.SaveGuestDraftResponse, error) {
	g.Set(func(s *State) { s.Guests.Drafts = append(s.Guests.Drafts, req) })
	return &momentsv1.SaveGuestDraftResponse{}, nil
}

func (c contactsFake) ListContactRequests(context.Context, *momentsv1.ListContactRequestsRequest) (*momentsv1.ListContactRequestsResponse, error) {
	if c.Now().Empty {
		return &momentsv1.ListContactRequestsResponse{}, nil
	}
	return &momentsv1.ListContactRequestsResponse{Older: 2, Requests: []*momentsv1.ContactRequest{
		{Id: Wish, PersonId: Lea, KeyMoment: "onboarding", AskedOn: "2026-11-02"},
		{Id: "0c000000-0000-4000-8000-000000000002", PersonId: Karim, KeyMoment: "training", AskedOn: "2026-10-20", DoneOn: "2026-10-22", DoneBy: Jeanne},
	}}, nil
}

func (c contactsFake) MarkContactRequest(_ context.Context, req *momentsv1.MarkContactRequestRequest) (*momentsv1.MarkContactRequestResponse, error) {
	c.Set(func(s *State) { s.Guests.Contacted = append(s.Guests.Contacted, req) })
	return &momentsv1.MarkContactRequestResponse{}, nil
}
