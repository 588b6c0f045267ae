// Package channel announces campaigns in the channels of a chat: Slack and Teams. A channel is told that something began, never who
// is asked. Each announcement is made at most once: one whose fate is unknown, because the chat took it and hung up or the process
// died, is not made again, and is shown.
package channel

import (
	"time"
	"unicode/utf8"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/outward"
)

// Kind is a kind of chat.
type Kind string

// The kinds.
const (
	Slack Kind = "slack"
	Teams Kind = "teams"
)

// MostChannels is how many there can be.
const MostChannels = 50

// Channel is one of a chat. Its address lets anybody post who knows it: it is kept sealed and never told.
type Channel struct {
	ID       string `bson:"_id"`
	Version  int64  `bson:"version"`
	Name     string `bson:"name"`
	Kind     Kind   `bson:"kind"`
	Language string `bson:"language"`
	Address  []byte `bson:"address"`
	// Host is all of the address that may be shown.
	Host string `bson:"host"`
	// RevokedAt is when the chat said that the address leads nowhere any more.
	RevokedAt time.Time `bson:"revoked_at,omitempty"`
}

// Code is a stable word for what is wrong with a field.
type Code string

// What may be wrong with a channel, beside its address.
const (
	Missing Code = "missing"
	TooLong Code = "too_long"
)

// Problem is what is wrong with a field.
type Problem struct {
	Field string
	Code  Code
}

const longestName = 120

// problems are everything that is wrong with a channel. An address that stays as it is was right before.
func (c Channel) problems(address string, client *outward.Client) []Problem {
	var found []Problem
	switch {
	case c.Name == "":
		found = append(found, Problem{"name", Missing})
	case utf8.RuneCountInString(c.Name) > longestName:
		found = append(found, Problem{"name", TooLong})
	}
	if c.Kind != Slack && c.Kind != Teams {
		found = append(found, Problem{"kind", Missing})
	}
	if _, spoken := wordings[c.Language]; !spoken {
		found = append(found, Problem{"language", Missing})
	}
	if address != "" || len(c.Address) == 0 {
		if wrong := client.Check(address); wrong != "" {
			found = append(found, Problem{"address", Code(wrong)})
		}
	}
	return found
}

// State says where an announcement stands.
type State string

// The states of an announcement. Unknown is final but for the process that made it.
const (
	Waiting State = "waiting"
	Sending State = "sending"
	Sent    State = "sent"
	Failed  State = "failed"
	Unknown State = "unknown"
)

// Campaign is what is told of one.
type Campaign struct {
	ID string `bson:"campaign"`
	// Message campaigns say something, under the titles; others ask.
	Message bool   `bson:"message,omitempty"`
	TitleFR string `bson:"title_fr,omitempty"`
	TitleEN string `bson:"title_en,omitempty"`
	// Until is its last local day, YYYY-MM-DD.
	Until string `bson:"until"`
}

// Announcement is a campaign told of in a channel, once.
type Announcement struct {
	ID       string `bson:"_id"`
	Channel  string `bson:"channel"`
	Campaign `bson:",inline"`
	State    State `bson:"state"`
	// Claim is who is sending it.
	Claim    string          `bson:"claim,omitempty"`
	Attempts int             `bson:"attempts,omitempty"`
	Status   int             `bson:"status,omitempty"`
	Trouble  outward.Trouble `bson:"trouble,omitempty"`
	Took     time.Duration   `bson:"took,omitempty"`
	At       time.Time       `bson:"at"`
}

// over tells that the last day is over everywhere on Earth: nobody could answer any more.
func (c Campaign) over(now time.Time) bool {
	until, err := clock.ParseDate(c.Until)
	return err == nil && !until.IsZero() && clock.DateOf(now.Add(-12*time.Hour), time.UTC).After(until)
}

func announcementID(campaignID, channelID string) string {
	return event.ID("announcement", campaignID, channelID)
}

// pauses lie between attempts that are known to have come to nothing: some six hours in all, within the day of the start.
var pauses = []time.Duration{
	10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 2 * time.Hour,
}

// judge says what an answer makes of an announcement, how long to wait where it is made again, and whether the address is dead.
func judge(a Announcement, answer outward.Answer) (next Announcement, wait time.Duration, revoked bool) {
	a.Status, a.Trouble, a.Took = answer.Status, answer.Trouble, answer.Took
	switch status := answer.Status; {
	case answer.OK():
		a.State = Sent
	case answer.Doubtful():
		a.State = Unknown
	case status == 401, status == 403, status == 404, status == 410:
		a.State, revoked = Failed, true
	case answer.Trouble == outward.Forbidden, answer.Trouble == outward.Redirect, status >= 400 && status < 500 && status != 408 && status != 429:
		a.State = Failed
	case a.Attempts >= len(pauses):
		a.State = Failed
	default:
		a.State, wait = Waiting, max(pauses[a.Attempts], answer.After)
		a.Attempts++
	}
	return a, wait, revoked
}
