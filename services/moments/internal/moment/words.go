package moment

import (
	"embed"
	"errors"
	"fmt"
	"slices"

	"github.com/BurntSushi/toml"
)

//go:embed words/*.toml
var words embed.FS

// Words are the texts of a key moment in the languages of the screens.
type Words struct {
	FR Texts `toml:"fr" bson:"fr"`
	EN Texts `toml:"en" bson:"en"`
}

// Texts are those of one language.
type Texts struct {
	Name string `toml:"name" bson:"name"`
	// Summary is one sentence: what is at stake.
	Summary string `toml:"summary" bson:"summary"`
	// What people expect: first what they hope and fear to feel, then of the others, then of the work.
	Emotional   []string `toml:"emotional" bson:"emotional"`
	Relational  []string `toml:"relational" bson:"relational"`
	Operational []string `toml:"operational" bson:"operational"`
	// Prepare is what the manager should prepare.
	Prepare []string `toml:"prepare" bson:"prepare"`
}

// In returns the texts in a BCP 47 language; French where there are none in it.
func (w Words) In(language string) Texts {
	if len(language) >= 2 && language[:2] == "en" {
		return w.EN
	}
	return w.FR
}

// Describe adds the words that Jalon comes with to the key moments that have some.
func Describe(c Catalogue) (Catalogue, error) {
	described := slices.Clone(c)
	var errs []error
	for i, km := range described {
		text, err := words.ReadFile("words/" + km.Code + ".toml")
		if err != nil {
			continue // an installation's own key moment
		}
		if err := toml.Unmarshal(text, &described[i].Words); err != nil {
			errs = append(errs, fmt.Errorf("reading the words of %s: %w", km.Code, err))
		}
		errs = append(errs, described[i].Words.validate(km.Code)...)
	}
	return described, errors.Join(errs...)
}

func (w Words) validate(code string) []error {
	var errs []error
	for language, t := range map[string]Texts{"fr": w.FR, "en": w.EN} {
		if t.Name == "" || t.Summary == "" || slices.ContainsFunc(t.lists(), func(l []string) bool { return len(l) == 0 }) {
			errs = append(errs, fmt.Errorf("words of %s: something is missing in %q", code, language))
		}
	}
	return errs
}

// lists are all that is listed, in the order of the screens.
func (t Texts) lists() [][]string {
	return [][]string{t.Emotional, t.Relational, t.Operational, t.Prepare}
}
