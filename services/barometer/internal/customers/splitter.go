package customers

import "strings"

// splitter takes a record apart, line by line, until no quotation is open.
type splitter struct {
	comma  byte
	values []string
	open   strings.Builder // the value whose quotation is open
	quoted bool            // one is
	broken bool            // a quotation ends in the middle of a value
}

// feed takes the record's next line.
func (s *splitter) feed(rest string) {
	for {
		if s.quoted {
			var closed bool
			if rest, closed = s.quotation(rest); !closed {
				return
			}
			rest = strings.TrimLeft(rest, " ")
			if rest == "" {
				return
			}
			if rest[0] != s.comma {
				s.broken = true
				return
			}
			rest = rest[1:]
		}
		if inside, begins := strings.CutPrefix(strings.TrimLeft(rest, " "), `"`); begins {
			s.quoted, rest = true, inside
			continue
		}
		value, after, more := strings.Cut(rest, string(s.comma))
		s.values = append(s.values, value)
		if !more {
			return
		}
		rest = after
	}
}

// quotation goes on to the closing mark; a doubled one stands for itself.
func (s *splitter) quotation(text string) (rest string, closed bool) {
	for {
		value, after, found := strings.Cut(text, `"`)
		s.open.WriteString(value)
		if !found {
			s.open.WriteByte('\n')
			return "", false
		}
		if !strings.HasPrefix(after, `"`) {
			s.values = append(s.values, s.open.String())
			s.open.Reset()
			s.quoted = false
			return after, true
		}
		s.open.WriteByte('"')
		text = after[1:]
	}
}
