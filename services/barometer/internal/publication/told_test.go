package publication_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/publication"
)

// What a band may tell is its edge, whichever of the figures that it stands for is the true one.
func TestAShareIsToldNoMoreExactlyThanItsBand(t *testing.T) {
	for _, c := range []struct {
		f    publication.Figure
		want float64
	}{
		{publication.Figure{Favourable: 14, Neutral: 6, Unfavourable: 5}, 56},
		{publication.Figure{Favourable: 25}, 90},
		{publication.Figure{Favourable: 24, Neutral: 1}, 90},
		{publication.Figure{Favourable: 24, Unfavourable: 1}, 90},
		{publication.Figure{Favourable: 4, Neutral: 1}, 80},
		{publication.Figure{Favourable: 1, Unfavourable: 24}, 10},
		{publication.Figure{Neutral: 25}, 10},
	} {
		require.InDelta(t, c.want, c.f.Told(), 1e-9, "%+v", c.f)
	}
}
