package mongostore

import (
	"slices"
	"strings"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/unit"
)

type personDoc struct {
	ID         string     `bson:"_id"`
	Version    int64      `bson:"version"`
	Number     string     `bson:"number"`
	GivenName  string     `bson:"given_name"`
	FamilyName string     `bson:"family_name"`
	Email      string     `bson:"email,omitempty"`
	JobTitle   string     `bson:"job_title,omitempty"`
	Contract   string     `bson:"contract,omitempty"`
	UnitID     string     `bson:"unit_id"`
	ManagerID  string     `bson:"manager_id,omitempty"`
	Language   string     `bson:"language"`
	TimeZone   string     `bson:"time_zone,omitempty"`
	HiredOn    clock.Date `bson:"hired_on"`
	LeftOn     clock.Date `bson:"left_on"`
	AwayFrom   clock.Date `bson:"away_from,omitempty"`
	AwayUntil  clock.Date `bson:"away_until,omitempty"`
	PromotedOn clock.Date `bson:"promoted_on,omitempty"`
	History    []entryDoc `bson:"history"`
	// Words and Sort are the names folded: for finding by the beginning of any name, and for listing. Address is the e-mail
	// address folded, for finding by it.
	Words   []string `bson:"words"`
	Sort    string   `bson:"sort"`
	Address string   `bson:"address,omitempty"`
}

type entryDoc struct {
	On      clock.Date `bson:"on"`
	NotedOn clock.Date `bson:"noted_on"`
	What    string     `bson:"what"`
	From    string     `bson:"from,omitempty"`
	To      string     `bson:"to,omitempty"`
}

func toPersonDoc(p person.Person) personDoc {
	d := personDoc{
		ID: p.ID, Version: p.Version, Number: p.Number, GivenName: p.GivenName, FamilyName: p.FamilyName, Email: p.Email,
		JobTitle: p.JobTitle, Contract: p.Contract, UnitID: p.UnitID, ManagerID: p.ManagerID, Language: p.Language,
		TimeZone: p.TimeZone, HiredOn: p.HiredOn, LeftOn: p.LeftOn,
		AwayFrom: p.AwayFrom, AwayUntil: p.AwayUntil, PromotedOn: p.PromotedOn,
		Words: searchWords(p.GivenName, p.FamilyName), Sort: sortKey(p.Facts), Address: address(p.Email),
	}
	for _, e := range p.History {
		d.History = append(d.History, entryDoc{On: e.On, NotedOn: e.NotedOn, What: string(e.What), From: e.From, To: e.To})
	}
	return d
}

func (d personDoc) person() person.Person {
	p := person.Person{ID: d.ID, Version: d.Version, Number: d.Number, Facts: person.Facts{
		GivenName: d.GivenName, FamilyName: d.FamilyName, Email: d.Email, JobTitle: d.JobTitle, Contract: d.Contract,
		UnitID: d.UnitID, ManagerID: d.ManagerID, Language: d.Language, TimeZone: d.TimeZone, HiredOn: d.HiredOn, LeftOn: d.LeftOn,
		AwayFrom: d.AwayFrom, AwayUntil: d.AwayUntil, PromotedOn: d.PromotedOn,
	}}
	for _, e := range d.History {
		p.History = append(p.History, person.Entry{On: e.On, NotedOn: e.NotedOn, What: person.Happening(e.What), From: e.From, To: e.To})
	}
	return p
}

