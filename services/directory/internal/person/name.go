package person

import (
	"strings"
	"unicode"
)

// SameName tells whether two names differ in letter case at most.
func SameName(a, b string) bool { return strings.EqualFold(a, b) }

// BetterCased returns the form of one name that reads better: with small and capital letters. Between two such forms the
// known one stays, so that reading two systems' files in turn does not make names flicker.
func BetterCased(known, other string) string {
	if !SameName(known, other) || (!mixed(known) && mixed(other)) {
		return other
	}
	if mixed(known) || !allSmall(known) {
		return known
	}
	return other // all small letters read worse than all capitals
}

func mixed(s string) bool {
	return strings.IndexFunc(s, unicode.IsUpper) >= 0 && strings.IndexFunc(s, unicode.IsLower) >= 0
}

func allSmall(s string) bool { return strings.IndexFunc(s, unicode.IsUpper) < 0 }
