package rpc

import (
	"context"
	"fmt"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// byNumber is a declaration whose person is named by id, which outside systems do not know: directory is asked whose the employee
// number is. Nobody's number leaves the person empty, so that whoever may declare nothing learns nothing of numbers.
func (h Handler) byNumber(ctx context.Context, req *momentsv1.DeclareMomentRequest) (*momentsv1.DeclareMomentRequest, error) {
	if req.GetEmployeeNumber() == "" {
		return req, nil
	}
	if req.GetPersonId() != "" || req.GetUnitId() != "" {
		return nil, rpc.InvalidField("employee_number", "must be empty where there is a person_id or a unit_id")
	}
	found, err := h.Directory.FindPerson(identity.AsService(ctx, "moments"), &directoryv1.FindPersonRequest{Number: req.GetEmployeeNumber()})
	if err != nil && !rpc.Is(err, connect.CodeNotFound) {
		return nil, fmt.Errorf("asking directory for an employee number: %w", err)
	}
	req = proto.CloneOf(req)
	req.PersonId = found.GetPerson().GetId()
	return req, nil
}
