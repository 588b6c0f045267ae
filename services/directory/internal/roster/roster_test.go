package roster_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/roster"
)

const header = "Matricule;Nom;Prénom;E-mail professionnel;Établissement;Service;Date d'entrée;Date de sortie\r\n"

func date(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func read(t *testing.T, file string) *roster.Roster {
	t.Helper()
	r, err := roster.Read([]byte(file))
	require.NoError(t, err)
	return r
}

// rejections maps the line of each rejected row to its code.
func rejections(r *roster.Roster) map[int]roster.Code {
	found := map[int]roster.Code{}
	for _, p := range r.Problems {
		if p.Severity == roster.Rejected {
			found[p.Line] = p.Code
		}
	}
	return found
}

func TestTheSameRosterIsReadFromEveryDialect(t *testing.T) {
	french := "Matricule;Nom;Prénom;E-mail professionnel;Établissement;Service;Date d'entrée;Date de sortie\n" +
		"0042;LEFÈVRE;Zoé;zoe@exemple.fr;Fougères;Vélo;17/03/2024;\n"
	english := "Employee ID,Legal Last Name,Legal First Name,Work Email,Location,Department,Hire Date,Termination Date\n" +
		`"0042","LEFÈVRE","Zoé","zoe@exemple.fr","Fougères","Vélo","2024-03-17",""` + "\n"
	tabs := strings.ReplaceAll(french, ";", "\t")
	utf16 := func(order unicode.Endianness, bom unicode.BOMPolicy, s string) string {
		out, err := unicode.UTF16(order, bom).NewEncoder().String(s)
		require.NoError(t, err)
		return out
	}
	latin, err := charmap.Windows1252.NewEncoder().String(french)
	require.NoError(t, err)

	for name, c := range map[string]struct {
		file     string
		encoding roster.Encoding
		comma    rune
	}{
		"French, UTF-8":               {french, roster.UTF8, ';'},
		"French, UTF-8 with mark":     {"\uFEFF" + french, roster.UTF8, ';'},
		"carriage returns":            {strings.ReplaceAll(french, "\n", "\r\n"), roster.UTF8, ';'},
		"carriage returns only":       {strings.ReplaceAll(french, "\n", "\r"), roster.UTF8, ';'},
		"no line end at the end":      {strings.TrimSuffix(french, "\n"), roster.UTF8, ';'},
		"Windows-1252":                {latin, roster.Windows1252, ';'},
		"English, quoted":             {english, roster.UTF8, ','},
		"tabs, UTF-16 LE with mark":   {utf16(unicode.LittleEndian, unicode.UseBOM, tabs), roster.UTF16LE, '\t'},
		"tabs, UTF-16 BE with mark":   {utf16(unicode.BigEndian, unicode.UseBOM, tabs), roster.UTF16BE, '\t'},
		"UTF-16 LE without mark":      {utf16(unicode.LittleEndian, unicode.IgnoreBOM, french), roster.UTF16LE, ';'},
		"UTF-16 BE without mark":      {utf16(unicode.BigEndian, unicode.IgnoreBOM, french), roster.UTF16BE, ';'},
		"a remark about the comma":    {"sep=;\n" + french, roster.UTF8, ';'},
		"decomposed accents":          {strings.ReplaceAll(french, "é", "e\u0301"), roster.UTF8, ';'},
		"lower-case headers":          {strings.Replace(french, "Matricule;Nom;Prénom", "matricule;NOM;prenom", 1), roster.UTF8, ';'},
		"empty lines between and end": {strings.Replace(french, "\n", "\n\n;;;;;;;\n", 1) + "\n\n", roster.UTF8, ';'},
	} {
		t.Run(name, func(t *testing.T) {
			r := read(t, c.file)
			require.Equal(t, c.encoding, r.Encoding)
			require.Equal(t, c.comma, r.Delimiter)
			require.Empty(t, r.Problems)
			require.Len(t, r.Rows, 1)
			row := r.Rows[0]
			row.Line = 2
			require.Equal(t, roster.Row{
				Line: 2, Number: "0042", FamilyName: "LEFÈVRE", GivenName: "Zoé", Email: "zoe@exemple.fr",
				Unit: "Fougères", Team: "Vélo", HiredOn: date("2024-03-17"),
			}, row)
		})
	}
}

func TestLinesAreRejectedWithTheirReason(t *testing.T) {
	for name, c := range map[string]struct {
		line string
		code roster.Code
	}{
		"no number":             {";A;B;;Nantes;Vélo;01/02/2020;", roster.NumberMissing},
		"a day that is not":     {"1;A;B;;Nantes;Vélo;31/02/2026;", roster.DateImpossible},
		"a thirteenth month":    {"1;A;B;;Nantes;Vélo;2020-13-01;", roster.DateImpossible},
		"no date at all":        {"1;A;B;;Nantes;Vélo;hier;", roster.DateImpossible},
		"a year of two digits":  {"1;A;B;;Nantes;Vélo;01/02/20;", roster.DateImpossible},
		"an impossible leaving": {"1;A;B;;Nantes;Vélo;01/02/2020;30/02/2021", roster.DateImpossible},
		"no hire date":          {"1;A;B;;Nantes;Vélo;;", roster.DateMissing},
		"columns missing":       {"1;A;B;;Nantes", roster.ColumnsMissing},
		"columns too many":      {"1;A;B;;Nantes;Vélo;01/02/2020;;x", roster.ColumnsExtra},
		"a value without end":   {"1;" + strings.Repeat("A", 501) + ";B;;Nantes;Vélo;01/02/2020;", roster.ValueTooLong},
		"an open quotation":     {`1;"A;B;;Nantes;Vélo;01/02/2020;`, roster.QuoteMalformed},
		"a quotation cut short": {`1;"A"a;B;;Nantes;Vélo;01/02/2020;`, roster.QuoteMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			r := read(t, header+c.line+"\r\n2;C;D;;Nantes;Vélo;13/02/2020;\r\n")
			require.Equal(t, map[int]roster.Code{2: c.code}, rejections(r))
			require.True(t, r.Rows[0].Rejected)
			require.Equal(t, "2", r.Rows[1].Number, "the next line is unharmed")
			require.False(t, r.Rows[1].Rejected)
			require.NotEmpty(t, r.Problems[0].Reason)
			require.NotEmpty(t, r.Problems[0].Expected)
			require.NotEmpty(t, r.Problems[0].Column)
		})
	}
}

