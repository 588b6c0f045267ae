package moment

import (
	"time"

	"jalon.dev/pkg/clock"
)

// Talk is a talk of somebody with their manager, of which one of the two says that it was held.
type Talk struct {
	ID         string
	EmployeeID string
	ManagerID  string
	HeldOn     clock.Date
}

// OfTalk is the key moment that a kind of talk is, in the words of interviews; empty where it opens none. Leaving, and coming back
// from a leave, are moments since directory told of them, and the person is asked about them in the same days: the talk about it
// does not ask a second time. A recruitment's talk is with somebody who is no employee: it is declared as a guest's.
func OfTalk(kind string) string {
	switch kind {
	case "ei2d", "":
		return CheckIn
	case "congratulation":
		return Congratulation
	case "reframing":
		return Reframing
	default:
		return ""
	}
}

// OpenTalk is Open for a talk that was held. Its id is that of a moment of the same kind, person and day, whoever told of it: what a
// manager declares and holds a talk about is one moment, and asked about once.
func OpenTalk(km KeyMoment, p Person, t Talk, heard time.Time) Moment {
	m := Open(km, p, t.HeldOn, Interview, heard)
	m.TalkID, m.HeldBy = t.ID, t.ManagerID
	return m
}

// SeenThrough tells that the person sees the moment, however delicate, because they declared it or held the talk that it is.
func (m Moment) SeenThrough(personID string) bool {
	return personID != "" && (m.DeclaredBy == personID || m.HeldBy == personID)
}
