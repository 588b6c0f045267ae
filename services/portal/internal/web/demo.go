package web

import (
	"context"
	"time"
)

// Demo is what demo mode adds: people to be, and a clock to move.
type Demo interface {
	// Personas are three people worth being first: one of HR, a manager, an employee with something to answer.
	Personas(ctx context.Context) ([]Persona, error)
	// Now is the time on the demo clock.
	Now() time.Time
	// Move moves the demo clock forward and returns when the company has lived those days, or goes on living them.
	Move(ctx context.Context, days int) error
	// Progress tells how much of the sample company's past is lived; pages open when done reaches total.
	Progress() (done, total int)
}

// PersonaKind is the point of view that a persona offers.
type PersonaKind string

// The kinds of personas.
const (
	PersonaHR       PersonaKind = "hr"
	PersonaManager  PersonaKind = "manager"
	PersonaEmployee PersonaKind = "employee"
)

// Persona is somebody to be in demo mode.
type Persona struct {
	PersonID string
	Name     string
	JobTitle string
	Kind     PersonaKind
}
