package customers

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Store is a store that the company knows. Files speak of it by its name or by its code.
type Store struct{ ID, Name, Code string }

// knownStores find a store's identifier by what it is called. Where two stores are called the same, they hold "".
type knownStores map[string]string

func knowStores(stores []Store) knownStores {
	known := make(knownStores, 2*len(stores))
	for _, s := range stores {
		for _, name := range []string{key(s.Name), key(s.Code)} {
			id := s.ID
			if other, taken := known[name]; taken && other != id {
				id = ""
			}
			if name != "" && s.ID != "" {
				known[name] = id
			}
		}
	}
	return known
}

// find is the store that is called so, or why there is none.
func (k knownStores) find(called string) (id string, code Code) {
	id, known := k[key(called)]
	switch {
	case !known:
		return "", StoreUnknown
	case id == "":
		return "", StoreAmbiguous
	}
	return id, ""
}

// key is what remains of a name when case, accents, blanks and punctuation do not count: Saint-Nazaire is also written
// SAINT NAZAIRE, and recommend_0_10 is a header of four words.
func key(name string) string {
	var b strings.Builder
	b.Grow(len(name))
	between := false
	for _, r := range norm.NFD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsNumber(r):
			between = true
			continue
		}
		if between && b.Len() > 0 {
			b.WriteByte(' ')
		}
		between = false
		switch r = unicode.ToLower(r); r {
		case 'œ':
			b.WriteString("oe")
		case 'æ':
			b.WriteString("ae")
		case 'ß':
			b.WriteString("ss")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
