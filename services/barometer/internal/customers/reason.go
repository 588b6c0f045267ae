package customers

import "strings"

// Reason is the problem in an English sentence, for whoever reads no screen.
func (p Problem) Reason() string {
	sentence := reasons[p.Code]
	if sentence == "" {
		sentence = "is not understood"
	}
	return strings.NewReplacer("VALUE", p.Value, "EXPECTED", p.Expected).Replace(sentence)
}

var reasons = map[Code]string{
	StoreUnknown:       `no store is called "VALUE": give its name or code as the organisation has it`,
	StoreAmbiguous:     `several stores are called "VALUE": give the code`,
	StoreMissing:       "the line names no store",
	WaveMissing:        "the line names no wave: give its year and number, such as 2026-1",
	WaveTooLong:        "a wave's name has EXPECTED characters at most",
	RespondentMissing:  "the line has no respondent, so that nobody can tell whether it stands twice",
	RespondentSeen:     "line EXPECTED has the same respondent in this wave and says something else: the first one stands",
	ValueImpossible:    "must be a whole number, EXPECTED, or empty",
	AnswersMissing:     "the line answers no question",
	ColumnsMissing:     "the line has VALUE values, and the header EXPECTED columns",
	ColumnsExtra:       "the line has VALUE values, and the header EXPECTED columns: a decimal comma may be one too many",
	QuoteMalformed:     "a quotation does not end, or ends in the middle of a value",
	LineTooLong:        "the line is longer than EXPECTED bytes",
	RespondentRepeated: "says again what line EXPECTED says, and is not counted twice",
	AnswerMissing:      "the question was left out; the other answers count",
	WaveUnplaced:       `"VALUE" does not say when the wave was: a year and a number do, such as 2026-1; without them it is compared with no edition by time`,
	FileEmpty:          "the file has no line after its header",
	FileNotText:        "this is no text file: save it as CSV",
	FileTooLarge:       "the file has more than EXPECTED bytes",
	LinesTooMany:       "the file has more than EXPECTED lines",
	WavesTooMany:       "the file names more than EXPECTED waves: is the column of waves another one?",
	ColumnMissing:      "a column is missing: it may be called EXPECTED",
	ColumnDoubled:      "two columns have this header",
}
