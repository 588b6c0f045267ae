package moment

import (
	"time"

	"jalon.dev/pkg/clock"
)

// Guests are people without an account: candidates, whom no HR file names, and people who have left. What is asked of them is
// reached by a personal link; it shows in no prompt, and no event that reaches another service speaks of it.

// ForGuests tells whether moments of the code may be a guest's.
func ForGuests(code string) bool { return code == RecruitmentInterview }

// OpenForGuest is Open for somebody without an account.
func OpenForGuest(km KeyMoment, guest Person, happensOn clock.Date, heard time.Time) Moment {
	m := Open(km, guest, happensOn, Declared, heard)
	m.Guest = true
	return m
}

// ByLink tells whether a follow-up dated on a day is reached by a personal link: a guest's, and those after a departure.
func (m Moment) ByLink(on clock.Date) bool {
	return m.Guest || m.KeyMoment == Departure && on.After(m.HappensOn)
}
