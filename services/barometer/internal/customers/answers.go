package customers

import (
	"fmt"
	"strconv"
	"strings"
)

// unanswered is the answer to a question that was left out.
const unanswered = -1

// answers are one customer's, in the order of the panel.
type answers [columnCount - firstQuestion]int8

// scale is the lowest and highest answer to the n-th question.
func scale(question int) (lowest, highest int8) {
	if question == len(answers{})-1 {
		return 0, 10
	}
	return 1, 5
}

// customer is what a line says. It lives while the file is read: only the answers are counted.
type customer struct {
	who     respondent
	storeID string
	answers answers
}

// respondent is one customer in one wave.
type respondent struct {
	wave Wave
	id   string
}

// understand reads a record, or says why it is rejected: the first thing that is wrong is the one that is told.
func (i *intake) understand(rec record) (customer, *Problem) {
	if p := i.malformed(rec); p != nil {
		return customer{}, p
	}
	value := func(c column) string { return strings.TrimSpace(rec.values[i.layout.place[c]]) }
	reject := func(c column, code Code, found, expected string) (customer, *Problem) {
		return customer{}, &Problem{Line: rec.line, Column: i.layout.column(c), Code: code, Value: shorten(found), Expected: expected}
	}
	var one customer
	name := value(waveColumn)
	if shorten(name) == "" {
		return reject(waveColumn, WaveMissing, "", "")
	}
	wave, err := NewWave(name)
	if err != nil {
		return reject(waveColumn, WaveTooLong, name, strconv.Itoa(longestWave))
	}
	store := value(storeColumn)
	if store == "" {
		return reject(storeColumn, StoreMissing, "", "")
	}
	var code Code
	if one.storeID, code = i.stores.find(store); code != "" {
		return reject(storeColumn, code, store, "")
	}
	id := value(respondentColumn)
	if id == "" {
		return reject(respondentColumn, RespondentMissing, "", "")
	}
	one.who = respondent{wave: wave, id: strings.Clone(id)} // a part of the line would keep all of it
	answered := 0
	for n := range one.answers {
		lowest, highest := scale(n)
		c := firstQuestion + column(n)
		answer, ok := parseAnswer(value(c), lowest, highest)
		if !ok {
			return reject(c, ValueImpossible, value(c), fmt.Sprintf("%d–%d", lowest, highest))
		}
		one.answers[n] = answer
		if answer != unanswered {
			answered++
		}
	}
	if answered == 0 {
		return customer{}, &Problem{Line: rec.line, Code: AnswersMissing}
	}
	return one, nil
}

// parseAnswer accepts whole numbers only: 4.0 or 4,5 comes from a mean, or from another question.
func parseAnswer(text string, lowest, highest int8) (int8, bool) {
	if text == "" {
		return unanswered, true
	}
	n, err := strconv.ParseUint(text, 10, 7)
	if err != nil || int8(n) < lowest || int8(n) > highest {
		return 0, false
	}
	return int8(n), true
}

// malformed says what keeps a record from being read at all; nil: nothing does.
func (i *intake) malformed(rec record) *Problem {
	width := len(i.layout.headers)
	switch {
	case rec.flaw != "":
		return &Problem{Line: rec.line, Code: rec.flaw, Expected: i.records.expected(rec.flaw)}
	case len(rec.values) < width:
		return &Problem{
			Line: rec.line, Column: shorten(i.layout.headers[len(rec.values)]), Code: ColumnsMissing,
			Value: strconv.Itoa(len(rec.values)), Expected: strconv.Itoa(width),
		}
	case !(record{values: rec.values[width:]}).blank():
		return &Problem{Line: rec.line, Code: ColumnsExtra, Value: strconv.Itoa(len(rec.values)), Expected: strconv.Itoa(width)}
	}
	return nil
}

// expected is the parameter of a record's flaw.
func (r *records) expected(flaw Code) string {
	if flaw == LineTooLong {
		return strconv.Itoa(r.lines.most)
	}
	return ""
}
