package page

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// A hundred comments are there, and do not make a page that nobody reads to its end.
func TestCommentsAfterTheTenthAreFolded(t *testing.T) {
	var all []string
	for n := range 13 {
		view := ResultView{Comments: all}
		require.LessOrEqual(t, len(view.firstComments()), commentsShown)
		require.Len(t, view.otherComments(), max(0, n-commentsShown))
		require.ElementsMatch(t, all, append(append([]string{}, view.firstComments()...), view.otherComments()...))
		all = append(all, fmt.Sprintf("comment %d", n))
	}
}
