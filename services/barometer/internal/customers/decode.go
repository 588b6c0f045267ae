package customers

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"

	textunicode "golang.org/x/text/encoding/unicode"
)

// decode turns the file into UTF-8 while it is read. The first bytes say whether it is UTF-16; all else is decided character by
// character: see western.
func decode(file io.Reader) (io.Reader, error) {
	from := bufio.NewReaderSize(file, 1<<16)
	head, err := from.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	utf16 := func(order textunicode.Endianness) io.Reader {
		return transform.NewReader(from, textunicode.UTF16(order, textunicode.UseBOM).NewDecoder())
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return utf16(textunicode.LittleEndian), nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return utf16(textunicode.BigEndian), nil
	case isBinary(head):
		return nil, refuse(FileNotText, 0, "CSV")
	case bytes.HasPrefix(head, []byte("\uFEFF")):
		if _, err := from.Discard(len("\uFEFF")); err != nil {
			return nil, err
		}
	}
	return transform.NewReader(from, western{}), nil
}

// isBinary knows the files that people send instead of a CSV: both spreadsheet formats, PDF, and what has zero bytes.
func isBinary(head []byte) bool {
	for _, magic := range []string{"PK\x03\x04", "\xD0\xCF\x11\xE0", "%PDF-"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return bytes.IndexByte(head, 0) >= 0
}

// western reads UTF-8, and what is no UTF-8 as Windows-1252, which French spreadsheets write. A file that is read as it comes
// cannot be judged as a whole: the first accent may be the store of line 3,000. In Windows-1252 an accented letter hardly ever
// makes a whole character of UTF-8 with its neighbours, so no judgement is needed.
type western struct{ transform.NopResetter }

// Transform is transform.Transformer.
func (western) Transform(dst, src []byte, atEOF bool) (written, read int, err error) {
	for read < len(src) {
		r, size := utf8.DecodeRune(src[read:])
		if r == utf8.RuneError && size == 1 {
			if !atEOF && !utf8.FullRune(src[read:]) {
				return written, read, transform.ErrShortSrc
			}
			r = charmap.Windows1252.DecodeByte(src[read])
		}
		if written+utf8.RuneLen(r) > len(dst) {
			return written, read, transform.ErrShortDst
		}
		written += utf8.EncodeRune(dst[written:], r)
		read += size
	}
	return written, read, nil
}
