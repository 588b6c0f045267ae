package roster

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	textunicode "golang.org/x/text/encoding/unicode"
)

// Encoding names how the file writes its characters.
type Encoding string

// The encodings that are recognised.
const (
	UTF8        Encoding = "UTF-8"
	UTF16LE     Encoding = "UTF-16 LE"
	UTF16BE     Encoding = "UTF-16 BE"
	Windows1252 Encoding = "Windows-1252"
)

// decode turns the file into text. Content decides: a byte-order mark, else the zero bytes that UTF-16 leaves beside Latin
// letters, else what is UTF-8, but for a broken character here and there; the rest is what French spreadsheets write,
// Windows-1252.
func decode(file []byte) (string, Encoding, *RefusalError) {
	if isBinary(file) {
		return "", "", refuse(FileNotText, "", "a CSV file",
			"This is not a text file; a spreadsheet must first be saved as CSV.")
	}
	enc := guess(file)
	var text string
	var err error
	switch enc {
	case UTF8:
		text = string(bytes.TrimPrefix(file, []byte("\uFEFF")))
	case UTF16LE:
		text, err = textunicode.UTF16(textunicode.LittleEndian, textunicode.UseBOM).NewDecoder().String(string(file))
	case UTF16BE:
		text, err = textunicode.UTF16(textunicode.BigEndian, textunicode.UseBOM).NewDecoder().String(string(file))
	case Windows1252:
		text, err = charmap.Windows1252.NewDecoder().String(string(file))
	}
	if err != nil {
		return "", "", refuse(FileNotText, "", "UTF-8, UTF-16 or Windows-1252", "The file's characters cannot be read: "+err.Error()+".")
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // old line ends: a carriage return alone
	}
	return text, enc, nil
}

func guess(file []byte) Encoding {
	switch {
	case bytes.HasPrefix(file, []byte{0xEF, 0xBB, 0xBF}):
		return UTF8
	case bytes.HasPrefix(file, []byte{0xFF, 0xFE}):
		return UTF16LE
	case bytes.HasPrefix(file, []byte{0xFE, 0xFF}):
		return UTF16BE
	}
	head := file[:min(len(file), 4096)]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch most := len(head) / 4; {
	case zeros[1] > most:
		return UTF16LE
	case zeros[0] > most:
		return UTF16BE
	case mostlyUTF8(file):
		return UTF8
	}
	return Windows1252
}

// mostlyUTF8 tells whether more characters are whole than broken, among those of several bytes. In Windows-1252 an accented
// letter hardly ever makes a whole one: read so, a UTF-8 file with one broken byte would spoil every accent in it.
func mostlyUTF8(file []byte) bool {
	if utf8.Valid(file) {
		return true
	}
	whole, broken := 0, 0
	for len(file) > 0 {
		r, size := utf8.DecodeRune(file)
		switch {
		case r == utf8.RuneError && size == 1:
			broken++
		case size > 1:
			whole++
		}
		file = file[size:]
	}
	return whole > broken
}

// isBinary knows the files that people send instead of a CSV: both spreadsheet formats and PDF.
func isBinary(file []byte) bool {
	for _, magic := range []string{"PK\x03\x04", "\xD0\xCF\x11\xE0", "%PDF-"} {
		if bytes.HasPrefix(file, []byte(magic)) {
			return true
		}
	}
	return false
}

// clean makes a value one line of visible text: no control characters, no marks that turn the reading direction, single
// blanks, composed accents. Markup and formulas stay: they are data, and whoever shows them escapes them.
func clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case unicode.IsSpace(r):
			blank = true
			continue
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069', r == '\uFEFF':
			continue
		}
		if blank && b.Len() > 0 {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteRune(r)
	}
	// Taking marks away may bring together what composes.
	return norm.NFC.String(b.String())
}

// plain is true for values that need no cleaning: nearly all of a file.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7F || (c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ')) {
			return false
		}
	}
	return true
}
