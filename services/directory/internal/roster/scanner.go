package roster

import "strings"

// maxQuotedLines bounds a value in quotation marks. A mark that somebody forgot to close would otherwise swallow the file
// up to the next one; so only its own line is lost, and it is said.
const maxQuotedLines = 50

// scanner splits text into records after RFC 4180, with any of the delimiters. encoding/csv is not used because it cannot go
// on at the physical line that follows a forgotten quotation mark.
type scanner struct {
	text  string
	comma byte
	pos   int
	line  int // of pos, from 1
}

type record struct {
	line      int // physical line on which it starts
	values    []string
	malformed bool // the quotation marks make no sense; values holds what came before
}

func newScanner(text string, comma byte) *scanner { return &scanner{text: text, comma: comma, line: 1} }

// next returns the next record that holds anything; empty lines and lines of delimiters only are passed over.
func (s *scanner) next() (record, bool) {
	for s.pos < len(s.text) {
		if r := s.record(); r.malformed || !r.blank() {
			return r, true
		}
	}
	return record{}, false
}

func (s *scanner) record() record {
	r := record{line: s.line}
	start := s.pos
	for {
		value, more, ok := s.value()
		if !ok {
			s.pos, s.line = start, r.line
			s.skipLine()
			r.malformed = true
			return r
		}
		r.values = append(r.values, value)
		if !more {
			return r
		}
	}
}

// value reads one value and what ends it; more says that a delimiter did, so that another value follows.
func (s *scanner) value() (value string, more, ok bool) {
	if s.pos < len(s.text) && s.text[s.pos] == '"' {
		return s.quoted()
	}
	rest := s.text[s.pos:]
	for i := range len(rest) {
		switch rest[i] {
		case s.comma:
			s.pos += i + 1
			return rest[:i], true, true
		case '\n':
			s.pos += i + 1
			s.line++
			return strings.TrimSuffix(rest[:i], "\r"), false, true
		}
	}
	s.pos = len(s.text)
	return strings.TrimSuffix(rest, "\r"), false, true
}

func (s *scanner) quoted() (value string, more, ok bool) {
	begin, lines, doubled := s.pos+1, 0, false
	for i := begin; i < len(s.text); i++ {
		switch s.text[i] {
		case '\n':
			if lines++; lines > maxQuotedLines {
				return "", false, false
			}
		case '"':
			if i+1 < len(s.text) && s.text[i+1] == '"' {
				doubled = true
				i++
				continue
			}
			value = s.text[begin:i]
			if doubled {
				value = strings.ReplaceAll(value, `""`, `"`)
			}
			s.line += lines
			more, ok = s.endOfValue(i + 1)
			return value, more, ok
		}
	}
	return "", false, false
}

// endOfValue expects a delimiter, a line end or the end of the text after a closing quotation mark.
func (s *scanner) endOfValue(at int) (more, ok bool) {
	rest := s.text[at:]
	switch {
	case rest == "" || rest == "\r":
		s.pos = len(s.text)
		return false, true
	case rest[0] == s.comma:
		s.pos = at + 1
		return true, true
	case rest[0] == '\n':
		s.pos = at + 1
	case strings.HasPrefix(rest, "\r\n"):
		s.pos = at + 2
	default:
		return false, false
	}
	s.line++
	return false, true
}

func (s *scanner) skipLine() {
	if end := strings.IndexByte(s.text[s.pos:], '\n'); end >= 0 {
		s.pos += end + 1
		s.line++
		return
	}
	s.pos = len(s.text)
}

func (r record) blank() bool {
	for _, v := range r.values {
		if strings.TrimSpace(v) != "" {
			return false
		}
	}
	return true
}
