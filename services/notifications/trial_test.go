package notifications_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications"
)

func TestATrialOfTheGateDecidesOnEverybody(t *testing.T) {
	trial, err := notifications.NewGateTrial(notifications.DefaultRules(), 1000)
	require.NoError(t, err)
	let := trial.Decide()
	require.Positive(t, let, "some zones are at work")
	require.Less(t, let, 1000, "and some are asleep")
}

func BenchmarkDecide(b *testing.B) {
	trial, err := notifications.NewGateTrial(notifications.DefaultRules(), b.N)
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	trial.Decide()
}
