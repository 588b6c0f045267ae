package mail

import (
	"errors"
	"fmt"

	"github.com/emersion/go-smtp"
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
	var answer *smtp.SMTPError
	if !errors.As(err, &answer) {
		if at == atEnd {
			return outcome{unknown, noAnswer}
		}
		return outcome{putOff, noConnection}
	}
	reason := code(answer)
	switch {
	case answer.Temporary():
		return outcome{putOff, reason}
	case at == atSender:
		// Every mail has this sender: that is for the operator to repair, and no reason to give all of them up.
		return outcome{putOff, reason}
	case at == atRecipient && answer.EnhancedCode[1] != policyRefusal:
		return outcome{bounced, reason}
	default:
		return outcome{refused, reason}
	}
}

// policyRefusal is the second number of codes such as 5.7.1: the server minds who asks, not whom is written to (RFC 3463).
const policyRefusal = 7

func code(answer *smtp.SMTPError) string {
	e := answer.EnhancedCode
	if e[0] <= 0 {
		return fmt.Sprintf("%d", answer.Code)
	}
	return fmt.Sprintf("%d %d.%d.%d", answer.Code, e[0], e[1], e[2])
}

// closing says whether the server ends the connection with this answer.
func closing(err error) bool {
	var answer *smtp.SMTPError
	return !errors.As(err, &answer) || answer.Code == 421
}
