package event

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// encodeHeader writes a value with the characters that CloudEvents allows in a header: printable ASCII, but neither
// space nor '"' nor '%'; every other byte of the UTF-8 text becomes %XX.
func encodeHeader(value string) string {
	const digits = "0123456789ABCDEF"
	var out strings.Builder
	for i := range len(value) {
		if b := value[i]; plain(b) {
			out.WriteByte(b)
		} else {
			out.WriteByte('%')
			out.WriteByte(digits[b>>4])
			out.WriteByte(digits[b&15])
		}
	}
	return out.String()
}

// decodeHeader undoes encodeHeader, and reads what other producers may write: lower-case digits, plain spaces.
func decodeHeader(value string) (string, error) {
	var out strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] != '%' {
			out.WriteByte(value[i])
			continue
		}
		if i+2 >= len(value) {
			return "", fmt.Errorf("percent encoding is cut off in %q", value)
		}
		high, low := digit(value[i+1]), digit(value[i+2])
		if high < 0 || low < 0 {
			return "", fmt.Errorf("percent encoding is wrong in %q", value)
		}
		out.WriteByte(byte(high<<4 | low))
		i += 2
	}
	if !utf8.ValidString(out.String()) {
		return "", fmt.Errorf("not UTF-8: %q", value)
	}
	return out.String(), nil
}

func plain(b byte) bool { return b > ' ' && b < 0x7f && b != '"' && b != '%' }

func digit(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b >= 'A' && b <= 'F':
		return int(b-'A') + 10
	case b >= 'a' && b <= 'f':
		return int(b-'a') + 10
	}
	return -1
}
