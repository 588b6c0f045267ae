package moments_test

import (
	"context"
	"errors"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/telemetry"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

// numbers is a directory that knows whose each employee number is, and nothing else.
type numbers struct {
	directoryv1connect.UnimplementedDirectoryServiceHandler
	people map[string]string
}

func (n numbers) FindPerson(_ context.Context, req *directoryv1.FindPersonRequest) (*directoryv1.FindPersonResponse, error) {
	id, ok := n.people[req.GetNumber()]
	if !ok {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such employee number"))
	}
	return &directoryv1.FindPersonResponse{Person: &directoryv1.PersonCard{Id: id}}, nil
}

// numbered lets directory know person 2 as 001002 and person 5 as 001005.
func (in *installation) numbered() {
	in.t.Helper()
	options, err := rpc.Interceptors("directory", in.parts.Signer, zap.NewNop(), telemetry.Nothing())
	require.NoError(in.t, err)
	known := numbers{people: map[string]string{"001002": personID(2), "001005": personID(5)}}
	_, handler := directoryv1connect.NewDirectoryServiceHandler(known, options...)
	in.net.Handle("directory", handler)
}

func TestAnOutsideSystemNamesAPersonByTheEmployeeNumber(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	in.numbered()
	ctx := identity.NewContext(t.Context(), identity.Actor{Roles: []identity.Role{identity.Integration}, Key: "training"})
	request := &momentsv1.DeclareMomentRequest{KeyMoment: "training", EmployeeNumber: "001002", RequestId: requestID}
	first, err := in.client().DeclareMoment(ctx, request)
	require.NoError(t, err)
	require.Len(t, in.momentsOf(personID(2)), 1)
	again, err := in.client().DeclareMoment(ctx, request)
	require.NoError(t, err)
	require.True(t, again.GetAlreadyKnown())
	_, err = in.client().CancelMoment(ctx, &momentsv1.CancelMomentRequest{MomentId: first.GetMomentId(), Reason: "Session annulée."})
	require.NoError(t, err)

	_, err = in.client().DeclareMoment(ctx, &momentsv1.DeclareMomentRequest{KeyMoment: "training", EmployeeNumber: "999999"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	_, err = in.client().DeclareMoment(ctx, &momentsv1.DeclareMomentRequest{KeyMoment: "training", EmployeeNumber: "001002", PersonId: personID(2)})
	require.Equal(t, "employee_number", rpc.Violations(err)[0].Field)
}

func TestAManagerLearnsNothingOfNumbersOutsideTheTeam(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	in.numbered()
	for number, want := range map[string]connect.Code{"001002": 0, "001005": connect.CodePermissionDenied, "999999": connect.CodePermissionDenied} {
		_, err := in.client().DeclareMoment(in.as(personID(1)), &momentsv1.DeclareMomentRequest{KeyMoment: "training", EmployeeNumber: number})
		if want == 0 {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, want, connect.CodeOf(err), number)
	}
}
