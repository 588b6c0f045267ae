// Package operator answers the command line: sign-in links, keys of outside systems, events as they pass, dead letters.
package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/portal/internal/apikey"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/roles"
	"jalon.dev/services/portal/internal/session"
)

const lettersPage = 100

// Server implements the contract's OperatorService.
type Server struct {
	portalv1connect.UnimplementedOperatorServiceHandler
	sessions  *session.Store
	roles     *roles.Book
	keys      *apikey.Book
	bus       *bus.Bus
	directory directoryv1connect.DirectoryServiceClient
}

// New returns the server.
func New(sessions *session.Store, book *roles.Book, keys *apikey.Book, events *bus.Bus, directory directoryv1connect.DirectoryServiceClient) *Server {
	return &Server{sessions: sessions, roles: book, keys: keys, bus: events, directory: directory}
}

// CreateSignInLink makes a link for a person by employee number, or for somebody whom no HR file names yet. A person's role is
// kept where HR sees it and takes it back; only who is no person brings it with the link, under an id of its own.
func (s *Server) CreateSignInLink(ctx context.Context, req *portalv1.CreateSignInLinkRequest) (*portalv1.CreateSignInLinkResponse, error) {
	link := session.Link{Name: req.GetName()}
	if number := req.GetEmployeeNumber(); number != "" {
		found, err := s.directory.FindPerson(ctx, &directoryv1.FindPersonRequest{Number: number})
		if err != nil {
			return nil, err
		}
		link.PersonID = found.GetPerson().GetId()
		audit.About(ctx, link.PersonID)
		link.Name = cmp.Or(link.Name, found.GetPerson().GetGivenName()+" "+found.GetPerson().GetFamilyName())
	}
	if link.PersonID == "" {
		if link.Name == "" || len(req.GetRoles()) == 0 {
			return nil, connect.NewError(connect.CodeInvalidArgument,
				errors.New("a link needs an employee number, or a name and the role hr: it would lead nowhere"))
		}
		link.AccessID = session.NewAccessID()
		audit.About(ctx, link.AccessID)
	}
	for _, role := range req.GetRoles() {
		if link.PersonID == "" {
			link.Roles = append(link.Roles, identity.Role(role))
			continue
		}
		if _, err := s.roles.Give(ctx, roles.Held{PersonID: link.PersonID, Role: identity.Role(role)}); err != nil {
			return nil, err
		}
	}
	token, expires, err := s.sessions.CreateLink(ctx, link)
	if err != nil {
		return nil, err
	}
	return &portalv1.CreateSignInLinkResponse{Path: "/signin/link/" + token, ExpiresAt: expires.Format(time.RFC3339)}, nil
}

// TailEvents sends the last events, then each as it happens.
func (s *Server) TailEvents(ctx context.Context, req *portalv1.TailEventsRequest, out *connect.ServerStream[portalv1.TailEventsResponse]) error {
	// The answer's head goes out at once: a quiet bus must not look like one that does not answer.
	if err := out.Send(nil); err != nil {
		return fmt.Errorf("opening the stream: %w", err)
	}
	return s.bus.Tail(ctx, int(req.GetLast()), req.GetType(), req.GetOnce(), func(ev event.Event) error {
		text, err := event.JSON(ev)
		if err != nil {
			return fmt.Errorf("writing event %s: %w", ev.ID, err)
		}
		return out.Send(&portalv1.TailEventsResponse{CloudEvent: string(text)})
	})
}

// ListDeadLetters returns the newest first.
func (s *Server) ListDeadLetters(ctx context.Context, req *portalv1.ListDeadLettersRequest) (*portalv1.ListDeadLettersResponse, error) {
	letters, err := s.bus.DeadLetters().List(ctx)
	if err != nil {
		return nil, err
	}
	slices.Reverse(letters)
	size := int(cmp.Or(req.GetPageSize(), lettersPage))
	answer := &portalv1.ListDeadLettersResponse{}
	for _, letter := range letters[:min(len(letters), size)] {
		answer.DeadLetters = append(answer.DeadLetters, deadLetter(letter))
	}
	return answer, nil
}

// GetDeadLetter returns one with its content.
func (s *Server) GetDeadLetter(ctx context.Context, req *portalv1.GetDeadLetterRequest) (*portalv1.GetDeadLetterResponse, error) {
	letter, err := s.bus.DeadLetters().Get(ctx, req.GetId())
	if err != nil {
		return nil, coded(err)
	}
	answer := &portalv1.GetDeadLetterResponse{DeadLetter: deadLetter(letter)}
	if letter.Broken != "" {
		return answer, nil
	}
	text, err := event.JSON(letter.Event)
	if err != nil {
		return nil, fmt.Errorf("writing event %s: %w", letter.Event.ID, err)
	}
	answer.CloudEvent = string(text)
	return answer, nil
}

// ReplayDeadLetters gives letters back to the handler that failed; all of them when none is named.
func (s *Server) ReplayDeadLetters(ctx context.Context, req *portalv1.ReplayDeadLettersRequest) (*portalv1.ReplayDeadLettersResponse, error) {
	ids := req.GetIds()
	if len(ids) == 0 {
		letters, err := s.bus.DeadLetters().List(ctx)
		if err != nil {
			return nil, err
		}
		for _, letter := range letters {
			ids = append(ids, letter.ID)
		}
	}
	if len(ids) == 0 {
		return &portalv1.ReplayDeadLettersResponse{}, nil
	}
	replayed, err := s.bus.DeadLetters().Replay(ctx, ids...)
	if err != nil {
		return nil, coded(err)
	}
	return &portalv1.ReplayDeadLettersResponse{Replayed: int32(replayed)}, nil
}

func deadLetter(letter bus.Letter) *portalv1.DeadLetter {
	return &portalv1.DeadLetter{
		Id: letter.ID, EventType: letter.Event.Type, EventId: cmp.Or(letter.Event.ID, letter.MessageID), Handler: letter.Handler,
		Reason: cmp.Or(letter.Broken, letter.Reason), FailedAt: letter.DiedAt.Format(time.RFC3339),
	}
}

func coded(err error) error {
	switch {
	case errors.Is(err, bus.ErrNoLetter):
		return connect.NewError(connect.CodeNotFound, err)
	case errors.Is(err, bus.ErrNoHandler):
		return connect.NewError(connect.CodeFailedPrecondition, err)
	default:
		return err
	}
}
