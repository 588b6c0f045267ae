package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/jalon/internal/demo"
)

// Columns of the sample company's export that are read or changed here.
const (
	colNumber, colManager, colStore, colTeam, colJob, colHired, colLeft = 0, 4, 5, 6, 7, 9, 10
	colAwayFrom, colAwayUntil, colPromoted                              = 12, 13, 14
)

const homeZone = "Europe/Paris"

// places are where the stores are, in turn: each with its clock and its public holidays.
var places = []struct{ zone, holidays string }{
	{homeZone, ""}, {homeZone, "FR-57"}, {"America/New_York", ""}, {"Australia/Lord_Howe", ""}, {"Pacific/Apia", ""},
}

// staff is the company as HR knows it: the sample company's life, and what that leaves out: long leaves, some without an end,
// returns earlier and later than planned, promotions, last days that change once they were told, managers who leave and whose people
// HR gives to somebody else later, and people who get another manager without moving.
type staff struct {
	*demo.Company
	random *rand.Rand
	more   map[string]*extra // by number
}

type extra struct {
	awayFrom, awayUntil, promoted, left clock.Date
	// manager is the number of another one than the sample company knows.
	manager string
}

func found(seed uint64, people int, day clock.Date) *staff {
	return &staff{Company: demo.NewCompany(seed, day, people), random: rand.New(rand.NewPCG(seed, 1)), more: map[string]*extra{}}
}

// live lets the days pass between two exports.
func (s *staff) live(since, until clock.Date) error {
	for day := since.AddDays(1); !day.After(until); day = day.AddDays(1) {
		if day.Weekday() == time.Monday {
			s.LiveAWeek(day)
		}
	}
	rows, err := s.rows()
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		if err := s.happen(row, until); err != nil {
			return err
		}
	}
	return s.succeed(rows[1:], until)
}

// succeed gives people another manager: those whose manager left that one's manager, in the end, and a few others.
func (s *staff) succeed(rows [][]string, today clock.Date) error {
	byNumber := map[string][]string{}
	for _, row := range rows {
		byNumber[row[colNumber]] = row
	}
	for _, row := range rows {
		boss := byNumber[row[colManager]]
		if boss == nil || boss[colManager] == "" {
			continue
		}
		left, err := day(boss[colLeft])
		if err != nil {
			return err
		}
		gone := !left.IsZero() && left.Before(today)
		if gone && s.oneIn(2) || !gone && s.oneIn(80) {
			s.more[row[colNumber]].manager = boss[colManager]
		}
	}
	return nil
}

// happen lets chance decide what became of one person by the day.
func (s *staff) happen(row []string, today clock.Date) error {
	left, err := day(row[colLeft])
	if err != nil {
		return err
	}
	known := s.more[row[colNumber]]
	if known == nil {
		known = &extra{}
		s.more[row[colNumber]] = known
	}
	if !left.IsZero() {
		if known.left.IsZero() && s.oneIn(6) { // the last day is another than the one that is told first
			known.left = left.AddDays(s.random.IntN(20) - 5)
		}
		return nil
	}
	switch away := !known.awayFrom.IsZero(); {
	case away && !known.awayUntil.IsZero() && known.awayUntil.Before(today):
		known.awayFrom, known.awayUntil = clock.Date{}, clock.Date{} // HR takes a leave that is over off the list
	case away && s.oneIn(5):
		known.awayUntil = later(today, known.awayFrom).AddDays(s.random.IntN(30)) // now its end is known, or another
	case !away && s.oneIn(25):
		known.awayFrom = today.AddDays(s.random.IntN(30) - 10)
		if !s.oneIn(3) {
			known.awayUntil = later(today, known.awayFrom).AddDays(14 + s.random.IntN(90))
		}
	}
	if s.leads(row) && s.oneIn(40) {
		known.left = today.AddDays(s.random.IntN(40) - 5)
	}
	if s.oneIn(60) {
		known.promoted = today.AddDays(-s.random.IntN(20))
	}
	return nil
}

// leads tells that somebody leads a team: those who lead stores stay, so that whoever has no manager left has one above.
func (s *staff) leads(row []string) bool {
	return strings.HasPrefix(row[colJob], "Responsable ") && row[colManager] != ""
}

func (s *staff) oneIn(n int) bool { return s.random.IntN(n) == 0 }

func later(a, b clock.Date) clock.Date {
	if b.After(a) {
		return b
	}
	return a
}

// rows are the export of the sample company, header first, with what is added here.
func (s *staff) rows() ([][]string, error) {
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(s.Export(), []byte("\ufeff"))))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading the sample company's export: %w", err)
	}
	for i, row := range rows {
		if i == 0 {
			rows[i] = append(row, "Début d'absence", "Fin d'absence", "Date de promotion")
			continue
		}
		known := s.more[row[colNumber]]
		if known == nil {
			known = &extra{}
		}
		if !known.left.IsZero() {
			hired, err := day(row[colHired])
			if err != nil {
				return nil, err
			}
			row[colLeft] = french(later(known.left, hired))
		}
		if known.manager != "" {
			row[colManager] = known.manager
		}
		rows[i] = append(row, french(known.awayFrom), french(known.awayUntil), french(known.promoted))
	}
	return rows, nil
}

// export is the file that HR sends.
func (s *staff) export() ([]byte, error) {
	rows, err := s.rows()
	if err != nil {
		return nil, err
	}
	return semicolons(rows)
}

// units is the file that says where the stores are.
func (s *staff) units() ([]byte, error) {
	rows, err := s.rows()
	if err != nil {
		return nil, err
	}
	list := [][]string{{"Code", "Nom", "Type", "Parent", "Fuseau horaire", "Jours fériés"}, {"CIE", demo.CompanyName, "company", "", homeZone, "FR"}}
	var stores []string
	for _, row := range rows[1:] {
		if !slices.Contains(stores, row[colStore]) {
			stores = append(stores, row[colStore])
		}
	}
	for i, store := range stores {
		place := places[i%len(places)]
		list = append(list, []string{fmt.Sprintf("M%02d", i), store, "store", "CIE", place.zone, place.holidays})
	}
	return semicolons(list)
}

func semicolons(rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	writer := csv.NewWriter(&out)
	writer.Comma = ';'
	if err := writer.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("writing a file of HR: %w", err)
	}
	return out.Bytes(), nil
}

func french(d clock.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, int(d.Month), d.Year)
}

// day reads a date as the export writes it.
func day(text string) (clock.Date, error) {
	if text == "" {
		return clock.Date{}, nil
	}
	parts := strings.Split(text, "/")
	slices.Reverse(parts)
	return clock.ParseDate(strings.Join(parts, "-"))
}
