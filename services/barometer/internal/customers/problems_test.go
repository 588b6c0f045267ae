package customers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/customers"
)

const good = "2026-1,Nantes,good,5,4,3,2,10\n"

func TestLinesAreRejectedWithTheirReason(t *testing.T) {
	for name, c := range map[string]struct {
		line string
		want customers.Problem
	}{
		"an unknown store":      {"2026-1,Nantez,a,5,5,5,5,5", customers.Problem{Column: "store", Code: customers.StoreUnknown, Value: "Nantez"}},
		"two stores of a name":  {"2026-1,CENTRE,a,5,5,5,5,5", customers.Problem{Column: "store", Code: customers.StoreAmbiguous, Value: "CENTRE"}},
		"no store":              {"2026-1,,a,5,5,5,5,5", customers.Problem{Column: "store", Code: customers.StoreMissing}},
		"no wave":               {" ,Nantes,a,5,5,5,5,5", customers.Problem{Column: "wave", Code: customers.WaveMissing}},
		"a wave without end":    {"la première vague 2026,Nantes,a,5,5,5,5,5", customers.Problem{Column: "wave", Code: customers.WaveTooLong, Value: "la première vague 2026", Expected: "20"}},
		"no respondent":         {"2026-1,Nantes,,5,5,5,5,5", customers.Problem{Column: "respondent", Code: customers.RespondentMissing}},
		"no answer at all":      {"2026-1,Nantes,a,,,,,", customers.Problem{Code: customers.AnswersMissing}},
		"above the scale":       {"2026-1,Nantes,a,5,6,5,5,5", customers.Problem{Column: "welcome", Code: customers.ValueImpossible, Value: "6", Expected: "1–5"}},
		"below the scale":       {"2026-1,Nantes,a,0,5,5,5,5", customers.Problem{Column: "overall_satisfaction", Code: customers.ValueImpossible, Value: "0", Expected: "1–5"}},
		"beyond recommending":   {"2026-1,Nantes,a,5,5,5,5,11", customers.Problem{Column: "recommend_0_10", Code: customers.ValueImpossible, Value: "11", Expected: "0–10"}},
		"a decimal point":       {"2026-1,Nantes,a,5,5,4.0,5,5", customers.Problem{Column: "availability", Code: customers.ValueImpossible, Value: "4.0", Expected: "1–5"}},
		"a decimal comma":       {`2026-1,Nantes,a,5,5,5,"4,5",5`, customers.Problem{Column: "competence", Code: customers.ValueImpossible, Value: "4,5", Expected: "1–5"}},
		"a sign":                {"2026-1,Nantes,a,5,5,5,+4,5", customers.Problem{Column: "competence", Code: customers.ValueImpossible, Value: "+4", Expected: "1–5"}},
		"a word":                {"2026-1,Nantes,a,5,5,5,oui,5", customers.Problem{Column: "competence", Code: customers.ValueImpossible, Value: "oui", Expected: "1–5"}},
		"columns missing":       {"2026-1,Nantes,a,5,5", customers.Problem{Column: "availability", Code: customers.ColumnsMissing, Value: "5", Expected: "8"}},
		"columns too many":      {"2026-1,Nantes,a,5,5,5,4,5,5", customers.Problem{Code: customers.ColumnsExtra, Value: "9", Expected: "8"}},
		"an open quotation":     {`2026-1,"Nantes,a,5,5,5,5,5`, customers.Problem{Code: customers.QuoteMalformed}},
		"a quotation cut short": {`2026-1,"Nan"tes,a,5,5,5,5,5`, customers.Problem{Code: customers.QuoteMalformed}},
		"a line without end":    {"2026-1,Nantes," + strings.Repeat("a", customers.MaxLine) + ",5,5,5,5,5", customers.Problem{Code: customers.LineTooLong, Expected: "65536"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := read(t, header+good+c.line+"\n"+strings.Replace(good, "good", "good too", 1))

			c.want.Severity, c.want.Line = customers.Rejected, 3
			require.Equal(t, []customers.Problem{c.want}, r.Problems)
			require.Equal(t, 1, r.Rejected)
			require.Equal(t, 2, r.Accepted, "the other lines are read")
			require.Equal(t, 2, r.Counts[0].Respondents)
			require.True(t, r.Refused(false), "nothing is applied beside a rejected line")
			require.False(t, r.Refused(true), "unless somebody says so")
		})
	}
}

func TestAnAnswerLeftOutIsMissingForItsQuestionOnly(t *testing.T) {
	r := read(t, header+"2026-1,Nantes,a,5,,3,2,\n")
	require.Equal(t, []customers.Problem{
		{Severity: customers.Warning, Line: 2, Column: "welcome", Code: customers.AnswerMissing},
		{Severity: customers.Warning, Line: 2, Column: "recommend_0_10", Code: customers.AnswerMissing},
	}, r.Problems)
	require.False(t, r.Refused(false))
	require.Equal(t, 1, r.Counts[0].Respondents)
	require.Zero(t, r.Counts[0].Rated[1])
	require.Zero(t, r.Counts[0].Recommendation)
}

