package card_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/card"
	"jalon.dev/services/barometer/internal/token"
)

const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// code is a code with its characters, by chance.
func code() (card.Code, []byte) {
	c := card.Draw()
	return c, []byte(strings.ReplaceAll(c.Typed(), " ", ""))
}

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	c, characters := code()
	require.Len(t, characters, card.Length)
	require.Len(t, strings.Fields(c.Typed()), 6)
	for _, typed := range []string{
		c.Typed(), string(characters), strings.ToLower(c.Typed()), " " + strings.Join(strings.Fields(c.Typed()), " - ") + "\u00a0",
	} {
		read, err := card.Parse(typed)
		require.NoError(t, err)
		require.Equal(t, c, read)
	}
}

// Every one of them, on many codes: no wrong character, and no two that changed places, pass.
func TestEverySlipIsFound(t *testing.T) {
	for range 200 {
		_, characters := code()
		for at := range characters {
			for _, other := range []byte(alphabet) {
				wrong := bytes.Clone(characters)
				wrong[at] = other
				if _, err := card.Parse(string(wrong)); other != characters[at] {
					require.ErrorIs(t, err, card.ErrSlip)
				} else {
					require.NoError(t, err)
				}
			}
			for with := range at {
				swapped := bytes.Clone(characters)
				swapped[at], swapped[with] = swapped[with], swapped[at]
				if _, err := card.Parse(string(swapped)); characters[at] != characters[with] {
					require.ErrorIs(t, err, card.ErrSlip, "neighbours or not")
				}
			}
		}
	}
}

func TestWhatIsNoCodeIsToldApart(t *testing.T) {
	_, characters := code()
	for typed, want := range map[string]error{
		"":                           card.ErrLength,
		string(characters[1:]):       card.ErrLength,
		string(characters) + "A":     card.ErrLength,
		"O" + string(characters[1:]): card.ErrCharacter,
		"é" + string(characters[1:]): card.ErrCharacter,
		string(characters) + "\n":    card.ErrCharacter,
	} {
		_, err := card.Parse(typed)
		require.ErrorIs(t, err, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(card.Draw().Typed())
	f.Add("abc-def")
	f.Add("\xff\u202f")
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := card.Parse(typed)
		if err != nil {
			return
		}
		again, err := card.Parse(c.Typed())
		require.NoError(t, err)
		require.Equal(t, c, again)
	})
}

func TestCodesAreDrawnEvenly(t *testing.T) {
	const draws = 4000
	counts, seen := map[byte]int{}, map[string]bool{}
	for range draws {
		_, characters := code()
		seen[string(characters)] = true
		for _, c := range characters {
			counts[c]++
		}
	}
	require.Len(t, seen, draws)
	for _, c := range []byte(alphabet) {
		require.InDelta(t, draws*card.Length/len(alphabet), counts[c], 300, "%c: more than six standard deviations", c)
	}
}

func TestACodeIsNeverPrintedByAccident(t *testing.T) {
	c, characters := code()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		for _, value := range []any{c, []card.Code{c}, &c} {
			require.NotContains(t, fmt.Sprintf(verb, value), string(characters))
		}
	}
}

func TestATokenOpensWithItsCodeAlone(t *testing.T) {
	key, err := token.NewKey()
	require.NoError(t, err)
	public, err := key.Public()
	require.NoError(t, err)
	made, err := key.Make()
	require.NoError(t, err)
	require.NoError(t, public.Verify(made.Message, made.Signature), "as good as one that a browser got")

	c, _ := code()
	vote := card.Vote{Key: public.Fingerprint, Token: made}
	sealed, err := c.Seal(vote)
	require.NoError(t, err)
	require.Len(t, sealed, card.SealedBytes)
	again, err := c.Seal(vote)
	require.NoError(t, err)
	require.NotEqual(t, sealed, again)
	opened, err := c.Open(sealed)
	require.NoError(t, err)
	require.Equal(t, vote, opened)

	rapid.Check(t, func(t *rapid.T) {
		changed := slices.Clone(sealed)
		changed[rapid.IntRange(0, len(changed)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		_, err := c.Open(changed)
		require.ErrorIs(t, err, card.ErrSealed)
	})
	_, err = c.Open(sealed[1:])
	require.ErrorIs(t, err, card.ErrSealed)
	_, err = c.Seal(card.Vote{Key: "nantes", Token: made})
	require.ErrorContains(t, err, "no fingerprint")
	other, _ := code()
	_, err = other.Open(sealed)
	require.ErrorIs(t, err, card.ErrSealed)
}

func TestThePlaceTellsNothingOfTheCode(t *testing.T) {
	c, characters := code()
	place, err := c.Place()
	require.NoError(t, err)
	require.Len(t, place, 32)
	parsed, err := card.Parse(string(characters))
	require.NoError(t, err)
	same, err := parsed.Place()
	require.NoError(t, err)
	require.Equal(t, place, same)
	other, _ := code()
	elsewhere, err := other.Place()
	require.NoError(t, err)
	require.NotEqual(t, place, elsewhere)
}
