package i18n

import (
	"strconv"
	"time"
)

type calendar struct {
	days, months, short [12]string
}

var calendars = map[string]calendar{
	"fr": {
		days:   [12]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		short:  [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
	},
	"en": {
		days:   [12]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		short:  [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	},
}

// Date writes a local date given as YYYY-MM-DD: "2 novembre 2026". Anything else comes back as it is.
func (w *Words) Date(iso string) string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return w.dayOfMonth(day) + " " + calendars[w.Lang].months[day.Month()-1] + " " + strconv.Itoa(day.Year())
}

// Weekday writes a local date with its day of the week: "lundi 2 novembre".
func (w *Words) Weekday(iso string) string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	names := calendars[w.Lang]
	return names.days[day.Weekday()] + " " + w.dayOfMonth(day) + " " + names.months[day.Month()-1]
}

// ShortDate writes a local date in little room: "2 nov. 2026".
func (w *Words) ShortDate(iso string) string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return w.dayOfMonth(day) + " " + calendars[w.Lang].short[day.Month()-1] + " " + strconv.Itoa(day.Year())
}

// Month writes a month given as YYYY-MM: "novembre 2026". Anything else comes back as it is.
func (w *Words) Month(iso string) string {
	first, err := time.Parse("2006-01", iso)
	if err != nil {
		return iso
	}
	return calendars[w.Lang].months[first.Month()-1] + " " + strconv.Itoa(first.Year())
}

// Leaf returns what a calendar's leaf shows of a date: its month, short, and its day.
func (w *Words) Leaf(iso string) (month, day string) {
	date, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return "", ""
	}
	return calendars[w.Lang].short[date.Month()-1], strconv.Itoa(date.Day())
}

// LongDay writes the reader's local day at an instant: "lundi 2 novembre 2026".
func (w *Words) LongDay(at time.Time) string {
	iso := at.In(w.zone).Format(time.DateOnly)
	return w.Weekday(iso) + " " + strconv.Itoa(at.In(w.zone).Year())
}

// Instant writes an RFC 3339 instant in the reader's time zone: "2 nov. 2026, 09:30".
func (w *Words) Instant(rfc3339 string) string {
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		return rfc3339
	}
	local := at.In(w.zone)
	return w.T("date_at_time", "Date", w.ShortDate(local.Format(time.DateOnly)), "Time", local.Format("15:04"))
}

// Away says how far a local date is from today: "demain", "dans 5 jours".
func (w *Words) Away(iso string, now time.Time) string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return ""
	}
	today, _ := time.Parse(time.DateOnly, now.In(w.zone).Format(time.DateOnly))
	days := int(day.Sub(today).Hours() / 24)
	switch {
	case days == 0:
		return w.T("away_today")
	case days == 1:
		return w.T("away_tomorrow")
	case days > 1:
		return w.N("away_in_days", days)
	default:
		return w.N("away_days_ago", -days)
	}
}

func (w *Words) dayOfMonth(day time.Time) string {
	if w.Lang == "fr" && day.Day() == 1 {
		return "1er"
	}
	return strconv.Itoa(day.Day())
}