func TestALineThatSaysTheSameAgainIsIgnored(t *testing.T) {
	r := read(t, header+good+strings.Replace(good, "Nantes", "m01", 1))
	require.Equal(t, []customers.Problem{
		{Severity: customers.Warning, Line: 3, Column: "respondent", Code: customers.RespondentRepeated, Expected: "2"},
	}, r.Problems)
	require.Equal(t, 1, r.Accepted)
	require.Equal(t, 1, r.Repeated)
	require.Equal(t, 1, r.Counts[0].Respondents)
	require.False(t, r.Refused(false))
}

func TestARespondentWhoSaysSomethingElseIsRejectedAndTheFirstLineStands(t *testing.T) {
	for _, other := range []string{"2026-1,Nantes,good,1,4,3,2,10\n", "2026-01,Fougères,good,5,4,3,2,10\n", "2026-1,Nantes,good,5,4,3,2,\n"} {
		r := read(t, header+good+other)
		require.Equal(t, []customers.Problem{
			{Severity: customers.Rejected, Line: 3, Column: "respondent", Code: customers.RespondentSeen, Expected: "2"},
		}, r.Problems)
		require.Equal(t, read(t, header+good).Counts, r.Counts)
		require.True(t, r.Refused(false))
	}
}

func TestTheSameRespondentMayAnswerInEachWave(t *testing.T) {
	r := read(t, header+good+strings.Replace(good, "2026-1", "2026-2", 1))
	require.Empty(t, r.Problems)
	require.Equal(t, 2, r.Accepted)
}

func TestARejectedLineLeavesItsRespondentFree(t *testing.T) {
	r := read(t, header+"2026-1,Nantes,good,9,4,3,2,10\n"+good)
	require.Equal(t, 1, r.Rejected)
	require.Equal(t, 1, r.Accepted)
}

func TestAWaveThatDoesNotSayWhenItWasIsToldOnce(t *testing.T) {
	r := read(t, header+"janv-26,Nantes,a,5,5,5,5,5\njanv-26,Fougères,b,5,5,5,5,5\n")
	require.Equal(t, []customers.Problem{
		{Severity: customers.Warning, Line: 2, Column: "wave", Code: customers.WaveUnplaced, Value: "janv-26"},
	}, r.Problems)
}

func TestAForgottenQuotationMarkCostsItsOwnLineOnly(t *testing.T) {
	r := read(t, header+"2026-1,\"Nantes,a,5,5,5,5,5\n"+good+"2026-1,Nantes,b,9,5,5,5,5\n")
	require.Equal(t, customers.QuoteMalformed, r.Problems[0].Code)
	require.Equal(t, 4, r.Problems[1].Line, "lines are counted as before")
	require.Equal(t, 1, r.Accepted)
}

func TestNothingAcceptedIsNothingToApply(t *testing.T) {
	require.True(t, read(t, header+"2026-1,Nowhere,a,5,5,5,5,5\n").Refused(true))
}

// A store that nobody knows has 200 lines, and must not hide what else is wrong; a file may be wrong in every line.
func TestProblemsAreAllCountedAndEnoughAreKept(t *testing.T) {
	var file strings.Builder
	file.WriteString(header)
	for i := range 200 {
		fmt.Fprintf(&file, "2026-1,Nowhere,a%d,5,5,5,5,5\n", i)
	}
	for i := range 200 {
		fmt.Fprintf(&file, "2026-1,Nantes,b%d,5,,5,5,5\n2026-1,Nantes,b%d,5,,5,5,5\n", i, i)
	}
	file.WriteString("2026-1,Elsewhere,c,5,5,5,5,5\n")
	r := read(t, file.String())
	require.Equal(t, 201, r.Rejected)
	require.Equal(t, 400, r.Warnings)
	require.Equal(t, 200, r.Repeated)
	require.Len(t, r.Problems, 10+10+10+1)
	require.Equal(t, "Elsewhere", r.Problems[30].Value)

	file.Reset()
	file.WriteString(header)
	for i := range 3000 {
		fmt.Fprintf(&file, "2026-1,Nowhere %d,a%d,5,5,5,5,5\n", i, i)
	}
	r = read(t, file.String())
	require.Equal(t, 3000, r.Rejected)
	require.Len(t, r.Problems, 1000)
}

func TestWhatAProblemShowsIsVisibleAndShort(t *testing.T) {
	r := read(t, header+"2026-1,Nan\u202Etes\x07 "+strings.Repeat("é", 100)+",a,5,5,5,5,5\n")
	require.Equal(t, "Nantes "+strings.Repeat("é", 52)+"…", r.Problems[0].Value)
}
