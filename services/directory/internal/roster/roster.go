// Package roster reads the file in which an HR system lists its people, whatever delimiter, encoding, quotation, date order
// and header language that system uses. It knows what a line says, not what it means for the people already known.
package roster

import (
	"fmt"
	"strings"

	"jalon.dev/pkg/clock"
)

// Roster is a file that was read.
type Roster struct {
	Encoding  Encoding
	Delimiter rune
	Rows      []Row     // in the order of the file, rejected ones included
	Problems  []Problem // found while reading; rows are checked against each other and against the directory elsewhere
	layout    layout
}

// Row is one line. Values are cleaned; those of columns that the file does not have are empty.
type Row struct {
	Line       int
	Rejected   bool
	Number     string
	FamilyName string
	GivenName  string
	Email      string
	Manager    string // the manager's number
	Unit       string
	Team       string
	JobTitle   string
	Contract   string
	HiredOn    clock.Date
	LeftOn     clock.Date // zero: none
	Language   string
	TimeZone   string
}

// Has tells whether the file has the column: a value that it does not speak of is left as it is known.
func (r *Roster) Has(f Field) bool { return r.layout.place[f] >= 0 }

// Header returns a column's header as the file writes it, or our own name for it.
func (r *Roster) Header(f Field) string { return r.layout.header[f] }

// Read understands the file or returns a *RefusalError.
func Read(file []byte) (*Roster, error) {
	text, enc, refusal := decode(file)
	if refusal != nil {
		return nil, refusal
	}
	scan, layout, refusal := open(text)
	if refusal != nil {
		return nil, refusal
	}
	r := &Roster{Encoding: enc, Delimiter: rune(scan.comma), layout: layout}
	var records []record
	for rec, ok := scan.next(); ok; rec, ok = scan.next() {
		records = append(records, rec)
	}
	if len(records) == 0 {
		return nil, refuse(FileEmpty, "", "a line per person after the header", "The file has a header but no line after it.")
	}
	orders := r.dateOrders(records)
	r.Rows = make([]Row, len(records))
	for i, rec := range records {
		r.Rows[i] = r.row(rec, orders)
	}
	return r, nil
}

// open finds the delimiter by meaning: the one with which the header has the most columns that we know.
func open(text string) (*scanner, layout, *RefusalError) {
	var best *scanner
	var header []string
	var found layout
	for _, comma := range []byte{';', ',', '\t'} {
		s := newScanner(text, comma)
		rec, ok := s.next()
		if ok && len(rec.values) > 0 && strings.HasPrefix(strings.ToLower(rec.values[0]), "sep=") {
			rec, ok = s.next() // a spreadsheet's own remark about the delimiter
		}
		if !ok {
			return nil, layout{}, refuse(FileEmpty, "", "a header and a line per person", "The file is empty.")
		}
		l := readHeader(rec.values)
		if best == nil || l.found > found.found || (l.found == found.found && l.width > found.width) {
			best, header, found = s, rec.values, l
		}
	}
	if refusal := found.missing(header); refusal != nil {
		return nil, layout{}, refusal
	}
	return best, found, nil
}

// dateOrders decides for each date column from the whole column; a column that leaves it open follows the other.
func (r *Roster) dateOrders(records []record) map[Field]order {
	var seen [fields]evidence
	for _, rec := range records {
		for _, f := range []Field{HiredOn, LeftOn} {
			if at := r.layout.place[f]; at >= 0 && at < len(rec.values) {
				seen[f].add(strings.TrimSpace(rec.values[at]))
			}
		}
	}
	orders := make(map[Field]order, 2)
	for _, f := range []Field{HiredOn, LeftOn} {
		other := HiredOn + LeftOn - f
		switch {
		case seen[f].decides():
			orders[f] = seen[f].order()
		case seen[other].decides():
			orders[f] = seen[other].order()
		case seen[f].either > 0 && !r.layout.french():
			orders[f] = dayFirst
			r.Problems = append(r.Problems, Problem{
				Severity: Warning, Column: r.Header(f), Code: DateOrderAssumed,
				Expected: "YYYY-MM-DD", Reason: fmt.Sprintf("No date of column %s tells the day from the month; the day was read first.", r.Header(f)),
			})
		}
	}
	return orders
}

