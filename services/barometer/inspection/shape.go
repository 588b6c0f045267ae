package inspection

import (
	"regexp"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// shape is what the values of a field look like. Most leave no room for anything beside: a random id is one that was drawn, the id of
// a unit is one of those that the launch wrote down.
type shape int

const (
	// group is a document or a list: what is in it has fields of its own.
	group shape = iota
	flag
	// number is a count or a figure: too small for a time.
	number
	// hash is a SHA-256, or what is cut off from one, in hexadecimal.
	hash
	// randomID is a UUID of version 4, which holds nothing.
	randomID
	editionID
	unitID
	personID
	// electorID is an edition and a person, ofUnit an edition and a unit, ofEdition a word and an edition.
	electorID
	ofUnit
	ofEdition
	// unitsByUnit is a document whose names and values are units.
	unitsByUnit
	theme
	// words are what people wrote, and names of units.
	words
	// packed are whole ballots one after the other.
	packed
	// sealed is what nobody reads without the master key.
	sealed
	blob
	// sheetState is what became of a sheet of printed cards, and lastDay the day until which that is decided.
	sheetState
	lastDay
)

var (
	calendarDay = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	hexadecimal = regexp.MustCompile(`^[0-9a-f]{8,64}$`)
	drawn       = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
)

// soonest is a number that could be a time: seconds since 1970 have ten digits for a while yet.
const soonest = 1e9

// fits tells whether a value has the shape.
func (l *look) fits(s shape, v bson.RawValue) bool {
	text, isText := v.StringValueOK()
	_, data, isBlob := v.BinaryOK()
	switch s {
	case group:
		return v.Type == bson.TypeEmbeddedDocument
	case flag:
		return v.Type == bson.TypeBoolean
	case number:
		n, ok := v.AsFloat64OK()
		return ok && n < soonest && n > -soonest
	case packed:
		_, err := ballot.Unpack(data)
		return isBlob && err == nil
	case sealed:
		return isBlob && !holdsBallot(data)
	case blob:
		return isBlob
	case unitsByUnit:
		return v.Type == bson.TypeEmbeddedDocument && l.unitsBothSides(v.Document())
	default:
		return isText && l.says(s, text)
	}
}

// says tells whether a text has the shape.
func (l *look) says(s shape, text string) bool {
	before, after, _ := strings.Cut(text, "/")
	switch s {
	case hash:
		return hexadecimal.MatchString(text)
	case randomID:
		return drawn.MatchString(text)
	case editionID:
		return l.editions[text] != nil
	case unitID:
		return text == "" || l.units[text]
	case personID:
		return l.people[text]
	case electorID:
		return l.editions[before] != nil && l.people[after]
	case ofUnit:
		return l.editions[before] != nil && l.units[strings.TrimSuffix(after, "/rest")]
	case ofEdition:
		return (before == "spool" || before == "cells") && l.editions[after] != nil
	case sheetState:
		return text == "pending" || text == "confirmed" || text == "given_up"
	case lastDay:
		return calendarDay.MatchString(text)
	case theme:
		_, known := questionnaire.Standard().Theme(text)
		return known
	default:
		return s == words
	}
}

func (l *look) unitsBothSides(doc bson.Raw) bool {
	elements, err := doc.Elements()
	for _, e := range elements {
		to, isText := e.Value().StringValueOK()
		if !isText || !l.units[e.Key()] || !l.units[to] {
			return false
		}
	}
	return err == nil
}

// holdsBallot looks for a ballot in the clear: 45 bytes from 1 to 5, one after the other. By chance alone that does not happen in all the
// databases of the world.
func holdsBallot(data []byte) bool {
	run := 0
	for _, b := range data {
		if b < 1 || b > questionnaire.Points {
			run = 0
			continue
		}
		if run++; run == ballot.Answers {
			return true
		}
	}
	return false
}
