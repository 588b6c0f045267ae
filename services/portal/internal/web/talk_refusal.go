package web

import (
	"errors"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"

	"jalon.dev/pkg/rpc"
	"jalon.dev/services/portal/internal/i18n"
)

// refusal says in the reader's words why interviews did not do what it was asked; known is false for errors that are no refusal.
func refusal(words *i18n.Words, err error) (text string, known bool) {
	switch {
	case rpc.Is(err, connect.CodeAborted):
		return words.T("talk_refused.meanwhile"), true
	case rpc.Is(err, connect.CodeFailedPrecondition):
		return words.Or("talk_refused."+reasonOf(err), words.T("talk_refused.unknown")), true
	case rpc.Is(err, connect.CodeInvalidArgument):
		field := wrongField(err)
		if field == "talk_id" || field == "commitment_id" {
			return "", false // an address that leads nowhere
		}
		return words.Or("talk_wrong."+field, words.T("talk_wrong.unknown")), true
	default:
		return "", false
	}
}

// reasonOf is the stable word by which a refusal says why.
func reasonOf(err error) string {
	ce, ok := errors.AsType[*connect.Error](err)
	if !ok {
		return ""
	}
	for _, detail := range ce.Details() {
		if value, decodeErr := detail.Value(); decodeErr == nil {
			if info, is := value.(*errdetails.ErrorInfo); is {
				return info.GetReason()
			}
		}
	}
	return ""
}

// wrongField is the first field that is not as it must be: "text" for "points[2].text".
func wrongField(err error) string {
	for _, violation := range rpc.Violations(err) {
		return violation.Field[strings.LastIndex(violation.Field, ".")+1:]
	}
	return ""
}