func TestALineIsThePhysicalOneOnWhichItsRecordStarts(t *testing.T) {
	r := read(t, header+
		"1;A;B;;Nantes;\"Atelier\nvélo\";01/02/2020;\r\n"+ // lines 2 and 3
		"\r\n"+ // 4
		";A;B;;Nantes;Vélo;13/02/2020;\r\n") // 5
	require.Equal(t, "Atelier vélo", r.Rows[0].Team, "a line break inside a value becomes a blank")
	require.Equal(t, 2, r.Rows[0].Line)
	require.Equal(t, map[int]roster.Code{5: roster.NumberMissing}, rejections(r))
}

func TestAForgottenQuotationMarkCostsItsOwnLineOnly(t *testing.T) {
	var b strings.Builder
	b.WriteString(header + "0;\"A;B;;Nantes;Vélo;13/02/2020;\r\n")
	for range 500 {
		b.WriteString("1;A;B;;Nantes;Vélo;13/02/2020;\r\n")
	}
	b.WriteString("2;\"A\";B;;Nantes;Vélo;13/02/2020;\r\n")
	r := read(t, b.String())
	require.Len(t, r.Rows, 502)
	require.Equal(t, map[int]roster.Code{2: roster.QuoteMalformed}, rejections(r))
}

func TestDayAndMonthAreToldFromTheWholeColumn(t *testing.T) {
	for name, c := range map[string]struct {
		hires  []string
		header string
		first  string
		order  string
	}{
		"day first by another line":     {[]string{"05/11/2026", "25/11/2026"}, "Hire Date", "2026-11-05", "day_first"},
		"month first by another line":   {[]string{"05/11/2026", "11/25/2026"}, "Hire Date", "2026-05-11", "month_first"},
		"ISO only":                      {[]string{"2026-11-05", "2026-11-25"}, "Hire Date", "2026-11-05", "year_first"},
		"points and hyphens":            {[]string{"05.11.2026", "25-11-2026"}, "Hire Date", "2026-11-05", "day_first"},
		"a midnight behind":             {[]string{"2026-11-05 00:00:00", "2026-11-25T00:00:00Z"}, "Hire Date", "2026-11-05", "year_first"},
		"compact":                       {[]string{"20261105", "20261125"}, "Hire Date", "2026-11-05", "year_first"},
		"the header says day first":     {[]string{"05/11/2026", "04/03/2026"}, "Hire Date (dd/mm/yyyy)", "2026-11-05", "day_first"},
		"the header says month first":   {[]string{"05/11/2026", "04/03/2026"}, "Hire Date [MM/DD/YYYY]", "2026-05-11", "month_first"},
		"a French remark":               {[]string{"05/11/2026", "04/03/2026"}, "Hire Date (JJ/MM/AAAA)", "2026-11-05", "day_first"},
		"a French header":               {[]string{"05/11/2026", "04/03/2026"}, "Date d'entrée", "2026-11-05", "day_first"},
		"the lines outweigh the header": {[]string{"05/11/2026", "11/25/2026"}, "Hire Date (dd/mm/yyyy)", "2026-05-11", "month_first"},
		"equal numbers leave no choice": {[]string{"05/05/2026", "04/04/2026"}, "Hire Date", "2026-05-05", ""},
		"month names":                   {[]string{"05-Nov-2026", "Nov 5, 2026"}, "Hire Date", "2026-11-05", "year_first"},
		"French month names":            {[]string{"5 novembre 2026", "1er août 2026"}, "Hire Date", "2026-11-05", "year_first"},
	} {
		t.Run(name, func(t *testing.T) {
			file := "Employee ID;Last Name;First Name;Location;" + c.header + "\n"
			for i, d := range c.hires {
				file += string(rune('1'+i)) + ";A;B;Nantes;" + d + "\n"
			}
			r := read(t, file)
			require.Empty(t, r.Problems)
			require.Equal(t, c.first, r.Rows[0].HiredOn.String())
			require.Equal(t, c.order, r.Reading().DateOrder)
		})
	}
	for name, hires := range map[string]string{
		"nothing tells":             "1,A,B,Nantes,05/11/2026\n2,A,B,Nantes,04/03/2026\n",
		"ISO beside tells nothing":  "1,A,B,Nantes,05/11/2026\n2,A,B,Nantes,2026-11-25\n",
		"as many tell one as other": "1,A,B,Nantes,25/11/2026\n2,A,B,Nantes,11/25/2026\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := roster.Read([]byte("Employee ID,Last Name,First Name,Location,Hire Date\n" + hires))
			var refusal *roster.RefusalError
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, roster.DateOrderUnknown, refusal.Problem.Code)
			require.Equal(t, "Hire Date", refusal.Problem.Column)
			require.NotEmpty(t, refusal.Problem.Value)
			require.Contains(t, refusal.Problem.Reason, "Hire Date (DD/MM/YYYY)", "the way out is said")
		})
	}
	r := read(t, "Employee ID,Last Name,First Name,Location,Hire Date,End Date\n1,A,B,Nantes,25/11/2020,05/06/2026\n")
	require.Equal(t, "2026-06-05", r.Rows[0].LeftOn.String(), "an undecided column follows the other")
	r = read(t, "Employee ID,Last Name,First Name,Location,Hire Date,End Date\n1,A,B,Nantes,2020-11-25,31/12/9999\n")
	require.True(t, r.Rows[0].LeftOn.IsZero(), "the end of time is no end")
}

