package roster

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"jalon.dev/services/directory/internal/fold"
)

// withMonthName reads dates such as "16-Nov-2015", "Nov 16, 2015" and "16 novembre 2015": year, month, day. The month's name
// leaves nothing to guess.
func withMonthName(s string) (n [3]int, ok bool) {
	if strings.IndexFunc(s, isNameLetter) < 0 {
		return n, false
	}
	words := fold.Words(s)
	if len(words) < 3 {
		return n, false
	}
	month, rest := time.Month(0), make([]string, 0, 2)
	for _, w := range words[:3] {
		if m := monthOf(w); m != 0 && month == 0 {
			month = m
			continue
		}
		rest = append(rest, w)
	}
	if month == 0 || len(rest) != 2 || len(words) > 3 {
		return n, false
	}
	if len(rest[0]) == 4 {
		rest[0], rest[1] = rest[1], rest[0]
	}
	day, err := strconv.Atoi(strings.TrimSuffix(rest[0], "er"))
	if err != nil || len(rest[1]) != 4 {
		return n, false
	}
	year, err := strconv.Atoi(rest[1])
	return [3]int{year, int(month), day}, err == nil
}

// isNameLetter is false for the letters that stand in an instant: "2026-11-25T00:00:00Z".
func isNameLetter(r rune) bool { return unicode.IsLetter(r) && r != 'T' && r != 'Z' }

// monthOf knows whole names and the usual short forms, folded.
func monthOf(word string) time.Month {
	for i, names := range [...]string{
		"january jan janvier janv", "february feb fevrier fevr fev", "march mar mars", "april apr avril avr", "may mai",
		"june jun juin", "july jul juillet juil", "august aug aout", "september sep sept septembre", "october oct octobre",
		"november nov novembre", "december dec decembre",
	} {
		for name := range strings.FieldsSeq(names) {
			if word == name {
				return time.Month(i + 1)
			}
		}
	}
	return 0
}
