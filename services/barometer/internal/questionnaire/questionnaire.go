// Package questionnaire holds the barometer's questions: 45 statements in 7 themes, the recommendation, and a word more on each
// theme. They are the same each year, so that years can be compared; the fingerprint says whether they are.
package questionnaire

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

// Points is the scale of a statement: from 1, not at all, to 5, entirely.
const Points = 5

// Recommendation is the highest answer to the recommendation, which begins at 0.
const Recommendation = 10

// Questionnaire is a set of questions. It never changes: another set is another questionnaire, with another fingerprint.
type Questionnaire struct {
	ENPS    Question `toml:"enps"`
	Comment Text     `toml:"comment"`
	Themes  []Theme  `toml:"theme"`
}

// Theme is some questions about one thing.
type Theme struct {
	Code string `toml:"code"`
	Text
	Questions []Question `toml:"question"`
}

// Question is one statement.
type Question struct {
	Code string `toml:"code"`
	Text
}

// Text is a text in each language.
type Text struct {
	FR string `toml:"fr"`
	EN string `toml:"en"`
}

// In is the text in the language; English where there is no such language.
func (t Text) In(language string) string {
	if language == "fr" {
		return t.FR
	}
	return t.EN
}

//go:embed v1.toml
var v1 string

// Standard is the questionnaire that new editions ask.
var Standard = sync.OnceValue(func() Questionnaire {
	var q Questionnaire
	if err := toml.Unmarshal([]byte(v1), &q); err != nil {
		panic(fmt.Sprintf("the questionnaire is part of the program and cannot be read: %v", err))
	}
	return q
})

// Questions are the statements of all themes in order: the n-th is the n-th answer of a ballot.
func (q Questionnaire) Questions() []Question {
	var all []Question
	for _, t := range q.Themes {
		all = append(all, t.Questions...)
	}
	return all
}

// Theme is the theme with the code.
func (q Questionnaire) Theme(code string) (Theme, bool) {
	for _, t := range q.Themes {
		if t.Code == code {
			return t, true
		}
	}
	return Theme{}, false
}

// Fingerprint is the SHA-256, in hexadecimal, of everything that a person is asked, in order and in each language.
func (q Questionnaire) Fingerprint() string {
	var all strings.Builder
	say := func(code string, text Text) { fmt.Fprintf(&all, "%s\x00%s\x00%s\x00", code, text.FR, text.EN) }
	say(q.ENPS.Code, q.ENPS.Text)
	say("comment", q.Comment)
	for _, t := range q.Themes {
		say(t.Code, t.Text)
		for _, question := range t.Questions {
			say(question.Code, question.Text)
		}
	}
	sum := sha256.Sum256([]byte(all.String()))
	return hex.EncodeToString(sum[:])
}
