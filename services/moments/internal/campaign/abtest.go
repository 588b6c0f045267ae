package campaign

import (
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/survey"
)

// Tested tells that the campaign is an A/B test: it is sent to a sample first, and to the rest once that is decided.
func (c Campaign) Tested() bool { return c.Content.Test != nil }

// GroupOf is the group of a person; empty where nothing is tested.
func (c Campaign) GroupOf(personID string) abtest.Group {
	if !c.Tested() {
		return ""
	}
	return abtest.Assign(c.ID, personID, c.Content.Test.Share)
}

// Subject is the line by which a group is told of the campaign; empty where that is not HR's own.
func (c Campaign) Subject(g abtest.Group) survey.Wording {
	if !c.Tested() || c.Content.Test.Criterion != abtest.Subject {
		return survey.Wording{}
	}
	switch c.variantOf(g) {
	case abtest.B:
		return c.Content.Test.SubjectB
	default:
		if c.Content.Kind == Message {
			return c.Content.Title
		}
		return c.Content.Test.SubjectA
	}
}

// Headline is the title of a message for a group.
func (c Campaign) Headline(g abtest.Group) survey.Wording {
	if subject := c.Subject(g); subject != (survey.Wording{}) {
		return subject
	}
	return c.Content.Title
}

// variantOf is which variant a group gets: the rest, the one that was chosen.
func (c Campaign) variantOf(g abtest.Group) abtest.Group {
	if g == abtest.Rest && c.Trial.Decision != nil {
		return c.Trial.Decision.Chosen()
	}
	return g
}

// StartOf is when a side of the sample is invited.
func (c Campaign) StartOf(g abtest.Group) (time.Time, error) {
	zone, err := clock.Zone(c.Zone)
	if err != nil {
		return time.Time{}, err
	}
	return clock.LocalInstant(c.Content.On, c.timeOf(g), zone), nil
}

// timeOf is the time of day of a variant.
func (c Campaign) timeOf(g abtest.Group) clock.TimeOfDay {
	if c.Tested() && c.Content.Test.Criterion == abtest.SendTime && c.variantOf(g) == abtest.B {
		return c.Content.Test.AtB
	}
	return c.Content.At
}

// Warning says why one of its hours is better left alone.
func (c Campaign) Warning() Warning {
	if warning := WarningOf(c.Content.On, c.timeOf(abtest.A)); warning != NoWarning {
		return warning
	}
	return WarningOf(c.Content.On, c.timeOf(abtest.B))
}

// RestFrom is when the rest is invited, where that is decided at an instant: at once, but after a test of times at the time that was chosen, on
// the next day and hour that Jalon would propose; at once all the same where that would leave less than a day to answer.
func (c Campaign) RestFrom(decided time.Time) (time.Time, error) {
	if c.Content.Test.Criterion != abtest.SendTime {
		return decided, nil
	}
	zone, err := clock.Zone(c.Zone)
	if err != nil {
		return time.Time{}, err
	}
	at := c.timeOf(abtest.Rest)
	for day := clock.DateOf(decided, zone); day.Before(c.Content.Until); day = day.AddDays(1) {
		if from := clock.LocalInstant(day, at, zone); !from.Before(decided) && WarningOf(day, at) == NoWarning {
			return from, nil
		}
	}
	return decided, nil
}

// SideSent notes that nobody of a side is left to invite.
func (c Campaign) SideSent(g abtest.Group, at time.Time) Campaign {
	side := c.Trial.Of(g)
	side.SentAt = at
	c.Trial, c.Version, c.ChangedAt = c.Trial.With(g, side), c.Version+1, at
	return c
}

// SidesCounted notes how many of some sides answered; with the last of them it is decided.
func (c Campaign) SidesCounted(counts map[abtest.Group]abtest.Count, at time.Time) (Campaign, error) {
	for g, count := range counts {
		side := c.Trial.Of(g)
		side.CountedAt, side.Count = at, count
		c.Trial = c.Trial.With(g, side)
	}
	if c.Trial.Counted() {
		a, err := c.StartOf(abtest.A)
		if err != nil {
			return c, err
		}
		b, err := c.StartOf(abtest.B)
		if err != nil {
			return c, err
		}
		c.Trial = c.Trial.Decide(b.Sub(a), at)
	}
	c.Version, c.ChangedAt = c.Version+1, at
	return c, nil
}