func TestAnUnreadableFileIsRefusedAsAWhole(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		code roster.Code
	}{
		"nothing":          {"", roster.FileEmpty},
		"blank lines":      {"\n\r\n;;\n", roster.FileEmpty},
		"a header only":    {header, roster.FileEmpty},
		"a spreadsheet":    {"PK\x03\x04aaaa", roster.FileNotText},
		"another table":    {"code,name,kind\nM01,Nantes,store\n", roster.ColumnMissing},
		"no Matricule":     {"Nom;Prénom;Établissement;Date d'entrée\nA;B;C;2020-01-01\n", roster.ColumnMissing},
		"no header at all": {"001;A;B;Nantes;2020-01-01\n", roster.ColumnMissing},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := roster.Read([]byte(c.file))
			var refusal *roster.RefusalError
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, c.code, refusal.Problem.Code)
			require.NotEmpty(t, refusal.Error())
		})
	}
	_, err := roster.Read([]byte("Nom;Prénom;Site;Date d'entrée\nA;B;C;2020-01-01\n"))
	var refusal *roster.RefusalError
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, "Matricule", refusal.Problem.Column)
	require.Contains(t, refusal.Problem.Value, "Nom, Prénom, Site, Date d'entrée", "what was found is named")
	require.Contains(t, refusal.Problem.Expected, "Employee ID")
}

func TestMarkupAndFormulasAreDataAndControlCharactersAreNot(t *testing.T) {
	r := read(t, header+"1;=cmd|'/C calc'!A0;<script>alert(1)</script>;;\u00a0Nantes  Sud ;V\x00é\u202Elo;13/02/2020;\r\n")
	require.Equal(t, "=cmd|'/C calc'!A0", r.Rows[0].FamilyName)
	require.Equal(t, "<script>alert(1)</script>", r.Rows[0].GivenName)
	require.Equal(t, "Nantes Sud", r.Rows[0].Unit)
	require.Equal(t, "Vélo", r.Rows[0].Team)
}

func TestColumnsThatAFileDoesNotHaveAreKnownToBeAbsent(t *testing.T) {
	r := read(t, header+"1;A;B;;Nantes;Vélo;13/02/2020;\r\n")
	require.True(t, r.Has(roster.Email))
	require.False(t, r.Has(roster.Language))
	require.Equal(t, "E-mail professionnel", r.Header(roster.Email))
	require.Equal(t, "Langue", r.Header(roster.Language))
}
