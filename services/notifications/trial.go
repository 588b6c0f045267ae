package notifications

import (
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// GateTrial is the gate alone, for measurements: people with a history, and a message to decide on for each of them. No
// database and no bus take part.
type GateTrial struct {
	rules  Rules
	now    time.Time
	people []gate.Person
	boxes  []*inbox.Inbox
}

// trialHistory is how many messages reached each person before.
const trialHistory = 5

// NewGateTrial makes people in several zones, to each of whom five messages came in the six weeks before.
func NewGateTrial(rules Rules, people int) (*GateTrial, error) {
	trial := &GateTrial{rules: rules, now: time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)}
	names := []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"}
	keyMoments := []string{"onboarding", "check_in", "team_arrival", "check_in", "barometer"}
	for i := range people {
		zone, err := clock.Zone(names[i%len(names)])
		if err != nil {
			return nil, err
		}
		box := inbox.New(fmt.Sprint(i))
		for n := range trialHistory {
			at := trial.now.AddDate(0, 0, -8*(n+1)).Add(time.Duration(i%600) * time.Minute)
			box.Messages = append(box.Messages, inbox.Message{
				ID: fmt.Sprint(n), KeyMoment: keyMoments[(i+n)%len(keyMoments)], State: inbox.Closed,
				RequestedAt: at, ShownAt: at, EndedAt: at.AddDate(0, 0, 1),
			})
		}
		trial.people = append(trial.people, gate.Person{Zone: zone})
		trial.boxes = append(trial.boxes, box)
	}
	return trial, nil
}

// Decide asks the gate about one message for each person, as a request does, and counts those that it let through.
func (t *GateTrial) Decide() (let int) {
	for i, box := range t.boxes {
		box.Request(inbox.Message{ID: "now", KeyMoment: "onboarding", ExpiresAt: t.now.AddDate(0, 0, 14)}, t.now)
		box.Settle(t.now, &t.people[i], t.rules, inbox.Cause{Name: "trial"})
		let += len(box.ShownBy("trial"))
	}
	return let
}