// searchWords are the folded words of the names, and each name part with its hyphens and apostrophes left out: "O'Brien" is
// found by "o", "bri" and "obrien".
func searchWords(names ...string) []string {
	var words []string
	for _, name := range names {
		for part := range strings.FieldsSeq(name) {
			inner := fold.Words(part)
			words = append(words, inner...)
			if len(inner) > 1 {
				words = append(words, strings.Join(inner, ""))
			}
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// sortKey lists by family name, then given name; the separator sorts before every letter.
func sortKey(f person.Facts) string { return fold.Text(f.FamilyName) + "\x01" + fold.Text(f.GivenName) }

// address is an e-mail address without its case, which makes no difference.
func address(email string) string { return strings.ToLower(email) }

type unitDoc struct {
	ID       string `bson:"_id"`
	Version  int64  `bson:"version"`
	Name     string `bson:"name"`
	Kind     string `bson:"kind"`
	Code     string `bson:"code,omitempty"`
	ParentID string `bson:"parent_id,omitempty"`
	TimeZone string `bson:"time_zone,omitempty"`
	Holidays string `bson:"holiday_calendar,omitempty"`
	Unplaced bool   `bson:"unplaced,omitempty"`
	Merged   string `bson:"merged_into,omitempty"`
}

func toUnitDoc(u unit.Unit) unitDoc {
	return unitDoc{
		ID: u.ID, Version: u.Version, Name: u.Name, Kind: string(u.Kind), Code: u.Code, ParentID: u.ParentID,
		TimeZone: u.TimeZone, Holidays: u.Holidays, Unplaced: u.Unplaced, Merged: u.MergedInto,
	}
}

func (d unitDoc) unit() unit.Unit {
	return unit.Unit{
		ID: d.ID, Version: d.Version, Name: d.Name, Kind: unit.Kind(d.Kind), Code: d.Code, ParentID: d.ParentID,
		TimeZone: d.TimeZone, Holidays: d.Holidays, Unplaced: d.Unplaced, MergedInto: d.Merged,
	}
}

// batchDoc is a part of an accepted plan, kept only until the import is through: it holds names.
type batchDoc struct {
	ID       string      `bson:"_id"` // import id and seq: sorts by seq
	ImportID string      `bson:"import_id"`
	Seq      int         `bson:"seq"`
	Turn     int64       `bson:"turn"` // of the gate, in which it was planned
	AsOf     clock.Date  `bson:"as_of"`
	At       time.Time   `bson:"at"`
	Applied  bool        `bson:"applied"`
	Units    []unitDoc   `bson:"units"`
	Changes  []changeDoc `bson:"changes"`
}

type changeDoc struct {
	Person   personDoc  `bson:"person"`
	Replaces int64      `bson:"replaces"`
	Tells    tellsDoc   `bson:"tells"`
	FromUnit string     `bson:"from_unit,omitempty"`
	On       clock.Date `bson:"on,omitempty"`
	UnitPath []string   `bson:"unit_path"`
	TimeZone string     `bson:"zone"`

	ManagerChanged bool       `bson:"manager_changed,omitempty"`
	FormerManager  string     `bson:"former_manager,omitempty"`
	FormerHiredOn  clock.Date `bson:"former_hired_on,omitempty"`
	ReturnedOn     clock.Date `bson:"returned_on,omitempty"`
	LeaveBegan     clock.Date `bson:"leave_began,omitempty"`
}

type tellsDoc struct {
	Registered bool `bson:"registered,omitempty"`
	Hired      bool `bson:"hired,omitempty"`
	Moved      bool `bson:"moved,omitempty"`
	Left       bool `bson:"left,omitempty"`
	Updated    bool `bson:"updated,omitempty"`
	Promoted   bool `bson:"promoted,omitempty"`
	OnLeave    bool `bson:"on_leave,omitempty"`
	Returned   bool `bson:"returned,omitempty"`
}

func toBatchDoc(b importing.Batch) batchDoc {
	d := batchDoc{ID: batchID(b.ImportID, b.Seq), ImportID: b.ImportID, Seq: b.Seq, AsOf: b.AsOf, At: b.At}
	for _, u := range b.Units {
		d.Units = append(d.Units, toUnitDoc(u))
	}
	for _, c := range b.Changes {
		d.Changes = append(d.Changes, changeDoc{
			Person: toPersonDoc(c.Person), Replaces: c.Replaces, Tells: tellsDoc(c.Tells),
			FromUnit: c.FromUnit, On: c.On, UnitPath: c.UnitPath, TimeZone: c.TimeZone,
			ManagerChanged: c.ManagerChanged, FormerManager: c.FormerManager, FormerHiredOn: c.FormerHiredOn,
			ReturnedOn: c.ReturnedOn, LeaveBegan: c.LeaveBegan,
		})
	}
	return d
}

func (d batchDoc) batch() importing.Batch {
	b := importing.Batch{ImportID: d.ImportID, Seq: d.Seq, AsOf: d.AsOf, At: d.At.UTC()}
	for _, u := range d.Units {
		b.Units = append(b.Units, u.unit())
	}
	for _, c := range d.Changes {
		b.Changes = append(b.Changes, importing.Change{
			Person: c.Person.person(), Replaces: c.Replaces, Tells: importing.Tells(c.Tells),
			FromUnit: c.FromUnit, On: c.On, UnitPath: c.UnitPath, TimeZone: c.TimeZone,
			ManagerChanged: c.ManagerChanged, FormerManager: c.FormerManager, FormerHiredOn: c.FormerHiredOn,
			ReturnedOn: c.ReturnedOn, LeaveBegan: c.LeaveBegan,
		})
	}
	return b
}
