package audience

// Least is the least number of people on either side of a condition on reactions.
const Least = 10

// Count is how many people are in an audience, as far as it may be told.
type Count struct {
	People int
	// About tells that the number is rounded down to tens.
	About bool
	// TooFew tells that nothing may be told, and nobody may be written to for it.
	TooFew bool
}

// Tally is how a confidential condition divides people.
type Tally struct {
	// Base is the people of the unit who could meet it, Did those who do.
	Base, Did int
	// Around is the same base of each unit around it, the company included.
	Around []int
}

// Count is what may be told: nothing where one of the two sides is of fewer than ten people, or where one to nine people are left of a
// unit around it, because a count less the other would be theirs; else the number, rounded down to tens.
func (t Tally) Count() Count {
	few := t.Did < Least || t.Base-t.Did < Least
	for _, around := range t.Around {
		if rest := around - t.Base; rest > 0 && rest < Least {
			few = true
		}
	}
	if few {
		return Count{TooFew: true}
	}
	return Count{People: Tens(t.Did), About: true}
}

// Tens rounds a number of people down to tens.
func Tens(people int) int { return people / Least * Least }
