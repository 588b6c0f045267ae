package moment

import (
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
)

// MostMembers is how many people one collective moment may concern: a store, not a company.
const MostMembers = 2000

// Member is somebody whom a collective moment concerns.
type Member struct {
	ID   string `bson:"id"`
	Zone string `bson:"zone"`
}

// Unit is what opening a collective moment needs to know of a unit.
type Unit struct {
	ID string
	// Path leads from the company down to the unit.
	Path []string
	Zone *time.Location
}

// OpenTogether makes the moment of a team: its follow-ups are dated for the unit, and each member's are in the member's own
// time zone. Who the members are is decided here, once.
func OpenTogether(km KeyMoment, u Unit, members []Member, happensOn clock.Date, heard time.Time) Moment {
	heard = heard.UTC().Truncate(time.Millisecond)
	m := Moment{
		ID: ID(km.Code, u.ID, happensOn), KeyMoment: km.Code, HappensOn: happensOn, Cause: Declared, OpenedAt: heard,
		UnitPath: u.Path, Version: km.Version, UnitID: u.ID, People: len(members), Members: members,
	}
	m.plan(km, u.Zone)
	return m
}

// Collective tells that the moment is a team's.
func (m Moment) Collective() bool { return m.UnitID != "" }

// Personal are the moments of the people whom this one concerns: itself, or one for each member with follow-ups of their own.
// They share the moment's id. Their answers count for the unit of the moment.
func (m Moment) Personal() ([]Moment, error) {
	if !m.Collective() {
		return []Moment{m}, nil
	}
	all := make([]Moment, len(m.Members))
	for i, member := range m.Members {
		zone, err := clock.Zone(member.Zone)
		if err != nil {
			return nil, fmt.Errorf("planning collective moment %s: %w", m.ID, err)
		}
		own := m
		own.PersonID, own.Members, own.FollowUps = member.ID, nil, make([]FollowUp, len(m.FollowUps))
		for j, f := range m.FollowUps {
			own.FollowUps[j] = f.in(zone, m, member.ID)
		}
		all[i] = own
	}
	return all, nil
}

// in is the follow-up of one member.
func (f FollowUp) in(zone *time.Location, m Moment, personID string) FollowUp {
	f.InvitationID = event.ID("follow_up", m.ID, f.Code, personID)
	f.Zone, f.Skipped = zone.String(), ""
	if !f.Immediate {
		f.Due = clock.LocalInstant(f.On, HourOfDay, zone)
	}
	f.Expires = endOf(f.On.AddDays(f.GraceDays), zone)
	if !m.OpenedAt.Before(f.Expires) {
		f.Skipped = HeardTooLate
	}
	return f
}

// Sum is where a follow-up of a team stands, from where its members' stand, and how many people were asked.
func Sum(standings []Standing) (Standing, int) {
	var sum Standing
	asked := 0
	for i, s := range standings {
		if s.State == Asked {
			asked++
		}
		if i == 0 || rank(s.State) < rank(sum.State) || s.State == sum.State && s.Due.Before(sum.Due) {
			sum = s
		}
	}
	return sum, asked
}

// rank orders states by how much is still to come: what is planned for one person is planned for the team.
func rank(s State) int {
	switch s {
	case Planned:
		return 0
	case Asked:
		return 1
	case Expired:
		return 2
	case Cancelled:
		return 3
	case Skipped:
		return 4
	default:
		return 5
	}
}
