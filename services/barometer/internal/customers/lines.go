package customers

import (
	"bufio"
	"errors"
	"io"
)

// line is a physical line, without its end.
type line struct {
	number int // from 1
	text   string
	long   bool // it has more bytes than are kept of a line
}

// lines takes text apart at line feeds, carriage returns, or both.
type lines struct {
	from   *bufio.Reader
	number int
	most   int // bytes of a line
}

// next is the next line, or io.EOF.
func (l *lines) next() (line, error) {
	l.number++
	next := line{number: l.number}
	var text []byte
	for {
		c, err := l.from.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && (len(text) > 0 || next.long):
			next.text = string(text)
			return next, nil // the file's end is told next time
		case err != nil:
			return line{}, err
		case c == '\r':
			l.skipFeed()
			fallthrough
		case c == '\n':
			next.text = string(text)
			return next, nil
		case len(text) >= l.most:
			next.long = true
		default:
			text = append(text, c)
		}
	}
}

// skipFeed passes over the line feed of CRLF. An error comes again with the next byte.
func (l *lines) skipFeed() {
	if following, err := l.from.Peek(1); err == nil && following[0] == '\n' {
		_, _ = l.from.Discard(1)
	}
}

// bounded stops reading at a limit, beyond which nobody's panel is.
type bounded struct {
	file io.Reader
	most int64
	read int64
}

// Read is io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.file.Read(p)
	if b.read += int64(n); b.read > b.most {
		return 0, refuse(FileTooLarge, 0, b.most)
	}
	return n, err
}
