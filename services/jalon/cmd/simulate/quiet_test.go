package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAskingAQuietPersonTooMuchIsNoticed(t *testing.T) {
	b, since := newBooks(), time.Date(2027, time.April, 1, 10, 0, 0, 0, time.UTC)
	b.read = since.AddDate(0, 2, 0)
	for _, days := range []int{-3, 4, 10} {
		b.ofWhom["anna"] = append(b.ofWhom["anna"], &asked{keyMoment: "onboarding", shownAt: since.AddDate(0, 0, days)})
	}
	require.NoError(t, b.withinSparing("anna", time.Time{}), "who reacts may be")
	require.ErrorContains(t, b.withinSparing("anna", since), spared)
	require.NoError(t, b.withinSparing("anna", since.AddDate(0, 0, 11)), "before that they were not quiet")
	b.ofWhom["anna"][2].keyMoment = "talk"
	require.NoError(t, b.withinSparing("anna", since), "a talk is no question")
}
