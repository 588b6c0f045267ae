package roster_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/directory/internal/roster"
)

// Whatever bytes arrive: no panic, every row on a line of its own, and what was read is clean.
func FuzzReadAcceptsAnyBytes(f *testing.F) {
	f.Add([]byte(header + "1;A;B;;Nantes;Vélo;13/02/2020;\r\n"))
	f.Add([]byte(header + "1;\"A\nA\";\"B\"\"\";;Nantes;Vélo;13/02/2020;\r\n\"2;;\r\n"))
	f.Add([]byte("Employee ID,Last Name,First Name,Location,Hire Date\n1,A,B,Nantes,2026-11-05\n"))
	f.Add([]byte("\xff\xfeM\x00a\x00"))
	f.Add([]byte("\xfe\xff\x00M\x00a\xd8"))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := roster.Read(file)
		if err != nil {
			var refusal *roster.RefusalError
			require.ErrorAs(t, err, &refusal)
			require.NotEmpty(t, refusal.Problem.Code)
			return
		}
		last := 1
		for _, row := range r.Rows {
			require.Greater(t, row.Line, last)
			last = row.Line
			require.True(t, row.Rejected || (row.Number != "" && !row.HiredOn.IsZero()))
			for _, v := range []string{row.Number, row.FamilyName, row.GivenName, row.Email, row.Unit, row.Team} {
				require.True(t, utf8.ValidString(v))
				require.Equal(t, strings.TrimSpace(v), v)
				require.NotContains(t, v, "\n")
				require.Equal(t, -1, strings.IndexFunc(v, unicode.IsControl))
			}
		}
	})
}

// What encoding/csv writes, our scanner reads as it was meant.
func TestWhatAnotherProgramWritesIsReadAsItWasMeant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[a-zA-Zéà"';,<>=|\-]{0,12}`)
		comma := rapid.SampledFrom([]rune{';', ',', '\t'}).Draw(t, "comma")
		names := rapid.SliceOfN(value, 1, 20).Draw(t, "names")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma, w.UseCRLF = comma, rapid.Bool().Draw(t, "crlf")
		require.NoError(t, w.Write([]string{"Matricule", "Nom", "Prénom", "Site", "Date d'entrée"}))
		for _, name := range names {
			require.NoError(t, w.Write([]string{"1", name, "B", "Nantes", "2020-02-13"}))
		}
		w.Flush()
		r, err := roster.Read(b.Bytes())
		require.NoError(t, err)
		require.Len(t, r.Rows, len(names))
		for i, row := range r.Rows {
			require.Equal(t, names[i], row.FamilyName)
			require.False(t, row.Rejected)
		}
	})
}
