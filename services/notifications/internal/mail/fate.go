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
	// away is set where it is no use to bring the server another mail now: it cannot be reached, or is not to be talked to.
	away bool
}

// Reasons that are not the server's.
const (
	noConnection = "no_connection"
	noAnswer     = "no_answer"
)

// step is how far the handing over had come.
type step int

const (
	atGreeting step = iota
	atSender
	atRecipient
	atData
	atEnd
)

// judge says what an error at a step means for the mail.
func judge(at step, err error) outcome {
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		if at == atEnd {
			return outcome{fate: unknown, reason: noAnswer, away: true}
		}
		return outcome{fate: putOff, reason: noConnection, away: true}
	}
	why := enhanced(answer)
	result := outcome{reason: strings.TrimSpace(strconv.Itoa(answer.Code) + " " + why)}
	switch {
	case at == atGreeting:
		result.fate, result.away = putOff, true
	case at == atEnd && answer.Code/100 < 4: // neither yes nor no
		result.fate = unknown
	case answer.Code/100 != 5:
		result.fate = putOff
	case at == atSender:
		// Every mail has this sender: that is for the operator to repair, and no reason to give all of them up.
		result.fate = putOff
	case at == atRecipient && (why == "" && noMailboxCodes[answer.Code] || noMailbox(why)):
		result.fate = bounced
	default:
		result.fate = refused
	}
	return result
}

// noMailboxCodes are what servers without enhanced codes say to a recipient whom they do not know (RFC 5321 4.2.3).
var noMailboxCodes = map[int]bool{550: true, 551: true, 553: true}

// noMailbox tells of an enhanced code (RFC 3463) that the recipient's address is at fault, and for good: it is wrong, unknown, moved or
// disabled; 5.4.1 is how Exchange says it. What is said of the sender (5.1.7, 5.1.8), of a full mailbox, of policy and of the way there
// may pass, and the next mail may arrive.
func noMailbox(code string) bool {
	switch code {
	case "5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1", "5.4.1":
		return true
	default:
		return false
	}
}

var enhancedCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// enhanced is the code of RFC 2034 that an answer begins with; empty where it has none.
func enhanced(answer *textproto.Error) string { return enhancedCode.FindString(answer.Msg) }

// closing says whether the connection ends with this answer, or without one.
func closing(err error) bool {
	var answer *textproto.Error
	return !errors.As(err, &answer) || answer.Code == 421
}
