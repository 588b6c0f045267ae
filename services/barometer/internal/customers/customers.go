// Package customers reads the panel of customers that a company holds every four months, measures it store by store, and
// crosses it with what employees say.
//
// Customers are persons too. Who answered is used for one thing, to find a line that stands twice in a file, and is
// forgotten when the file has been read: it is in no count, no problem and no measure. What is kept of a store and a wave is
// how many chose each answer to each question by itself, so that not even one customer's answers lie beside each other.
//
// The package is pure: it knows no database and no HTTP.
package customers

import "jalon.dev/pkg/stats"

// Question is what customers are asked. The words are stable: files are read and screens translate by them.
type Question string

// The questions. The first four are answered from 1 to 5, the recommendation from 0 to 10.
const (
	OverallSatisfaction Question = "overall_satisfaction"
	Welcome             Question = "welcome"
	Availability        Question = "availability"
	Competence          Question = "competence"
	Recommendation      Question = "recommendation"
)

// Rated are the questions that are answered from 1 to 5, in the order in which counts and measures hold them.
func Rated() [4]Question {
	return [4]Question{OverallSatisfaction, Welcome, Availability, Competence}
}

// Questions are all questions, in the order of the panel.
func Questions() []Question {
	rated := Rated()
	return append(rated[:], Recommendation)
}

// Counts is all that is kept of what a store's customers answered in a wave.
type Counts struct {
	Wave    Wave   `bson:"wave"`
	StoreID string `bson:"store"`
	// Respondents are the customers who answered anything. One who left a question out is not in its distribution.
	Respondents int `bson:"respondents"`
	// Rated holds the distributions of the questions of Rated, in that order.
	Rated [4]stats.Distribution `bson:"rated"`
	// Recommendation is how many chose 0 to 10.
	Recommendation [11]int `bson:"recommendation"`
}

// add counts one customer's answers.
func (c *Counts) add(all answers) {
	c.Respondents++
	for i := range c.Rated {
		if answer := all[i]; answer != unanswered {
			c.Rated[i][answer-1]++
		}
	}
	if answer := all[len(c.Rated)]; answer != unanswered {
		c.Recommendation[answer]++
	}
}

// Add takes in what another store's customers answered: the sum speaks of both.
func (c *Counts) Add(other Counts) {
	c.Respondents += other.Respondents
	for i := range c.Rated {
		for answer, n := range other.Rated[i] {
			c.Rated[i][answer] += n
		}
	}
	for answer, n := range other.Recommendation {
		c.Recommendation[answer] += n
	}
}
