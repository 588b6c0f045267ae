// Package guide holds what Jalon says of how a talk of each kind is held: a page to read before, and ten lines for whoever has
// ten minutes. Contents are files, so that whoever writes well can better them without reading Go.
package guide

import (
	"embed"
	"fmt"

	"github.com/BurntSushi/toml"
)

//go:embed *.toml
var files embed.FS

// Kinds are the guides in the order of their list: the words of the contracts for kinds of talks, and what comes before them.
func Kinds() []string {
	return []string{"ei2d", "congratulation", "reframing", "recruitment", "departure", "return", "first_steps_as_manager"}
}

// Guide is one kind of talk in one language.
type Guide struct {
	Kind string `toml:"-"`
	Name string
	// Purpose is what the talk is for, and what it is not.
	Purpose string
	// Sides are the points of view: two where both prepare.
	Sides []Side `toml:"side"`
}

// Who reads a side.
const (
	Employee = "employee"
	Manager  = "manager"
)

// Side is a guide for one of the two. It begins with the other one's feelings, because these decide how the rest is heard.
type Side struct {
	Who string
	// Emotional, Relational and Operational are what the other one hopes and fears, in the order in which it matters.
	Emotional, Relational, Operational []string
	Before                             []string
	// Open are sentences that one can really say.
	Open                         []string
	During, End, After, Pitfalls []string
	// Short is the same in ten minutes.
	Short []string
}

// For is the side for a reader; where there is one side only, it is everybody's.
func (g Guide) For(who string) Side {
	for _, side := range g.Sides {
		if side.Who == who {
			return side
		}
	}
	return g.Sides[0]
}

// Shelf holds the guides of all languages.
type Shelf struct{ guides map[string]map[string]Guide } // by language, then kind

// Load reads the embedded guides.
func Load() (*Shelf, error) {
	shelf := &Shelf{guides: map[string]map[string]Guide{}}
	for _, kind := range Kinds() {
		var languages map[string]Guide
		if _, err := toml.DecodeFS(files, kind+".toml", &languages); err != nil {
			return nil, fmt.Errorf("reading the guide %q: %w", kind, err)
		}
		for lang, guide := range languages {
			if len(guide.Sides) == 0 {
				return nil, fmt.Errorf("the guide %q has no side in %q", kind, lang)
			}
			if shelf.guides[lang] == nil {
				shelf.guides[lang] = map[string]Guide{}
			}
			guide.Kind = kind
			shelf.guides[lang][kind] = guide
		}
	}
	return shelf, nil
}

// Find returns a guide; false where there is none of that kind.
func (s *Shelf) Find(lang, kind string) (Guide, bool) {
	guide, ok := s.guides[lang][kind]
	return guide, ok
}

// All returns a language's guides in the order of their list.
func (s *Shelf) All(lang string) []Guide {
	var all []Guide
	for _, kind := range Kinds() {
		if guide, ok := s.Find(lang, kind); ok {
			all = append(all, guide)
		}
	}
	return all
}
