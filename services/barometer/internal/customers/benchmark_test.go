package customers_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/customers"
)

var themes = []string{"project", "pay"}

func sector(change func(*customers.Benchmark)) customers.Benchmark {
	b := customers.Benchmark{Measure: "pay", Source: "Baromètre du secteur", Value: 58.5, Year: 2025}
	change(&b)
	return b
}

func TestABenchmarkIsOfAThemeOrAQuestionOfCustomers(t *testing.T) {
	for _, measure := range []string{"pay", "project", "overall_satisfaction", "recommendation"} {
		_, err := customers.NewBenchmark(sector(func(b *customers.Benchmark) { b.Measure = measure }), themes, 2026)
		require.NoError(t, err)
	}
}

func TestWhatWasEnteredIsTidied(t *testing.T) {
	got, err := customers.NewBenchmark(sector(func(b *customers.Benchmark) { b.Measure, b.Source, b.Note = " pay ", " A \n B ", "\u202Enote" }), themes, 2026)
	require.NoError(t, err)
	require.Equal(t, customers.Benchmark{Measure: "pay", Source: "A B", Value: 58.5, Year: 2025, Note: "note"}, got)
}

func TestABenchmarkThatCannotBeIsRefused(t *testing.T) {
	for field, changes := range map[string][]func(*customers.Benchmark){
		"measure": {
			func(b *customers.Benchmark) { b.Measure = "" },
			func(b *customers.Benchmark) { b.Measure = "weather" },
		},
		"source": {
			func(b *customers.Benchmark) { b.Source = " \u200B" },
			func(b *customers.Benchmark) { b.Source = strings.Repeat("é", 81) },
		},
		"value": {
			func(b *customers.Benchmark) { b.Value = -0.1 },
			func(b *customers.Benchmark) { b.Value = 100.1 },
			func(b *customers.Benchmark) { b.Value = math.NaN() },
			func(b *customers.Benchmark) { b.Value = math.Inf(1) },
		},
		"year": {
			func(b *customers.Benchmark) { b.Year = 0 },
			func(b *customers.Benchmark) { b.Year = 2027 },
		},
		"note": {
			func(b *customers.Benchmark) { b.Note = strings.Repeat("n", 501) },
		},
	} {
		for _, change := range changes {
			_, err := customers.NewBenchmark(sector(change), themes, 2026)
			var wrong *customers.FieldError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, field, wrong.Field)
		}
	}
}
