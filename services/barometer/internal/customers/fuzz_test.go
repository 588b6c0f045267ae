package customers_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/customers"
)

// Whatever bytes arrive: no panic, each line has one fate, and what was counted can be measured.
func FuzzRead(f *testing.F) {
	f.Add([]byte(header + good))
	f.Add([]byte("\uFEFFVague;Magasin;Répondant;Satisfaction globale;Accueil;Disponibilité;Compétence;Recommandation\r\n2026-1;M15;x;5;;3;2;10\r\n"))
	f.Add([]byte(header + "\"2026-1\",\"Nantes\",\"a\n\"\"\",5,5,5,5,5\n2026-1,\"Nantes,b,5,5,5,5,5\n"))
	f.Add([]byte(header + good + good + strings.Replace(good, ",5,", ",1,", 1)))
	f.Add([]byte("sep=\t\r" + strings.ReplaceAll(header, ",", "\t") + "1/2026\tFoug\xe8res\tx\t5\t5\t5\t5\t\r"))
	f.Add([]byte("\xff\xfew\x00a\x00v\x00e\x00,\x00"))
	f.Add([]byte("\xfe\xff\x00w\x00a\xd8"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := customers.ReadWithin(bytes.NewReader(file), stores, 1<<20, 1000, 1<<10, 3)
		if err != nil {
			var refusal *customers.RefusalError
			require.ErrorAs(t, err, &refusal)
			require.NotEmpty(t, refusal.Problems)
			require.NotEmpty(t, refusal.Problems[0].Code)
			return
		}
		counted := 0
		for _, c := range r.Counts {
			counted += c.Respondents
			require.True(t, slices.ContainsFunc(stores, func(s customers.Store) bool { return s.ID == c.StoreID }))
			wave, err := customers.NewWave(string(c.Wave))
			require.NoError(t, err)
			require.Equal(t, c.Wave, wave, "a wave has one form")
			m, err := customers.Measure(c)
			require.NoError(t, err)
			require.LessOrEqual(t, m.NPS.N, c.Respondents)
		}
		require.Equal(t, r.Accepted, counted)
		require.Equal(t, r.Rejected > 0, slices.ContainsFunc(r.Problems, func(p customers.Problem) bool {
			return p.Severity == customers.Rejected
		}))
		last := 1
		for _, p := range r.Problems {
			require.GreaterOrEqual(t, p.Line, last)
			last = p.Line
		}
	})
}

// answer is what a customer says; "" is nothing.
func anyAnswer(t *rapid.T, lowest, highest int) string {
	if n := rapid.IntRange(lowest-1, highest).Draw(t, "answer"); n >= lowest {
		return strconv.Itoa(n)
	}
	return ""
}

func anyPanel(t *rapid.T) [][]string {
	var panel [][]string
	for i := range rapid.IntRange(1, 60).Draw(t, "customers") {
		row := []string{
			rapid.SampledFrom([]string{"2026-1", "2026-2", "2026-3"}).Draw(t, "wave"),
			rapid.SampledFrom([]string{"Nantes", "FOUGERES", "M12", "Saint Nazaire"}).Draw(t, "store"),
			fmt.Sprintf("%s%d", rapid.StringMatching(`[a-zA-Zé"';,<>=|\-]{0,6}`).Draw(t, "respondent"), i),
			rapid.SampledFrom([]string{"1", "5"}).Draw(t, "satisfaction"), // no line is without any answer
			anyAnswer(t, 1, 5), anyAnswer(t, 1, 5), anyAnswer(t, 1, 5), anyAnswer(t, 0, 10),
		}
		panel = append(panel, row)
	}
	return panel
}

func written(t *rapid.T, panel [][]string) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = rapid.SampledFrom([]rune{';', ',', '\t'}).Draw(t, "comma")
	w.UseCRLF = rapid.Bool().Draw(t, "crlf")
	require.NoError(t, w.Write(strings.Split(strings.TrimSpace(header), ",")))
	require.NoError(t, w.WriteAll(panel))
	return b.String()
}

func TestWhatAnotherProgramWritesIsReadAsItWasMeant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		panel := anyPanel(t)
		r := read(t, written(t, panel))
		require.Equal(t, len(panel), r.Accepted)
		answers := map[string]int{}
		for _, row := range panel {
			for question, answer := range row[4:] {
				if answer != "" {
					answers[fmt.Sprintf("%s %d %s", row[0], question, answer)]++
				}
			}
		}
		for _, c := range r.Counts {
			for question, distribution := range c.Rated[1:] {
				for i, n := range distribution {
					answers[fmt.Sprintf("%s %d %d", c.Wave, question, i+1)] -= n
				}
			}
			for answer, n := range c.Recommendation {
				answers[fmt.Sprintf("%s 3 %d", c.Wave, answer)] -= n
			}
		}
		for what, left := range answers {
			require.Zero(t, left, what)
		}
	})
}

func TestTheOrderOfLinesAndRepeatingThemChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		panel := anyPanel(t)
		want := read(t, written(t, panel)).Counts
		repeated := rapid.IntRange(0, len(panel)).Draw(t, "repeated")
		again := append(slices.Clone(panel), panel[:repeated]...)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, seed)).Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })

		r := read(t, written(t, again))

		require.Equal(t, want, r.Counts)
		require.Equal(t, repeated, r.Repeated)
		require.False(t, r.Refused(false))
	})
}

// Nothing that is kept or told says who answered.
func TestTheRespondentIsForgotten(t *testing.T) {
	const who = "zoe@exemple.fr"
	r := read(t, header+"2026-1,Nantes,"+who+",5,5,5,5,5\n2026-1,Nantes,"+who+",5,5,5,5,5\n2026-1,Nantes,"+who+",1,5,5,5,5\n"+
		"2026-1,Nantes,"+who+",9,5,5,5,5\n2026-1,Nowhere,"+who+",5,5,5,5,5\n2026-1,Nantes,"+who+"\n2026-1,Nantes,\""+who+",5,5,5,5,5\n")
	require.Equal(t, 5, r.Rejected)
	require.Len(t, r.Problems, 6)
	require.NotContains(t, fmt.Sprintf("%+v", r), who)
}
