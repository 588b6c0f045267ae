package roster

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// table is a file whose header was understood.
type table struct {
	layout
	Encoding  Encoding
	Delimiter rune
	dateOrder string
	records   []record
	examples  []string // by column: its first value
	broken    bool     // somewhere in the file is a byte that is no character
}

// Has tells whether the file has the column: a value that it does not speak of is left as it is known.
func (t *table) Has(f Field) bool { return t.place[f] >= 0 }

// Header returns a column's header as the file writes it, or our own name for it.
func (t *table) Header(f Field) string { return t.header[f] }

func readTable(file []byte, known []column) (table, *RefusalError) {
	text, enc, refusal := decode(file)
	if refusal != nil {
		return table{}, refusal
	}
	scan, layout, refusal := open(text, known)
	if refusal != nil {
		return table{}, refusal
	}
	t := table{layout: layout, Encoding: enc, Delimiter: rune(scan.comma), examples: make([]string, len(layout.headers)), broken: !utf8.ValidString(text)}
	for rec, ok := scan.next(); ok; rec, ok = scan.next() {
		if len(t.records) == 0 && len(rec.values) == len(layout.headers) && t.secondHeader(rec) {
			continue
		}
		t.records = append(t.records, rec)
		t.keepExamples(rec)
	}
	if len(t.records) == 0 {
		return table{}, refuse(FileEmpty, "", "a line for each after the header", "The file has a header but no line after it.")
	}
	return t, nil
}

// secondHeader knows the line of labels that some systems write beneath the line of technical names.
func (t *table) secondHeader(rec record) bool {
	again := readHeader(rec.values, t.columns)
	return again.found >= 3 && again.found*2 > t.found
}

const exampleLines = 50

func (t *table) keepExamples(rec record) {
	if len(t.records) > exampleLines || rec.malformed {
		return
	}
	for i := range min(len(t.examples), len(rec.values)) {
		if t.examples[i] == "" {
			t.examples[i] = Shorten(rec.values[i])
		}
	}
}

// open finds the delimiter by meaning: the one with which the header has the most columns that we know.
func open(text string, known []column) (*scanner, layout, *RefusalError) {
	var best *scanner
	var found layout
	for _, comma := range []byte{';', ',', '\t', '|'} {
		s := newScanner(text, comma)
		rec, ok := s.next()
		if ok && len(rec.values) > 0 && strings.HasPrefix(strings.ToLower(rec.values[0]), "sep=") {
			rec, ok = s.next() // a spreadsheet's own remark about the delimiter
		}
		if !ok {
			return nil, layout{}, refuse(FileEmpty, "", "a header and a line for each", "The file is empty.")
		}
		l := readHeader(rec.values, known)
		if best == nil || l.found > found.found || (l.found == found.found && len(l.headers) > len(found.headers)) {
			best, found = s, l
		}
	}
	if refusal := found.missing(); refusal != nil {
		return nil, layout{}, refusal
	}
	return best, found, nil
}

// raw is the value as written; empty where the line is short or the file has no such column.
func (t *table) raw(rec record, f Field) string {
	if at := t.place[f]; at >= 0 && at < len(rec.values) {
		return rec.values[at]
	}
	return ""
}

func (t *table) value(rec record, f Field) string { return clean(t.raw(rec, f)) }

// malformed says what keeps a record from being read at all; nil: nothing does. The file's first field stands for columns that
// have no meaning for us.
func (t *table) malformed(rec record, name string) *Problem {
	width := len(t.headers)
	problem := func(f Field, code Code, value, expected, reason string) *Problem {
		return &Problem{
			Severity: Rejected, Line: rec.line, Column: t.Header(max(f, 0)), Code: code,
			Value: Shorten(value), Expected: expected, Reason: reason,
		}
	}
	if rec.malformed {
		return problem(0, QuoteMalformed, name, `a value in quotation marks ends before the delimiter; a mark inside it is doubled`,
			"A quotation mark is not closed, or stands in the middle of a quoted value.")
	}
	if len(rec.values) < width {
		return problem(t.fieldAt(len(rec.values)), ColumnsMissing, fmt.Sprint(len(rec.values)), fmt.Sprint(width),
			fmt.Sprintf("The line has %d values where the header has %d columns.", len(rec.values), width))
	}
	for _, extra := range rec.values[width:] {
		if strings.TrimSpace(extra) != "" {
			return problem(0, ColumnsExtra, fmt.Sprint(len(rec.values)), fmt.Sprint(width),
				fmt.Sprintf("The line has %d values where the header has %d columns; a delimiter inside a value needs quotation marks.", len(rec.values), width))
		}
	}
	for f, at := range t.place {
		if at < 0 {
			continue
		}
		value := rec.values[at]
		if len(value) > maxValue {
			return problem(Field(f), ValueTooLong, value[:maxValue], fmt.Sprint(maxValue), fmt.Sprintf("The value has more than %d characters.", maxValue))
		}
		if t.broken && !utf8.ValidString(value) {
			return problem(Field(f), CharacterBroken, value, "characters in "+string(t.Encoding),
				fmt.Sprintf("The byte %#02x in %q is no character of the file's encoding, %s.", brokenByte(value), clean(value), t.Encoding))
		}
	}
	return nil
}

// brokenByte is the first byte that is no character.
func brokenByte(value string) byte {
	for i, r := range value {
		if _, size := utf8.DecodeRuneInString(value[i:]); r == utf8.RuneError && size == 1 {
			return value[i]
		}
	}
	return 0
}

// settleUnsure takes a column by a header that may mean something else only when its values agree: most of them must be
// values of the other field. A column "Manager" may hold numbers, or names, which we could not use.
func (t *table) settleUnsure(f, among Field) {
	if t.Has(f) {
		return
	}
	known := make(map[string]bool, len(t.records))
	for _, rec := range t.records {
		known[t.value(rec, among)] = true
	}
	for _, at := range t.unsure(f) {
		filled, agree := 0, 0
		for _, rec := range t.records {
			if at >= len(rec.values) {
				continue
			}
			if value := managerNumber(clean(rec.values[at])); value != "" {
				filled++
				if known[value] {
					agree++
				}
			}
		}
		if agree > 0 && agree*2 >= filled {
			t.take(f, at)
			return
		}
	}
}
