package customers

import (
	"errors"
	"io"
	"strings"
)

// maxQuotedLines bounds a value in quotation marks. A mark that somebody forgot to close would otherwise swallow the file up to
// the next one; so only its own line is lost, and it is said.
const maxQuotedLines = 20

// record is a line as the file means it: a quoted value, such as a customer's remark, may go on over several physical ones.
type record struct {
	line   int // physical line on which it starts
	values []string
	flaw   Code // why the values cannot be trusted; empty: they can
	from   []line
}

// records splits lines after RFC 4180, with any of the delimiters. encoding/csv is not used because it cannot go on at the
// physical line that follows a forgotten quotation mark.
type records struct {
	lines   *lines
	again   []line // put back, to be read before the others
	comma   byte
	maxSize int // bytes of a record
}

// next is the next record that holds anything, or io.EOF; empty lines and lines of delimiters only are passed over.
func (r *records) next() (record, error) {
	for {
		rec, err := r.record()
		if err != nil || rec.flaw != "" || !rec.blank() {
			return rec, err
		}
	}
}

func (r *records) record() (record, error) {
	first, err := r.line()
	if err != nil {
		return record{}, err
	}
	rec := record{line: first.number, from: []line{first}}
	if first.long {
		rec.flaw = LineTooLong
		return rec, nil
	}
	s := splitter{comma: r.comma}
	size := 0
	for next := first; ; {
		size += len(next.text)
		s.feed(next.text)
		switch {
		case s.broken:
			return r.malformed(rec), nil
		case !s.quoted:
			rec.values = s.values
			return rec, nil
		}
		next, err = r.line()
		if errors.Is(err, io.EOF) {
			return r.malformed(rec), nil
		}
		if err != nil {
			return record{}, err
		}
		rec.from = append(rec.from, next)
		if next.long || len(rec.from) > maxQuotedLines || size+len(next.text) > r.maxSize {
			return r.malformed(rec), nil
		}
	}
}

// malformed gives up the record's first line, and has the others read again.
func (r *records) malformed(rec record) record {
	r.putBack(rec.from[1:])
	return record{line: rec.line, flaw: QuoteMalformed, from: rec.from[:1]}
}

func (r *records) line() (line, error) {
	if len(r.again) > 0 {
		next := r.again[0]
		r.again = r.again[1:]
		return next, nil
	}
	return r.lines.next()
}

func (r *records) putBack(these []line) {
	r.again = append(append([]line(nil), these...), r.again...)
}

func (r record) blank() bool {
	for _, v := range r.values {
		if strings.TrimSpace(v) != "" {
			return false
		}
	}
	return true
}
