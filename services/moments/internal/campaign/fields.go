package campaign

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/fold"
	"jalon.dev/services/moments/internal/survey"
)

// field is what may stand in braces in a message: each reader sees what is true of them in its place.
type field int

const (
	firstName field = iota
	unit
	until
)

// fieldNames are what the fields are called in each language, in their order; and what stands in for one that is not known of a
// reader, which reads well after "Bonjour" and "chez".
var (
	fieldNames = map[string][]string{
		"fr": {firstName: "prenom", unit: "etablissement", until: "date_limite"},
		"en": {firstName: "first_name", unit: "unit", until: "until"},
	}
	notKnown = map[string][]string{
		"fr": {firstName: "cher membre de l'équipe", unit: "votre établissement", until: "bientôt"},
		"en": {firstName: "dear colleague", unit: "your workplace", until: "soon"},
	}
)

// braces find what may be a field: anything short between braces.
var braces = regexp.MustCompile(`\{([^{}\n]{1,40})\}`)

// Fields are the names that a message in a language may hold, as they are written.
func Fields(lang string) []string {
	names := make([]string, 0, len(fieldNames[lang]))
	for _, name := range fieldNames[lang] {
		names = append(names, "{"+name+"}")
	}
	return names
}

// fieldOf finds a field by what is written between braces: {Prénom} is {prenom}, and { date limite } is {date_limite}.
func fieldOf(written, lang string) (field, bool) {
	name := strings.ReplaceAll(fold.Text(strings.TrimSpace(written)), " ", "_")
	for f, known := range fieldNames[lang] {
		if name == known {
			return field(f), true
		}
	}
	return 0, false
}

// unknownFields are those of a text that nobody knows, as they are written.
func unknownFields(text, lang string) []string {
	var unknown []string
	for _, found := range braces.FindAllStringSubmatch(text, -1) {
		if _, ok := fieldOf(found[1], lang); !ok {
			unknown = append(unknown, found[0])
		}
	}
	return unknown
}

// fieldProblems are the fields of a message that nobody knows.
func (c Content) fieldProblems() []Problem {
	if c.Kind != Message {
		return nil
	}
	var problems []Problem
	for _, text := range []struct{ field, lang, text string }{
		{"title.fr", "fr", c.Title.FR}, {"title.en", "en", c.Title.EN}, {"text.fr", "fr", c.Text.FR}, {"text.en", "en", c.Text.EN},
	} {
		if unknown := unknownFields(text.text, text.lang); len(unknown) > 0 {
			problems = append(problems, Problem{Field: text.field, Code: UnknownField, Detail: strings.Join(unknown, ", ")})
		}
	}
	return problems
}

// Reader is what fields say of one person; what is not known is empty.
type Reader struct {
	FirstName, Unit string
	Until           clock.Date
}

// HasFields tells whether what a text says depends on its reader.
func HasFields(text survey.Wording) bool {
	return braces.MatchString(text.FR) || braces.MatchString(text.EN)
}

// Fill puts what is true of a reader in the places of the fields of a text. What is no field stays as it is written.
func Fill(text, lang string, reader Reader) string {
	known := []string{firstName: reader.FirstName, unit: reader.Unit}
	if !reader.Until.IsZero() {
		known = append(known, inWords(reader.Until, lang))
	}
	var out strings.Builder
	end := 0
	for _, at := range braces.FindAllStringSubmatchIndex(text, -1) {
		f, ok := fieldOf(text[at[2]:at[3]], lang)
		if !ok {
			continue
		}
		out.WriteString(text[end:at[0]])
		end = at[1]
		if int(f) < len(known) && known[f] != "" {
			out.WriteString(known[f])
			continue
		}
		out.WriteString(fitting(notKnown[lang][f], out.String()))
	}
	out.WriteString(text[end:])
	return out.String()
}

// fitting begins with a capital where a sentence begins.
func fitting(words, before string) string {
	before = strings.TrimRightFunc(before, func(r rune) bool { return unicode.IsSpace(r) && r != '\n' })
	if last, _ := utf8.DecodeLastRuneInString(before); before != "" && !strings.ContainsRune(".!?\n", last) {
		return words
	}
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

var weekdays = map[string][7]string{
	"fr": {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

var months = map[string][12]string{
	"fr": {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	"en": {
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
	},
}

// inWords is a day as one says it: "mardi 17 novembre", "Tuesday 17 November".
func inWords(date clock.Date, lang string) string {
	day := strconv.Itoa(date.Day)
	if lang == "fr" && date.Day == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %s", weekdays[lang][date.Weekday()], day, months[lang][date.Month-1])
}
