package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
)

func TestAFollowUpThatHRMovedIsNamedByItsDays(t *testing.T) {
	catalogue, err := i18n.Load()
	require.NoError(t, err)
	words := catalogue.Words("en", time.UTC)
	for told, name := range map[string]string{
		"day_7": "Day 7", "day_28": "Day 28", "before_5": "5 days before", "same_day": "The same day", "last_days": "Last days", "": "Last days",
	} {
		require.Equal(t, name, ruleName(words, &momentsv1.FollowUpRule{Code: "last_days", ToldAs: told}))
	}
}
