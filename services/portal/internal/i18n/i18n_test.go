package i18n_test

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/i18n"
)

func TestBothLanguagesHaveTheSameMessages(t *testing.T) {
	require.Equal(t, keys(t, "fr"), keys(t, "en"))
}

func TestMessagesNameTheSameValuesInBothLanguages(t *testing.T) {
	french, english := messages(t, "fr"), messages(t, "en")
	for key, text := range french {
		require.Equal(t, placeholders(text), placeholders(english[key]), key)
	}
}

func TestEveryMessageThatPagesUseIsInTheCatalogue(t *testing.T) {
	known := messages(t, "fr")
	used := regexp.MustCompile(`(?:\bt\(ctx, |\bn\(ctx, |words\.[TN]\(|Label: |count\(|T\()"([a-z_]+(?:\.[a-z_0-9]+)*)"[,)\s}]`)
	found := 0
	for _, pattern := range []string{"../page/*.templ", "../page/*.go", "../web/*.go", "dates.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_templ.go") || strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, match := range used.FindAllStringSubmatch(string(source), -1) {
				key := match[1]
				if strings.HasSuffix(key, "_") {
					continue // the beginning of a key
				}
				_, plain := known[key]
				_, plural := known[key+".other"]
				require.True(t, plain || plural, "%s uses %q", file, key)
				found++
			}
		}
	}
	require.Greater(t, found, 150, "the pattern no longer finds how messages are used")
}

func TestPluralsFollowEachLanguage(t *testing.T) {
	catalogue, err := i18n.Load()
	require.NoError(t, err)
	french, english := catalogue.Words("fr", time.UTC), catalogue.Words("en", time.UTC)
	require.Equal(t, []string{"0 personne", "1 personne", "2 personnes"}, counted(french))
	require.Equal(t, []string{"0 people", "1 person", "2 people"}, counted(english))
}

func counted(words *i18n.Words) (texts []string) {
	for count := range 3 {
		texts = append(texts, words.N("people.total", count))
	}
	return texts
}

// A survey that is due on a person's own date can be confidential; the other word is true of the barometer's ballots alone.
func TestConfidentialTextsPromiseNothingThatIsNotTrue(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		for key, text := range messages(t, lang) {
			if !strings.HasPrefix(key, "barometer.") && !strings.HasPrefix(key, "barometer_results.") && !strings.HasPrefix(key, "ballot.") && key != "prompt_why.barometer" {
				require.NotContains(t, strings.ToLower(text), "anonym", key)
			}
		}
	}
}

func TestDatesAndNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	catalogue, err := i18n.Load()
	require.NoError(t, err)
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	french, english := catalogue.Words("fr", paris), catalogue.Words("en", paris)

	require.Equal(t, "1er novembre 2026", french.Date("2026-11-01"))
	require.Equal(t, "1 November 2026", english.Date("2026-11-01"))
	require.Equal(t, "lundi 2 novembre", french.Weekday("2026-11-02"))
	require.Equal(t, "2 nov. 2026, 00:30", french.Instant("2026-11-01T23:30:00Z"))
	require.Equal(t, "1,234", english.Number(1234))
	require.NotContains(t, french.Number(1234), ",")
	require.Contains(t, french.Decimal(3.95), ",")
	require.Equal(t, "74%", english.Percent(0.737))
	require.Equal(t, "a, b et c", french.List([]string{"a", "b", "c"}))

	now := time.Date(2026, 11, 2, 23, 30, 0, 0, time.UTC) // the 3rd in Paris
	require.Equal(t, "aujourd'hui", french.Away("2026-11-03", now))
	require.Equal(t, "tomorrow", english.Away("2026-11-04", now))
	require.Equal(t, "dans 3 jours", french.Away("2026-11-06", now))
	require.Equal(t, "2 days ago", english.Away("2026-11-01", now))
}

func TestNamesAreSortedAsInADictionary(t *testing.T) {
	catalogue, err := i18n.Load()
	require.NoError(t, err)
	for _, lang := range []string{"fr", "en"} {
		names := []string{"Zoé Lagarde", "Élodie Petit", "Magasin 10", "eric Blanc", "Denis Roy", "Magasin 2", "Œuvrard Luc", "Odile Marc", "Paul Noir"}
		sorted := []string{"Denis Roy", "Élodie Petit", "eric Blanc", "Magasin 2", "Magasin 10", "Odile Marc", "Œuvrard Luc", "Paul Noir", "Zoé Lagarde"}
		words := catalogue.Words(lang, time.UTC)
		require.Equal(t, sorted, slices.SortedFunc(slices.Values(names), words.Compare), lang)
		require.Equal(t, sorted, slices.SortedFunc(slices.Values(names), func(a, b string) int { return cmp.Compare(words.Key(a), words.Key(b)) }), lang)
	}
}

func TestTheFirstWishThatCanBeMetIsTaken(t *testing.T) {
	catalogue, err := i18n.Load()
	require.NoError(t, err)
	require.Equal(t, "fr", catalogue.Match("", "", ""))
	require.Equal(t, "en", catalogue.Match("", "en", "fr"))
	require.Equal(t, "en", catalogue.Match("", "", "de;q=0.9, en-GB;q=0.8"))
	require.Equal(t, "fr", catalogue.Match("not a language!", "", "fr-CA"))
}

func keys(t *testing.T, lang string) []string {
	t.Helper()
	var all []string
	for key := range messages(t, lang) {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}

func messages(t *testing.T, lang string) map[string]string {
	t.Helper()
	var tree map[string]any
	_, err := toml.DecodeFile(lang+".toml", &tree)
	require.NoError(t, err)
	flat := map[string]string{}
	flatten(flat, "", tree)
	return flat
}

func flatten(into map[string]string, prefix string, tree map[string]any) {
	for key, value := range tree {
		switch value := value.(type) {
		case string:
			into[prefix+key] = value
		case map[string]any:
			flatten(into, prefix+key+".", value)
		}
	}
}

func placeholders(text string) []string {
	found := regexp.MustCompile(`{{\.[A-Za-z]+}}`).FindAllString(text, -1)
	slices.Sort(found)
	return found
}
