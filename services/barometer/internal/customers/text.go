package customers

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxShown = 60

// shorten keeps the beginning of a value that a problem shows.
func shorten(s string) string {
	s = strings.TrimSpace(visible(s))
	if utf8.RuneCountInString(s) > maxShown {
		return string([]rune(s)[:maxShown-1]) + "…"
	}
	return s
}

// visible makes a value one line of visible text: no control characters, no marks that turn the reading direction. Markup and
// formulas stay: they are data, and whoever shows them escapes them.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// oneLine is visible text with single blanks.
func oneLine(s string) string { return strings.Join(strings.Fields(visible(s)), " ") }
