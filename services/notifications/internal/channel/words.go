package channel

import (
	"fmt"
	"strconv"
	"strings"

	"jalon.dev/pkg/clock"
)

// words are what a channel is told.
type words struct {
	// Asks and Says are headlines: of a campaign that asks, and of one that says something and has no title.
	Asks, Says string
	// AsksText and SaysText hold the last day.
	AsksText, SaysText string
	Open               string
	Test, TestText     string
	Months             [12]string
	// First is how the first of a month is written.
	First string
}

var wordings = map[string]words{
	"fr": {
		Asks:     "Quelques questions vous attendent peut-être",
		Says:     "Un message vous attend peut-être",
		AsksText: "Les RH interrogent une partie d'entre vous. Si vous en êtes, vos questions sont sur votre page Jalon, jusqu'au %s.",
		SaysText: "Les RH s'adressent à une partie d'entre vous. Si vous en êtes, le message est sur votre page Jalon, jusqu'au %s.",
		Open:     "Ouvrir Jalon",
		Test:     "Essai de Jalon",
		TestText: "Ce canal est bien relié : les campagnes que les RH choisissent d'annoncer paraîtront ici.",
		Months: [12]string{
			"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
		},
		First: "1er",
	},
	"en": {
		Asks:     "A few questions may be waiting for you",
		Says:     "A message may be waiting for you",
		AsksText: "HR is asking some of you. If you are among them, your questions are on your Jalon page until %s.",
		SaysText: "HR has something to tell some of you. If you are among them, the message is on your Jalon page until %s.",
		Open:     "Open Jalon",
		Test:     "A test by Jalon",
		TestText: "This channel is connected: campaigns that HR chooses to announce will appear here.",
		Months: [12]string{
			"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
		},
		First: "1",
	},
}

// note is what is posted.
type note struct{ Title, Text, Open, Home string }

// announce writes what a channel is told of a campaign: neither its name nor whom it is for.
func announce(language string, c Campaign, home string) note {
	said := wordings[language]
	out := note{Title: said.Asks, Text: fmt.Sprintf(said.AsksText, said.day(c.Until)), Open: said.Open, Home: home}
	if c.Message {
		out.Title, out.Text = said.Says, fmt.Sprintf(said.SaysText, said.day(c.Until))
		if title := strings.TrimSpace(map[string]string{"fr": c.TitleFR, "en": c.TitleEN}[language]); title != "" {
			out.Title = title
		}
	}
	return out
}

func test(language, home string) note {
	said := wordings[language]
	return note{Title: said.Test, Text: said.TestText, Open: said.Open, Home: home}
}

// day writes YYYY-MM-DD as it is said; what is no day stays as it is.
func (w words) day(text string) string {
	date, err := clock.ParseDate(text)
	if err != nil || date.IsZero() {
		return text
	}
	day := strconv.Itoa(date.Day)
	if date.Day == 1 {
		day = w.First
	}
	return day + " " + w.Months[date.Month-1] + " " + strconv.Itoa(date.Year)
}
