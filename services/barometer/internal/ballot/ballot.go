// Package ballot is what a person says in the barometer, in the form in which it is stored: without anything that tells who.
package ballot

import (
	"errors"
	"fmt"
	"slices"

	"jalon.dev/services/barometer/internal/questionnaire"
)

const (
	// Answers is how many statements a ballot answers.
	Answers = 45
	// Size is a packed ballot in bytes: a byte for each statement, then one for the recommendation.
	Size = Answers + 1
	// MaxComment is the longest comment, in characters.
	MaxComment = 500
)

// Ballot is a complete set of answers. There are no partial ones: a figure that some did not answer would be one about fewer people,
// and the difference between two such figures could be about one.
type Ballot [Size]byte

// Comment is a word more on a theme. Comments are kept apart from answers and from each other.
type Comment struct {
	Theme string
	Text  string
}

// ErrInvalid says that what was sent is no complete ballot.
var ErrInvalid = errors.New("not a complete ballot")

// Parse reads a packed ballot, or says which answer is wrong, counted from 1.
func Parse(packed []byte) (Ballot, error) {
	if len(packed) != Size {
		return Ballot{}, fmt.Errorf("%w: %d answers, where there are %d questions", ErrInvalid, len(packed), Size)
	}
	for i, answer := range packed[:Answers] {
		if answer < 1 || answer > questionnaire.Points {
			return Ballot{}, fmt.Errorf("%w: answer %d must be from 1 to %d", ErrInvalid, i+1, questionnaire.Points)
		}
	}
	if packed[Answers] > questionnaire.Recommendation {
		return Ballot{}, fmt.Errorf("%w: answer %d must be from 0 to %d", ErrInvalid, Size, questionnaire.Recommendation)
	}
	return Ballot(packed), nil
}

// Recommendation is from 0 to 10.
func (b Ballot) Recommendation() int { return int(b[Answers]) }

// Pack puts ballots one after the other.
func Pack(ballots []Ballot) []byte {
	packed := make([]byte, 0, len(ballots)*Size)
	for _, b := range ballots {
		packed = append(packed, b[:]...)
	}
	return packed
}

// Unpack is the reverse of Pack.
func Unpack(packed []byte) ([]Ballot, error) {
	if len(packed)%Size != 0 {
		return nil, fmt.Errorf("%w: %d bytes are no whole ballots", ErrInvalid, len(packed))
	}
	ballots := make([]Ballot, 0, len(packed)/Size)
	for one := range slices.Chunk(packed, Size) {
		b, err := Parse(one)
		if err != nil {
			return nil, err
		}
		ballots = append(ballots, b)
	}
	return ballots, nil
}
