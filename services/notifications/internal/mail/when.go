package mail

import (
	"strconv"
	"time"
)

var days = map[string][7]string{
	"fr": {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

var months = map[string][12]string{
	"fr": {
		"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
	},
	"en": {
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
	},
}

// dayAndTime is an instant as the reader's clock shows it: "mardi 10 novembre 2026 à 10:00".
func dayAndTime(lang string, at time.Time, zone *time.Location) string {
	if zone != nil {
		at = at.In(zone)
	}
	day, before := strconv.Itoa(at.Day()), " à "
	if lang == "en" {
		before = " at "
	} else if at.Day() == 1 {
		day = "1er"
	}
	return days[lang][at.Weekday()] + " " + day + " " + months[lang][at.Month()-1] + " " + strconv.Itoa(at.Year()) +
		before + at.Format("15:04")
}

// lookInJalon is what the entry in a calendar says besides its title: programs that do not show an entry's address show this.
func lookInJalon(lang, link string) string {
	if lang == "en" {
		return "To prepare the talk or to propose another date: " + link
	}
	return "Pour préparer l'entretien ou proposer une autre date : " + link
}
