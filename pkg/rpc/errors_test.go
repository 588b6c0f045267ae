package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
)

func TestErrorsGetTheCodeThatCallersDecideBy(t *testing.T) {
	for _, c := range []struct {
		err   error
		code  connect.Code
		known bool
	}{
		{policy.ErrDenied, connect.CodePermissionDenied, true},
		{policy.ErrSignInFirst, connect.CodeUnauthenticated, true},
		{identity.ErrBadToken, connect.CodeUnauthenticated, true},
		{mongodb.ErrNotFound, connect.CodeNotFound, true},
		{mongodb.ErrConflict, connect.CodeAborted, true},
		{mongodb.ErrPageToken, connect.CodeInvalidArgument, true},
		{context.Canceled, connect.CodeCanceled, true},
		{context.DeadlineExceeded, connect.CodeDeadlineExceeded, true},
		{connect.NewError(connect.CodeFailedPrecondition, errors.New("closed")), connect.CodeFailedPrecondition, true},
		{connect.NewError(connect.CodeUnavailable, errors.New("dial 10.0.0.7")), connect.CodeUnavailable, false},
		{connect.NewError(connect.CodeUnknown, errors.New("secret")), connect.CodeInternal, false},
		{errors.New("secret"), connect.CodeInternal, false},
	} {
		t.Run(c.err.Error(), func(t *testing.T) {
			coded, known := rpc.Error(fmt.Errorf("reading moment of Ada Lovelace: %w", c.err))
			require.Equal(t, c.code, coded.Code())
			require.Equal(t, c.known, known)
			require.NotContains(t, coded.Error(), "Lovelace")
			require.NotContains(t, coded.Error(), "secret")
			require.NotContains(t, coded.Error(), "10.0.0.7")
		})
	}
}

func TestPageSizesAreNormalised(t *testing.T) {
	for asked, expected := range map[int32]int{0: 50, 1: 1, 50: 50, 200: 200, 201: 200, 1 << 30: 200} {
		size, err := rpc.PageSize(asked, 50, 200)
		require.NoError(t, err)
		require.Equal(t, expected, size, "asked for %d", asked)
	}
	_, err := rpc.PageSize(-1, 50, 200)
	require.True(t, rpc.Is(err, connect.CodeInvalidArgument))
	require.Equal(t, "page_size", rpc.Violations(err)[0].Field)
}

func TestInvalidNamesEveryField(t *testing.T) {
	err := rpc.Invalid(
		rpc.Violation{Field: "answers[0].number", Description: "must be 1 to 5"},
		rpc.Violation{Field: "happens_on", Description: "is no date"},
	)
	require.True(t, rpc.Is(err, connect.CodeInvalidArgument))
	require.ErrorContains(t, err, "answers[0].number: must be 1 to 5; happens_on: is no date")
	require.Len(t, rpc.Violations(err), 2)
	require.Empty(t, rpc.Violations(errors.New("other")))
	require.False(t, rpc.Is(nil, connect.CodeUnknown))
}
