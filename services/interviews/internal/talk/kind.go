package talk

import "fmt"

// Kind is what a talk is for. Its values are the words of the contracts.
type Kind string

// The kinds of talks.
const (
	// EI2D is the talk every four weeks (entretien individuel de développement et de décision).
	EI2D           Kind = "ei2d"
	Congratulation Kind = "congratulation"
	Reframing      Kind = "reframing"
	// Recruitment is with somebody who is no employee.
	Recruitment Kind = "recruitment"
	Departure   Kind = "departure"
	// Return is the talk after a long leave.
	Return Kind = "return"
)

// Kinds are all of them, in the order of the screens.
func Kinds() []Kind {
	return []Kind{EI2D, Congratulation, Reframing, Recruitment, Departure, Return}
}

// Startable are those that a manager starts; the rhythm plans the others.
func (k Kind) Startable() bool {
	switch k {
	case Congratulation, Reframing, Recruitment, Departure, Return:
		return true
	default:
		return false
	}
}

// Delicate talks are nobody else's business: no event about them leaves Jalon.
func (k Kind) Delicate() bool { return k == Reframing || k == Return }

// minutes is how long a talk of the kind is planned to last.
func (k Kind) minutes() int {
	switch k {
	case Congratulation, Reframing:
		return 30
	default:
		return 60
	}
}

// ParseKind reads a word of the contracts.
func ParseKind(word string) (Kind, error) {
	for _, kind := range Kinds() {
		if string(kind) == word {
			return kind, nil
		}
	}
	return "", fmt.Errorf("there is no kind of talk %q", word)
}
