package mail

import (
	"errors"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
)

// fate is what became of handing one mail over.
type fate int

const (
	// untried mails were not begun: no connection, or no time left.
	untried fate = iota
	taken
	// putOff mails were refused for now, or the connection broke before the last byte was out.
	putOff
	// bounced mails have an address that the server knows not to exist.
	bounced
	// refused mails are not wanted for another reason than their address.
	refused
	// unknown mails were out whole when the server fell silent: it may have taken them.
	unknown
)

// outcome is a fate, and the server's code for why. Its words are left out: they tend to quote addresses.
type outcome struct {
	fate   fate
	reason string
}

// Reasons that are not the server's.
const (
	noConnection = "no_connection"
	noAnswer     = "no_answer"
)

// step is how far the handing over had come.
type step int

const (
	atSender step = iota
	atRecipient
	atData
	atEnd
)

// judge says what an error at a step means for the mail.
func judge(at step, err error) outcome {
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		if at == atEnd {
			return outcome{unknown, noAnswer}
		}
		return outcome{putOff, noConnection}
	}
	why := enhanced(answer)
	reason := strings.TrimSpace(strconv.Itoa(answer.Code) + " " + why)
	switch {
	case answer.Code/100 != 5:
		return outcome{putOff, reason}
	case at == atSender:
		// Every mail has this sender: that is for the operator to repair, and no reason to give all of them up.
		return outcome{putOff, reason}
	case at == atRecipient && !strings.HasPrefix(why, policyRefusal):
		return outcome{bounced, reason}
	default:
		return outcome{refused, reason}
	}
}

// policyRefusal is how codes such as 5.7.1 begin: the server minds who asks, not whom is written to (RFC 3463).
const policyRefusal = "5.7."

var enhancedCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// enhanced is the code of RFC 2034 that an answer begins with; empty where it has none.
func enhanced(answer *textproto.Error) string { return enhancedCode.FindString(answer.Msg) }

// closing says whether the connection ends with this answer, or without one.
func closing(err error) bool {
	var answer *textproto.Error
	return !errors.As(err, &answer) || answer.Code == 421
}
