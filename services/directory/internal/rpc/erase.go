package rpc

import (
	"context"
	"errors"
	"strings"

	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/directory/internal/applying"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// ErasePerson removes a person, here and everywhere.
func (h *Handler) ErasePerson(ctx context.Context, req *directoryv1.ErasePersonRequest) (*directoryv1.ErasePersonResponse, error) {
	if err := allow(ctx, directoryv1connect.DirectoryServiceErasePersonProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	on, err := h.importer.Erase(ctx, applying.Erasure{
		PersonID: req.GetPersonId(), Number: strings.TrimSpace(req.GetConfirmNumber()), StillEmployed: req.GetStillEmployed(),
	})
	switch {
	case errors.Is(err, applying.ErrOtherNumber):
		return nil, rpc.InvalidField("confirm_number", "must be the employee number of the person to be erased")
	case errors.Is(err, applying.ErrStillEmployed):
		return nil, rpc.InvalidField("still_employed", "must be set to erase somebody who has not left yet")
	case err != nil:
		return nil, busy(err)
	}
	return &directoryv1.ErasePersonResponse{ErasedOn: on.String()}, nil
}
