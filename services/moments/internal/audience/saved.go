package audience

import (
	"reflect"
	"time"
	"unicode/utf8"
)

// Saved is an audience that HR keeps under a name. Campaigns copy it, so that what is edited here changes none that is there.
type Saved struct {
	ID string `bson:"_id"`
	// Version grows with each change.
	Version   int64     `bson:"version"`
	Name      string    `bson:"name"`
	Audience  Audience  `bson:"audience"`
	ChangedAt time.Time `bson:"changed_at"`
	ChangedBy string    `bson:"changed_by,omitempty"`
}

// Origin is from which saved audience, and which version of it, another one was copied.
type Origin struct {
	ID      string `bson:"id"`
	Version int64  `bson:"version"`
}

// IsZero tells that it was copied from none.
func (o Origin) IsZero() bool { return o == Origin{} }

// MostSaved is how many HR may keep: the page counts each of them.
const MostSaved = 100

const longestName = 120

// Write is the next version, by somebody.
func (s Saved) Write(name string, who Audience, by string, at time.Time) Saved {
	s.Name, s.Audience, s.Version, s.ChangedAt, s.ChangedBy = name, who, s.Version+1, at, by
	return s
}

// Says tells that it says this already.
func (s Saved) Says(name string, who Audience) bool { return s.Name == name && s.Audience.Same(who) }

// Check says everything that is wrong. others are those that are kept besides.
func (s Saved) Check(others []Saved) []Problem {
	var problems []Problem
	switch {
	case s.Name == "":
		problems = append(problems, Problem{"name", Missing})
	case utf8.RuneCountInString(s.Name) > longestName:
		problems = append(problems, Problem{"name", TooLong})
	}
	for _, other := range others {
		if other.ID != s.ID && other.Name == s.Name {
			problems = append(problems, Problem{"name", Taken})
		}
	}
	if len(others) >= MostSaved {
		problems = append(problems, Problem{"name", TooMany})
	}
	for _, p := range s.Audience.Check() {
		problems = append(problems, Problem{"audience." + p.Field, p.Code})
	}
	return problems
}

// Same tells that two audiences say the same.
func (a Audience) Same(other Audience) bool {
	a.JobTitles, other.JobTitles = orNone(a.JobTitles), orNone(other.JobTitles)
	a.Contracts, other.Contracts = orNone(a.Contracts), orNone(other.Contracts)
	return reflect.DeepEqual(a, other)
}

// orNone makes an empty list the same as none.
func orNone(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}
