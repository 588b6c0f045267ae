package customers_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/customers"
)

// refused are the codes for which the file is refused as a whole.
func refused(t *testing.T, err error) []customers.Code {
	t.Helper()
	var refusal *customers.RefusalError
	require.ErrorAs(t, err, &refusal)
	var codes []customers.Code
	for _, p := range refusal.Problems {
		codes = append(codes, p.Code)
	}
	return codes
}

func TestAFileThatMakesNoSenseIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		codes []customers.Code
	}{
		"nothing":             {"", []customers.Code{customers.FileEmpty}},
		"blank lines":         {"\n\r\n;;;\n", []customers.Code{customers.FileEmpty}},
		"a mark only":         {"\uFEFF", []customers.Code{customers.FileEmpty}},
		"a header only":       {header + "\n,,,\n", []customers.Code{customers.FileEmpty}},
		"a spreadsheet":       {"PK\x03\x04...", []customers.Code{customers.FileNotText}},
		"zero bytes":          {"w\x00a\x00v\x00e\x00", []customers.Code{customers.FileNotText}},
		"two columns missing": {"wave,store,respondent,welcome,availability,competence\n1,2,3,4,5,5\n", []customers.Code{customers.ColumnMissing, customers.ColumnMissing}},
		"a column twice":      {"Wave," + header + "1,2026-1,Nantes,a,5,5,5,5,5\n", []customers.Code{customers.ColumnDoubled}},
		"a quotation without end": {
			`"wave,store` + "\n2026-1,Nantes,a,5,5,5,5,5\n", []customers.Code{customers.QuoteMalformed},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := customers.Read(strings.NewReader(c.file), stores)
			require.Equal(t, c.codes, refused(t, err))
		})
	}
}

func TestMissingColumnsAreNamed(t *testing.T) {
	_, err := customers.Read(strings.NewReader("\nvague;magasin;accueil;disponibilité;compétence;recommandation\n"), stores)
	var refusal *customers.RefusalError
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, customers.Problem{
		Severity: customers.Rejected, Line: 2, Column: "respondent", Code: customers.ColumnMissing,
		Value: "vague, magasin, accueil, disponibilité, compétence, recomma…", Expected: "respondent, répondant",
	}, refusal.Problems[0])
	require.Equal(t, "overall_satisfaction", refusal.Problems[1].Column)
	require.EqualError(t, err, "the file is refused: column_missing respondent, column_missing overall_satisfaction")
}

// Without a header the first line is a customer's, and no problem says who answered.
func TestALineThatIsNoHeaderIsNotShown(t *testing.T) {
	const who = "zoe@exemple.fr"
	for _, comma := range []string{",", ";", "\t", "|"} {
		line := strings.Join([]string{"2026-1", "Nantes", who, "5", "5", "5", "5", "5"}, comma)
		_, err := customers.Read(strings.NewReader(line+"\n"), stores)
		var refusal *customers.RefusalError
		require.ErrorAs(t, err, &refusal)
		require.Len(t, refusal.Problems, 8, "every column is missing")
		require.NotContains(t, fmt.Sprintf("%+v", refusal.Problems), who)
	}
}

func TestAFileBeyondTheLimitsIsRefused(t *testing.T) {
	line := func(wave, id string) string { return wave + ",Nantes," + id + ",5,5,5,5,5\n" }
	file := header + line("2026-1", "a") + line("2026-2", "b") + "\n"
	within := func(bytes int64, lines, line, waves int) error {
		_, err := customers.ReadWithin(strings.NewReader(file), stores, bytes, lines, line, waves)
		return err
	}
	size := int64(len(file))
	require.NoError(t, within(size, 2, len(header), 2))
	require.Equal(t, []customers.Code{customers.FileTooLarge}, refused(t, within(size-1, 2, len(header), 2)))
	require.Equal(t, []customers.Code{customers.FileTooLarge}, refused(t, within(10, 2, len(header), 2)))
	require.Equal(t, []customers.Code{customers.LinesTooMany}, refused(t, within(size, 1, len(header), 2)))
	require.Equal(t, []customers.Code{customers.LineTooLong}, refused(t, within(size, 2, 20, 2)))
	require.Equal(t, []customers.Code{customers.WavesTooMany}, refused(t, within(size, 2, len(header), 1)))
}

func TestAReadersOwnErrorIsNoRefusal(t *testing.T) {
	broken := errors.New("the line went dead")
	for _, before := range []string{"", header, header + "2026-1,Nantes,a,5,5,5,5,5\n"} {
		_, err := customers.Read(io.MultiReader(strings.NewReader(before), iotest.ErrReader(broken)), stores)
		require.ErrorIs(t, err, broken)
		require.NotErrorAs(t, err, new(*customers.RefusalError))
	}
}
