package customers

import (
	"errors"
	"io"
	"strings"
)

// header reads the first line that holds anything, and finds the delimiter by meaning: the one with which most columns are known.
func (r *records) header() (layout, error) {
	if err := r.skipRemark(); err != nil {
		return layout{}, err
	}
	best, most := byte(';'), -1
	for _, comma := range []byte{';', ',', '\t'} {
		r.comma = comma
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return layout{}, refuse(FileEmpty, 0, "")
		}
		if err != nil {
			return layout{}, err
		}
		r.putBack(rec.from)
		if found := readHeader(rec.values).found(); rec.flaw == "" && found > most {
			best, most = comma, found
		}
	}
	r.comma = best
	rec, err := r.next()
	if err != nil {
		return layout{}, err
	}
	if rec.flaw != "" {
		return layout{}, refuse(rec.flaw, rec.line, r.expected(rec.flaw))
	}
	l := readHeader(rec.values)
	if refusal := l.refusal(rec.line); refusal != nil {
		return layout{}, refusal
	}
	return l, nil
}

// skipRemark passes over a spreadsheet's own remark about the delimiter, such as "sep=;".
func (r *records) skipRemark() error {
	first, err := r.line()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	if !strings.HasPrefix(strings.ToLower(strings.Trim(first.text, `" `)), "sep=") {
		r.putBack([]line{first})
	}
	return nil
}
