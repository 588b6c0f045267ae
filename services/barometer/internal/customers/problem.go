package customers

import (
	"fmt"
	"strings"
)

// Code is a stable word for what is wrong with a line or a file. Screens translate by it: never rename one.
type Code string

// Codes that reject a line.
const (
	StoreUnknown      Code = "store_unknown"      // no store has this name or code
	StoreAmbiguous    Code = "store_ambiguous"    // several stores are called so
	StoreMissing      Code = "store_missing"      // the line names no store
	WaveMissing       Code = "wave_missing"       // the line names no wave
	WaveTooLong       Code = "wave_too_long"      // more characters than a wave's name has
	RespondentMissing Code = "respondent_missing" // nobody could tell whether the line stands twice
	RespondentSeen    Code = "respondent_seen"    // an earlier line of the wave has the same respondent, and says something else
	ValueImpossible   Code = "value_impossible"   // not a whole number of the question's scale
	AnswersMissing    Code = "answers_missing"    // the line answers no question
	ColumnsMissing    Code = "columns_missing"    // fewer values than the header has columns
	ColumnsExtra      Code = "columns_extra"      // more values than the header has columns: a decimal comma, among others
	QuoteMalformed    Code = "quote_malformed"    // a quotation that does not end, or ends in the middle of a value
	LineTooLong       Code = "line_too_long"      // longer than any line of a panel
)

// Codes that warn.
const (
	RespondentRepeated Code = "respondent_repeated" // the line says what an earlier one said, and is ignored
	AnswerMissing      Code = "answer_missing"      // the question was left out; the line's other answers count
	WaveUnplaced       Code = "wave_unplaced"       // the name does not say when the wave was; told once a wave
)

// Codes that refuse a file as a whole.
const (
	FileEmpty     Code = "file_empty"     // no line after the header, or nothing at all
	FileNotText   Code = "file_not_text"  // a spreadsheet or another binary file
	FileTooLarge  Code = "file_too_large" // more bytes than are read
	LinesTooMany  Code = "lines_too_many" // more lines than are read
	WavesTooMany  Code = "waves_too_many" // a column that names something else than waves
	ColumnMissing Code = "column_missing" // the header lacks a column
	ColumnDoubled Code = "column_doubled" // two columns have the same header
)

// Severity says what a problem does to its line.
type Severity int

const (
	// Rejected lines are not counted, and nor is the rest of the file unless somebody says so.
	Rejected Severity = iota + 1
	// Warning lines are counted, but for what the warning is about.
	Warning
)

// Problem tells what is wrong, and where. What would be right follows from the code and Expected.
type Problem struct {
	Severity Severity
	Line     int    // the physical line on which it starts, from 1; 0 speaks of the whole file
	Column   string // the header as the file writes it, or our own word for a column that is missing; empty: the whole line
	Code     Code
	Value    string // what was found, shortened; never taken from the respondent's column
	Expected string // the code's parameter: a scale, an earlier line, a limit
}

// RefusalError is the error of a file that cannot be read at all.
type RefusalError struct{ Problems []Problem }

// Error names what is wrong.
func (r *RefusalError) Error() string {
	said := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		said[i] = strings.TrimSpace(string(p.Code) + " " + p.Column)
	}
	return "the file is refused: " + strings.Join(said, ", ")
}

func refuse(code Code, line int, expected any) *RefusalError {
	return &RefusalError{[]Problem{{Severity: Rejected, Line: line, Code: code, Expected: fmt.Sprint(expected)}}}
}
