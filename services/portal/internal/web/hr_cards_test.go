package web

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhoIsLeftForTheNextSheetCanDrawToo(t *testing.T) {
	t.Parallel()
	for people, want := range map[int]int{
		0: 0, 3: 3, 10: 10, 200: 200, 201: 191, 205: 195, 209: 199, 210: 200, 395: 200, 400: 200, 401: 200,
	} {
		require.Equal(t, want, together(people, 10, 200), "of %d", people)
	}
	require.Equal(t, 12, together(13, 10, 12), "nobody can draw among three: they are for HR to add to")
}
