package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

// ErrBadToken says that an unsubscribe link was not made here, or is not whole.
var ErrBadToken = errors.New("the unsubscribe link is not valid")

const signatureBytes = 16

// links makes the addresses that mails lead to. An unsubscribe link needs no sign-in: its token names the person and proves
// that it was made here. It stops and resumes e-mail and does nothing else.
type links struct {
	home string
	key  []byte
}

func (l links) survey(invitationID string) string { return l.home + "/survey/" + invitationID }

func (l links) barometer() string { return l.home + "/barometer" }

func (l links) barometerResults() string { return l.home + "/barometer/results" }

func (l links) talks() string { return l.home + "/talks" }

func (l links) talk(id string) string { return l.home + "/talks/" + id }

// image is the same in every mail of a piece.
func (l links) image(piece string) string { return l.home + "/mail/open/" + piece + ".gif" }

func (l links) unsubscribe(personID string) string {
	return l.home + "/unsubscribe/" + l.token(personID)
}

func (l links) token(personID string) string {
	return base64.RawURLEncoding.EncodeToString(append([]byte(personID), l.sign("unsubscribe", personID)...))
}

// person is the way back from a token.
func (l links) person(token string) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) <= signatureBytes {
		return "", ErrBadToken
	}
	personID, signature := string(raw[:len(raw)-signatureBytes]), raw[len(raw)-signatureBytes:]
	if !hmac.Equal(signature, l.sign("unsubscribe", personID)) {
		return "", ErrBadToken
	}
	return personID, nil
}

// mark stands for an address that is not to be kept: it tells whether another one is the same.
func (l links) mark(address string) string {
	return base64.RawURLEncoding.EncodeToString(l.sign("address", address))
}

// messageID names a mail, and says to what address it went without telling: whoever returns it proves that it was sent.
func (l links) messageID(id, address, domain string) string {
	mark := l.mark(address)
	return id + "." + mark + "." + base64.RawURLEncoding.EncodeToString(l.sign("message", id+mark)) + "@" + domain
}

// readMessageID is the way back from a name that was given here: the mail's id, and the mark of its address.
func (l links) readMessageID(messageID string) (id, mark string, ok bool) {
	name, _, _ := strings.Cut(messageID, "@")
	parts := strings.Split(name, ".")
	if len(parts) != 3 {
		return "", "", false
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	return parts[0], parts[1], err == nil && hmac.Equal(signature, l.sign("message", parts[0]+parts[1]))
}

func (l links) sign(what, text string) []byte {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(what + "\x00" + text))
	return mac.Sum(nil)[:signatureBytes]
}
