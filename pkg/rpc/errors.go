// Package rpc is how Jalon's services talk to each other: what every handler and every client does, whatever the method.
package rpc

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
)

// All that a caller learns of an error that nobody meant for them.
var (
	errInternal    = errors.New("internal error")
	errUnavailable = errors.New("a part of Jalon does not answer: try again later")
)

// Error gives an error the code that callers decide by. Handlers return plain errors; the server's interceptor calls this.
// What carries a code already keeps it, unless it is one for "something broke": those, and errors of no known kind, become
// an internal error whose reason stays behind. known is false for those, and they want logging.
func Error(err error) (coded *connect.Error, known bool) {
	if ce, ok := errors.AsType[*connect.Error](err); ok {
		switch ce.Code() {
		case connect.CodeInternal, connect.CodeUnknown, connect.CodeDataLoss:
			return connect.NewError(connect.CodeInternal, errInternal), false
		case connect.CodeUnavailable:
			// A peer that was not reached: the reason holds addresses.
			return connect.NewError(connect.CodeUnavailable, errUnavailable), false
		default:
			return ce, true
		}
	}
	switch {
	case errors.Is(err, policy.ErrSignInFirst), errors.Is(err, identity.ErrBadToken):
		return connect.NewError(connect.CodeUnauthenticated, errors.New("sign in first")), true
	case errors.Is(err, policy.ErrDenied):
		return connect.NewError(connect.CodePermissionDenied, policy.ErrDenied), true
	case errors.Is(err, mongodb.ErrNotFound):
		return connect.NewError(connect.CodeNotFound, errors.New("not found")), true
	case errors.Is(err, mongodb.ErrConflict):
		return connect.NewError(connect.CodeAborted, errors.New("changed meanwhile: read it again and retry")), true
	case errors.Is(err, mongodb.ErrPageToken):
		return invalid(Violation{Field: "page_token", Description: "is of another list: start from the first page"}), true
	case errors.Is(err, context.Canceled):
		return connect.NewError(connect.CodeCanceled, context.Canceled), true
	case errors.Is(err, context.DeadlineExceeded):
		return connect.NewError(connect.CodeDeadlineExceeded, context.DeadlineExceeded), true
	default:
		return connect.NewError(connect.CodeInternal, errInternal), false
	}
}

// Violation is one field of a request that is not as it must be.
type Violation struct {
	// Field as the contract names it; "answers[2].number" for one inside.
	Field string
	// Description says what would be right. It never repeats the value, which may be personal.
	Description string
}

// Invalid returns the error for a request whose fields break a rule that the contract cannot express.
func Invalid(violations ...Violation) error { return invalid(violations...) }

func invalid(violations ...Violation) *connect.Error {
	texts := make([]string, len(violations))
	bad := &errdetails.BadRequest{}
	for i, v := range violations {
		texts[i] = v.Field + ": " + v.Description
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field: v.Field, Description: v.Description,
		})
	}
	err := connect.NewError(connect.CodeInvalidArgument, errors.New(strings.Join(texts, "; ")))
	// A detail that cannot be encoded is left out: the message names the fields too.
	if detail, encodeErr := connect.NewErrorDetail(bad); encodeErr == nil {
		err.AddDetail(detail)
	}
	return err
}

// InvalidField is Invalid for a single field.
func InvalidField(field, format string, args ...any) error {
	return Invalid(Violation{Field: field, Description: fmt.Sprintf(format, args...)})
}

// Violations returns the fields that an InvalidArgument error speaks of, whether the contract's rules or a handler found
// them; none for any other error.
func Violations(err error) []Violation {
	ce, ok := errors.AsType[*connect.Error](err)
	if !ok {
		return nil
	}
	var out []Violation
	for _, detail := range ce.Details() {
		msg, decodeErr := detail.Value()
		if decodeErr != nil {
			continue
		}
		switch bad := msg.(type) {
		case *errdetails.BadRequest:
			for _, v := range bad.GetFieldViolations() {
				out = append(out, Violation{Field: v.GetField(), Description: v.GetDescription()})
			}
		case *validate.Violations:
			for _, v := range bad.GetViolations() {
				out = append(out, Violation{Field: protovalidate.FieldPathString(v.GetField()), Description: v.GetMessage()})
			}
		}
	}
	return out
}

// Is tells whether err carries the code, as it does after a call that failed so.
func Is(err error, code connect.Code) bool {
	return err != nil && connect.CodeOf(err) == code
}
