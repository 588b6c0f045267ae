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
	table
	Rows     []Row     // in the order of the file, rejected ones included
	Problems []Problem // found while reading; rows are checked against each other and against the directory elsewhere
}

// Row is one line. Values are cleaned; those of columns that the file does not have are empty.
type Row struct {
	Line       int
	Rejected   bool
	Unread     bool // rejected before its values were read: even the number may be another column's
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
	AwayFrom   clock.Date // of a long leave; zero: none
	AwayUntil  clock.Date // its last day; zero: not known
	Status     string     // as written
	PromotedOn clock.Date // of the last promotion; zero: none known
	Reason     string     // of the last change, as written
	// EffectiveOn is the day on which the last change of unit or manager takes effect; zero: not said.
	EffectiveOn clock.Date
}

// Read understands the file or returns a *RefusalError.
func Read(file []byte) (*Roster, error) {
	t, refusal := readTable(file, columns())
	if refusal != nil {
		return nil, refusal
	}
	t.settleUnsure(Manager, Number)
	r := &Roster{table: t}
	orders, refusal := r.dateOrders()
	if refusal != nil {
		return nil, refusal
	}
	r.Rows = make([]Row, len(r.records))
	for i, rec := range r.records {
		r.Rows[i] = r.row(rec, orders)
	}
	r.records = nil
	return r, nil
}

// maxValue bounds a value, in bytes. Nothing that a roster says of a person is longer, and what is would burden every page, and
// the database, from then on.
const maxValue = 500

// row reads one record; the first thing that rejects the line is the one that is told.
func (r *Roster) row(rec record, orders map[Field]order) Row {
	get := func(f Field) string { return r.value(rec, f) }
	row := Row{Line: rec.line, Number: get(Number)}
	reject := func(f Field, code Code, value, expected, reason string) Row {
		row.Rejected = true
		r.Problems = append(r.Problems, Problem{
			Severity: Rejected, Line: rec.line, Column: r.Header(f), Code: code,
			Value: Shorten(value), Expected: expected, Reason: reason,
		})
		return row
	}
	if p := r.malformed(rec, row.Number); p != nil {
		row.Rejected, row.Unread = true, true
		r.Problems = append(r.Problems, *p)
		return row
	}
	row.FamilyName, row.GivenName, row.Email, row.Manager = get(FamilyName), get(GivenName), get(Email), managerNumber(get(Manager))
	row.Unit, row.Team, row.JobTitle, row.Contract = get(Establishment), get(Service), get(JobTitle), get(Contract)
	row.Language, row.TimeZone, row.Status, row.Reason = get(Language), get(TimeZone), get(Status), get(ChangeReason)
	if row.Number == "" {
		return reject(Number, NumberMissing, "", "an employee number", "The line has no employee number.")
	}
	if get(HiredOn) == "" {
		return reject(HiredOn, DateMissing, "", "a date, such as 2026-11-02", "The hire date is missing.")
	}
	for _, d := range []struct {
		field Field
		into  *clock.Date
		open  bool // a date at the end of time means that there is none
	}{
		{HiredOn, &row.HiredOn, false},
		{LeftOn, &row.LeftOn, true},
		{AwayFrom, &row.AwayFrom, false},
		{AwayUntil, &row.AwayUntil, true},
		{PromotedOn, &row.PromotedOn, false},
	} {
		value := get(d.field)
		if value == "" {
			continue
		}
		date, ok := parseDate(value, orders[d.field])
		if d.open && ok && date.Year >= noEnd {
			continue
		}
		if !ok || date.Year > lastYear {
			return reject(d.field, DateImpossible, value, "a date, such as 2026-11-02", fmt.Sprintf("%q is not a date of the calendar.", Shorten(value)))
		}
		*d.into = date
	}
	row.EffectiveOn = r.effective(rec, orders[EffectiveOn])
	return row
}

// effective reads the day on which the last change takes effect. A doubtful one costs a warning and no more: the change itself
// is told by the unit and the manager, and the file's date will do.
func (r *Roster) effective(rec record, o order) clock.Date {
	value := r.value(rec, EffectiveOn)
	if value == "" {
		return clock.Date{}
	}
	date, ok := parseDate(value, o)
	if ok && date.Year <= lastYear {
		return date
	}
	r.Problems = append(r.Problems, Problem{
		Severity: Warning, Line: rec.line, Column: r.Header(EffectiveOn), Code: EffectUnclear, Value: Shorten(value),
		Expected: "a date, such as 2026-11-02",
		Reason:   fmt.Sprintf("%q is not a date of the calendar; a change takes the file's date.", Shorten(value)),
	})
	return clock.Date{}
}

// managerNumber understands the word by which SAP SuccessFactors says that somebody reports to nobody.
func managerNumber(value string) string {
	if strings.EqualFold(value, "NO_MANAGER") {
		return ""
	}
	return value
}
