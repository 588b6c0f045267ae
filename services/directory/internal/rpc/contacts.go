package rpc

import (
	"context"

	"jalon.dev/pkg/policy"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// GetContacts tells how to write to people.
func (h *Handler) GetContacts(ctx context.Context, req *directoryv1.GetContactsRequest) (*directoryv1.GetContactsResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceGetContactsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	people, err := h.store.Get(ctx, req.GetIds())
	if err != nil {
		return nil, err
	}
	res := &directoryv1.GetContactsResponse{}
	for _, p := range people {
		res.Contacts = append(res.Contacts, &directoryv1.Contact{
			PersonId: p.ID, GivenName: p.GivenName, FamilyName: p.FamilyName, Email: p.Email, Language: p.Language,
		})
	}
	return res, nil
}
