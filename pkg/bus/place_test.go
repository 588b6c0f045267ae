package bus_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/bus"
)

func TestAPlaceIsReadAsItWasWritten(t *testing.T) {
	for _, place := range []bus.Place{{}, {Life: 1}, {Life: 1_793_000_000_123_456_789, Sequence: 42}} {
		read, err := bus.ParsePlace(place.String())
		require.NoError(t, err)
		require.Equal(t, place, read)
	}
	for _, text := range []string{"", "42", "-", "x-", "-1-1", "a-b", "a-1-2"} {
		_, err := bus.ParsePlace(text)
		require.ErrorIs(t, err, bus.ErrNoPlace, text)
	}
}
