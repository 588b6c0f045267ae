// Package guest is the domain of people without an account: candidates, whom no HR file names, and people who have left. Each
// invitation of theirs is reached by a personal link.
package guest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"jalon.dev/services/moments/internal/moment"
)

// Guest is somebody whom no HR file names, kept for as long as something is asked of them and a while longer.
type Guest struct {
	// ID says nothing of who it is; it is all that stays when the guest is forgotten.
	ID string `bson:"_id"`
	// FirstName may be empty.
	FirstName string `bson:"first_name,omitempty"`
	Language  string `bson:"language"`
}

// Link leads to one invitation. Its token is handed out once and kept nowhere.
type Link struct {
	// Hash of the token.
	Hash         string `bson:"_id"`
	InvitationID string `bson:"invitation_id"`
	MomentID     string `bson:"moment_id"`
}

// tokenBytes make a token of 256 random bits.
const tokenBytes = 32

// NewLink makes a link and the token that opens it.
func NewLink(momentID, invitationID string) (link Link, token string) {
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails: it ends the program instead
	token = base64.RawURLEncoding.EncodeToString(secret)
	return Link{Hash: Hash(token), InvitationID: invitationID, MomentID: momentID}, token
}

// Hash is by what a token is found.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// End is when the last follow-up of a moment that is reached by a link can no longer be answered; when the moment was opened,
// where there is none.
func End(m moment.Moment) time.Time {
	end := m.OpenedAt
	for _, f := range m.Planned() {
		if last := f.Expires.AddDate(0, 0, max(f.AnswerDays, moment.DefaultAnswerDays)); m.ByLink(f.On) && last.After(end) {
			end = last
		}
	}
	return end
}
