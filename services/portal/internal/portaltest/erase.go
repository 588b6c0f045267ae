package portaltest

import (
	"context"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// ErasePerson erases, except for whom the number is wrong or nobody left.
func (d directory) ErasePerson(_ context.Context, req *directoryv1.ErasePersonRequest) (*directoryv1.ErasePersonResponse, error) {
	for _, card := range Cards {
		switch {
		case card.GetId() != req.GetPersonId() || d.erased(card.GetId()):
		case card.GetNumber() != req.GetConfirmNumber():
			return nil, rpc.InvalidField("confirm_number", "is not hers")
		case card.GetLeftOn() == "" && !req.GetStillEmployed():
			return nil, rpc.InvalidField("still_employed", "must be set")
		}
	}
	d.Set(func(s *State) { s.Erased = append(s.Erased, req.GetPersonId()) })
	return &directoryv1.ErasePersonResponse{ErasedOn: "2026-11-03"}, nil
}

func (f *Fakes) erased(id string) bool {
	for _, gone := range f.Now().Erased {
		if gone == id {
			return true
		}
	}
	return false
}
