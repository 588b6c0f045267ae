package web

import (
	"context"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

const namesAtOnce = 1000

// cards asks directory for people whom the reader may see already; the portal asks for itself, because the relation that
// lets the reader see them is not directory's to know.
func (s *Site) cards(ctx context.Context, ids ...string) (map[string]*directoryv1.PersonCard, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" })
	cards := make(map[string]*directoryv1.PersonCard, len(ids))
	ctx = identity.AsService(ctx, serviceName)
	for chunk := range slices.Chunk(ids, namesAtOnce) {
		found, err := s.Peers.Directory().BatchGetPeople(ctx, &directoryv1.BatchGetPeopleRequest{Ids: chunk})
		if err != nil {
			return nil, err
		}
		for _, card := range found.GetPeople() {
			cards[card.GetId()] = card
		}
	}
	return cards, nil
}

func fullName(card *directoryv1.PersonCard) string {
	name := strings.TrimSpace(card.GetGivenName() + " " + card.GetFamilyName())
	if name == "" {
		return card.GetNumber()
	}
	return name
}

// clip shortens a text to at most n bytes at a character's edge.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}

// numbered is the person with an employee number; nil for none.
func (s *Site) numbered(ctx context.Context, number string) (*directoryv1.PersonCard, error) {
	if number == "" {
		return nil, nil //nolint:nilnil // nobody is a usual answer
	}
	found, err := s.Peers.Directory().FindPerson(ctx, &directoryv1.FindPersonRequest{Number: clip(number, 100)})
	if rpc.Is(err, connect.CodeNotFound) || rpc.Is(err, connect.CodeInvalidArgument) {
		return nil, nil //nolint:nilnil // as above
	}
	return found.GetPerson(), err
}
