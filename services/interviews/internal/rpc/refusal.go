package rpc

import (
	"errors"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"

	"jalon.dev/services/interviews/internal/talk"
)

// reasons are the stable words under which screens find what to say of a refusal.
var reasons = map[error]string{
	talk.ErrNotYours:     "not_yours",
	talk.ErrNotPlanned:   "not_planned",
	talk.ErrFuture:       "future",
	talk.ErrBefore:       "before",
	talk.ErrLeft:         "left",
	talk.ErrOwnWord:      "own_word",
	talk.ErrNothingSaid:  "nothing_said",
	talk.ErrPast:         "past",
	talk.ErrTooFar:       "too_far",
	talk.ErrNoProposal:   "no_proposal",
	talk.ErrOwner:        "owner",
	talk.ErrNotAsked:     "not_asked",
	talk.ErrNotManager:   "not_manager",
	talk.ErrSettled:      "settled",
	talk.ErrNotStartable: "not_startable",
	errClosed:            "closed",
}

// errClosed says that a talk is over for so long that what was written in it stays.
var errClosed = errors.New("the talk is over: what was written in it stays")

// refused gives an error of the domain the code and the reason that callers decide by, and leaves any other as it is.
func refused(err error) error {
	for known, reason := range reasons {
		if !errors.Is(err, known) {
			continue
		}
		refusal := connect.NewError(connect.CodeFailedPrecondition, known)
		if detail, encodeErr := connect.NewErrorDetail(&errdetails.ErrorInfo{Reason: reason, Domain: "interviews"}); encodeErr == nil {
			refusal.AddDetail(detail)
		}
		return refusal
	}
	return err
}