// maxValue bounds a value, in bytes. Nothing that a roster says of a person is longer, and what is would burden every page, and
// the database, from then on.
const maxValue = 500

// row reads one record; the first thing that rejects the line is the one that is told.
func (r *Roster) row(rec record, orders map[Field]order) Row {
	get := func(f Field) string {
		if at := r.layout.place[f]; at >= 0 && at < len(rec.values) {
			return clean(rec.values[at])
		}
		return ""
	}
	row := Row{Line: rec.line, Number: get(Number)}
	reject := func(f Field, code Code, value, expected, reason string) Row {
		row.Rejected = true
		r.Problems = append(r.Problems, Problem{
			Severity: Rejected, Line: rec.line, Column: r.Header(f), Code: code,
			Value: Shorten(value), Expected: expected, Reason: reason,
		})
		return row
	}
	if rec.malformed {
		return reject(Number, QuoteMalformed, row.Number, `a value in quotation marks ends before the delimiter; a mark inside it is doubled`,
			"A quotation mark is not closed, or stands in the middle of a quoted value.")
	}
	if missing := r.layout.width - len(rec.values); missing > 0 {
		return reject(r.fieldAt(len(rec.values)), ColumnsMissing, fmt.Sprint(len(rec.values)), fmt.Sprint(r.layout.width),
			fmt.Sprintf("The line has %d values where the header has %d columns.", len(rec.values), r.layout.width))
	}
	for _, extra := range rec.values[r.layout.width:] {
		if strings.TrimSpace(extra) != "" {
			return reject(Number, ColumnsExtra, fmt.Sprint(len(rec.values)), fmt.Sprint(r.layout.width),
				fmt.Sprintf("The line has %d values where the header has %d columns; a delimiter inside a value needs quotation marks.", len(rec.values), r.layout.width))
		}
	}
	for f, at := range r.layout.place {
		if at >= 0 && len(rec.values[at]) > maxValue {
			return reject(Field(f), ValueTooLong, rec.values[at][:maxValue], fmt.Sprint(maxValue), fmt.Sprintf("The value has more than %d characters.", maxValue))
		}
	}
	row.FamilyName, row.GivenName, row.Email, row.Manager = get(FamilyName), get(GivenName), get(Email), get(Manager)
	row.Unit, row.Team, row.JobTitle, row.Contract = get(Establishment), get(Service), get(JobTitle), get(Contract)
	row.Language, row.TimeZone = get(Language), get(TimeZone)
	if row.Number == "" {
		return reject(Number, NumberMissing, "", "an employee number", "The line has no employee number.")
	}
	for _, f := range []Field{HiredOn, LeftOn} {
		value := get(f)
		if value == "" {
			if f == HiredOn {
				return reject(f, DateMissing, "", "a date, such as 2026-11-02", "The hire date is missing.")
			}
			continue
		}
		date, ok := parseDate(value, orders[f])
		if f == LeftOn && ok && date.Year >= noEnd {
			continue
		}
		if !ok || date.Year > lastYear {
			return reject(f, DateImpossible, value, "a date, such as 2026-11-02", fmt.Sprintf("%q is not a date of the calendar.", Shorten(value)))
		}
		if f == HiredOn {
			row.HiredOn = date
		} else {
			row.LeftOn = date
		}
	}
	return row
}

// fieldAt names the column at which a short line stops; one that has no meaning for us counts as the number's.
func (r *Roster) fieldAt(place int) Field {
	for f, at := range r.layout.place {
		if at == place {
			return Field(f)
		}
	}
	return Number
}
