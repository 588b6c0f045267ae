package roster

// Reading says how a file was understood, so that somebody can check it before it counts.
type Reading struct {
	Encoding  Encoding
	Delimiter rune
	DateOrder string // "day_first", "month_first", "year_first"; empty: the file has no date
	Columns   []ColumnReading
}

// ColumnReading is one column, in the order of the file.
type ColumnReading struct {
	Header  string
	Field   string // a stable word; empty: the column is ignored
	Example string // the first value
}

// Reading describes how the file was understood.
func (t *table) Reading() Reading {
	r := Reading{Encoding: t.Encoding, Delimiter: t.Delimiter, DateOrder: t.dateOrder}
	for at, header := range t.headers {
		c := ColumnReading{Header: Shorten(header), Example: t.examples[at]}
		if f := t.fieldAt(at); f >= 0 {
			c.Field = t.columns[f].word
		}
		r.Columns = append(r.Columns, c)
	}
	return r
}
