// Package card makes the codes of printed cards, with which people vote at a device of their store: who has no account and no
// telephone draws a card, and types its code.
//
// A code is a secret that only its card knows. What is kept is a token, sealed under a key derived from the code, at a place
// derived from it too: a copy of all that is kept tells no code, and no code tells whose it is.
package card

import (
	"crypto/rand"
	"errors"
	"strings"
)

const (
	// alphabet has neither 0 and O nor 1 and I. Its 32 characters are the elements of the field that the check is computed in.
	alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	// secretLength is how many characters are drawn by chance: 85 bits, so that trying out codes leads nowhere, even for whoever has a
	// copy of everything that is sealed.
	secretLength = 17
	// Length is how many characters a code has: the secret, and one by which a slip is found.
	Length = secretLength + 1
	// group is how many characters stand together: what one keeps in mind between the card and the screen.
	group = 3
)

var (
	// ErrLength says that a code has too few characters or too many.
	ErrLength = errors.New("not as many characters as a code has")
	// ErrCharacter says that there is a character that no code has.
	ErrCharacter = errors.New("a character that no code has")
	// ErrSlip says that a character is wrong or that two changed places.
	ErrSlip = errors.New("a character is wrong, or two changed places")
)

// Code is what is typed. Never keep or log one.
type Code struct{ characters string }

// Draw makes a code by chance.
func Draw() Code {
	random := make([]byte, secretLength)
	_, _ = rand.Read(random) // never fails, says crypto/rand
	var code strings.Builder
	for _, b := range random {
		code.WriteByte(alphabet[b%byte(len(alphabet))]) // 32 divides 256: each is as likely as any other
	}
	secret := code.String()
	return Code{secret + string(alphabet[check(secret)])}
}

// Parse reads a code as people type it: in small letters or capitals, with spaces and hyphens anywhere.
func Parse(typed string) (Code, error) {
	var code strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch {
		case r == ' ' || r == '-' || r == '\u00a0' || r == '\u202f':
		case !strings.ContainsRune(alphabet, r):
			return Code{}, ErrCharacter
		default:
			code.WriteRune(r)
		}
	}
	characters := code.String()
	if len(characters) != Length {
		return Code{}, ErrLength
	}
	if alphabet[check(characters[:secretLength])] != characters[secretLength] {
		return Code{}, ErrSlip
	}
	return Code{characters}, nil
}

// Typed is the code as it is printed: in groups.
func (c Code) Typed() string {
	var typed strings.Builder
	for i := 0; i < len(c.characters); i += group {
		if i > 0 {
			typed.WriteByte(' ')
		}
		typed.WriteString(c.characters[i:min(i+group, len(c.characters))])
	}
	return typed.String()
}

// String keeps codes out of logs and messages.
func (Code) String() string { return "a code" }

// GoString implements fmt.GoStringer, for the same reason.
func (Code) GoString() string { return "a code" }

// check is what the last character must be. Each character counts with a weight of its own, the powers of a generator of the field
// of 32 elements, so that any wrong character and any two that changed places are found, wherever they stand. The last one counts
// with weight one, and the sum of all is zero.
func check(secret string) byte {
	var sum byte
	for i := range len(secret) {
		// Horner's way: what came before gains one power with each character.
		sum = timesX(sum) ^ byte(strings.IndexByte(alphabet, secret[i]))
	}
	return timesX(sum)
}

// timesX multiplies by x in the field of 32 elements, modulo x⁵ + x² + 1, of which x is a generator.
func timesX(a byte) byte {
	const high, reduce = 1 << 4, 0b00101
	if a&high == 0 {
		return a << 1
	}
	return (a<<1 ^ reduce) & 0b11111
}
