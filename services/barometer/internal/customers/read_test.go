package customers_test

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"jalon.dev/pkg/stats"
	"jalon.dev/services/barometer/internal/customers"
)

const header = "wave,store,respondent,overall_satisfaction,welcome,availability,competence,recommend_0_10\n"

var stores = []customers.Store{
	{ID: "nantes", Name: "Nantes", Code: "M01"},
	{ID: "fougeres", Name: "Fougères", Code: "M15"},
	{ID: "saint-nazaire", Name: "Saint-Nazaire", Code: "M12"},
	{ID: "centre-a", Name: "Centre", Code: "M30"},
	{ID: "centre-b", Name: "centre", Code: "M31"},
}

func read(t require.TestingT, file string) customers.Report {
	r, err := customers.Read(strings.NewReader(file), stores)
	require.NoError(t, err)
	return r
}

func TestAnswersAreCountedByWaveAndStore(t *testing.T) {
	r := read(t, header+
		"2026-2,Nantes,a,5,3,4,4,10\n"+
		"2026-2,Fougères,b,1,2,3,4,0\n"+
		"2026-1,Nantes,c,5,5,5,5,9\n"+
		"2026-2,Nantes,d,4,3,4,5,10\n")

	require.Empty(t, r.Problems)
	require.False(t, r.Refused(false))
	require.Equal(t, 4, r.Accepted)
	require.Equal(t, []customers.Wave{"2026-1", "2026-2"}, r.Waves())
	require.Equal(t, []customers.Counts{
		{
			Wave: "2026-1", StoreID: "nantes", Respondents: 1,
			Rated:          [4]stats.Distribution{{4: 1}, {4: 1}, {4: 1}, {4: 1}},
			Recommendation: [11]int{9: 1},
		},
		{
			Wave: "2026-2", StoreID: "fougeres", Respondents: 1,
			Rated:          [4]stats.Distribution{{0: 1}, {1: 1}, {2: 1}, {3: 1}},
			Recommendation: [11]int{0: 1},
		},
		{
			Wave: "2026-2", StoreID: "nantes", Respondents: 2,
			Rated:          [4]stats.Distribution{{3: 1, 4: 1}, {2: 2}, {3: 2}, {3: 1, 4: 1}},
			Recommendation: [11]int{10: 2},
		},
	}, r.Counts)
}

func TestTheSamePanelIsReadFromEveryDialect(t *testing.T) {
	french := "Vague;Magasin;Répondant;Satisfaction globale;Accueil;Disponibilité;Compétence;Recommandation\n" +
		"2026-1;Fougères;x1;5;4;3;2;10\n2026-1;Fougères;x2;1;;3;2;0\n"
	want := read(t, french).Counts
	require.Len(t, want, 1)
	utf16 := func(order unicode.Endianness, s string) string {
		out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(s)
		require.NoError(t, err)
		return out
	}
	latin, err := charmap.Windows1252.NewEncoder().String(french)
	require.NoError(t, err)
	tabs := strings.ReplaceAll(french, ";", "\t")

	for name, file := range map[string]string{
		"UTF-8 with mark":                   "\uFEFF" + french,
		"Windows-1252":                      latin,
		"UTF-16 LE":                         utf16(unicode.LittleEndian, tabs),
		"UTF-16 BE":                         utf16(unicode.BigEndian, french),
		"CRLF":                              strings.ReplaceAll(french, "\n", "\r\n"),
		"carriage returns only":             strings.ReplaceAll(french, "\n", "\r"),
		"no line end at the end":            strings.TrimSuffix(french, "\n"),
		"tabs":                              tabs,
		"commas":                            strings.ReplaceAll(french, ";", ","),
		"capitals, no accents":              strings.Replace(french, "Répondant;Satisfaction globale", "REPONDANT;SATISFACTION GLOBALE", 1),
		"decomposed accents":                strings.ReplaceAll(french, "é", "e\u0301"),
		"a remark":                          "sep=;\r\n" + french,
		"scales in the header":              strings.Replace(french, "Accueil;Disponibilité;Compétence;Recommandation", "Accueil (1 à 5);Disponibilité /5;Compétence (note sur 5);Recommandation 0-10", 1),
		"codes":                             strings.ReplaceAll(french, "Fougères", "m15"),
		"other case":                        strings.ReplaceAll(french, "Fougères", " FOUGERES "),
		"quotes":                            `"` + strings.NewReplacer(";", `";"`, "\n", "\"\n\"").Replace(strings.TrimSpace(french)) + `"`,
		"spaces":                            strings.ReplaceAll(french, ";", "\u00a0 ; "),
		"spaces and quotes":                 strings.ReplaceAll(strings.ReplaceAll(french, ";5;", `; "5" ;`), ";10", `; "10" `),
		"blank lines":                       "\n\n" + strings.ReplaceAll(french, "\n", "\n;;;;;;;\n  \n"),
		"delimiters at the end":             strings.ReplaceAll(french, "\n", ";;\n"),
		"a delimiter after the header only": strings.Replace(french, "\n", ";\n", 1),
		"other column order": "Recommandation;Magasin;Commentaire;Vague;Compétence;Disponibilité;Accueil;Satisfaction globale;Répondant\n" +
			"10;Fougères;\"Très bien ;\nvraiment \"\"bien\"\"\";2026-1;2;3;4;5;x1\n0;Fougères;;2026-1;2;3;;1;x2\n",
		"the wave written otherwise": strings.Replace(french, "2026-1", "2026 / 01", 1),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := customers.Read(iotest.OneByteReader(strings.NewReader(file)), stores)
			require.NoError(t, err)
			require.Equal(t, want, r.Counts)
			require.Equal(t, 2, r.Accepted)
			require.Zero(t, r.Rejected)
			require.Equal(t, 1, r.Warnings, "an answer is missing")
		})
	}
}

// The first accent may come long after the header; until then nothing tells the encodings apart.
func TestAnAccentFarDownIsReadInEitherEncoding(t *testing.T) {
	far := header + strings.Repeat("\n", 100_000)
	for _, name := range []string{"Fougères", "Foug\xe8res"} {
		r := read(t, far+"2026-1,"+name+",x1,5,4,3,2,10\n")
		require.Equal(t, "fougeres", r.Counts[0].StoreID)
	}
}

func TestOfTheStoresNameAndCodeTheCodeIsTaken(t *testing.T) {
	r := read(t, strings.Replace(header, "store", "magasin,code magasin", 1)+"2026-1,Centre,M31,a,5,5,5,5,5\n")
	require.Equal(t, "centre-b", r.Counts[0].StoreID)
}
