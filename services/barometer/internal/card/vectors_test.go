package card_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/card"
)

// vector is a card whose every value is known. The browser's own source is run against the same file (services/portal/web/test/card.mjs).
type vector struct {
	Code      string `json:"code"`
	Place     string `json:"place"`
	Sealed    string `json:"sealed"`
	Key       string `json:"key"`
	Message   string `json:"message"`
	Signature string `json:"signature"`
}

func TestCardsAreTheSameInTheBrowser(t *testing.T) {
	content, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var vectors []vector
	require.NoError(t, json.Unmarshal(content, &vectors))
	require.NotEmpty(t, vectors)
	for _, v := range vectors {
		code, err := card.Parse(v.Code)
		require.NoError(t, err)
		require.Equal(t, v.Code, code.Typed())
		place, err := code.Place()
		require.NoError(t, err)
		require.Equal(t, v.Place, place)
		sealed, err := hex.DecodeString(v.Sealed)
		require.NoError(t, err)
		vote, err := code.Open(sealed)
		require.NoError(t, err)
		require.Equal(t, []string{v.Key, v.Message, v.Signature},
			[]string{vote.Key, hex.EncodeToString(vote.Token.Message), hex.EncodeToString(vote.Token.Signature)})
	}
}
