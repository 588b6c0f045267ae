package workbook

import (
	"strconv"

	"github.com/xuri/excelize/v2"
)

// Cell is what stands in one place; nothing, if it is zero.
type Cell struct {
	value any
	look  look
}

// look is how a cell is shown. Level is 1 more than a shade; 0 is none.
type look struct {
	kind     kind
	decimals int
	level    int
}

type kind int

const (
	text kind = iota
	title
	head
	label
	note
	number
	signed
)

// Text is what somebody wrote, or words of ours, in as many lines as it needs.
func Text(s string) Cell { return Cell{s, look{kind: text}} }

// Title heads a sheet.
func Title(s string) Cell { return Cell{s, look{kind: title}} }

// Head heads a column.
func Head(s string) Cell { return Cell{s, look{kind: head}} }

// Label says what stands beside it.
func Label(s string) Cell { return Cell{s, look{kind: label}} }

// Note is a line above a table, which runs over the columns beside it.
func Note(s string) Cell { return Cell{s, look{kind: note}} }

// Number is a number that is shown with so many decimals.
func Number(x float64, decimals int) Cell {
	return Cell{x, look{kind: number, decimals: decimals}}
}

// Signed is a whole number that is shown with its sign, also where it is positive.
func Signed(x float64) Cell { return Cell{x, look{kind: signed}} }

// Shaded is the cell in the colour of a level, whatever its value.
func (c Cell) Shaded(level int) Cell {
	c.look.level = level + 1
	return c
}

const (
	ink    = "2B2421"
	border = "CFC3B6"
	// textFormat makes a spreadsheet keep what is entered as it is.
	textFormat = 49
)

// shade is a colour, and that of the words on it.
type shade struct{ fill, ink string }

// Shades are sand to blue, the more the bluer, as on the page: also apart without seeing red or green, and on grey paper.
var shades = [...]shade{{"F6EFE6", ink}, {"E4E8EA", ink}, {"CBDBE7", ink}, {"A6C5DA", ink}, {"74A3C3", "1B1613"}, {"2F5D7C", "FFFFFF"}}

func (s shade) pattern() excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.fill}}
}

// style is the number by which the file knows a look.
func (b *Book) style(l look) int {
	if id, known := b.styles[l]; known {
		return id
	}
	id, err := b.file.NewStyle(l.style())
	b.try(err)
	b.styles[l] = id
	return id
}

func (l look) style() *excelize.Style {
	style := &excelize.Style{Font: &excelize.Font{Color: ink}, Alignment: &excelize.Alignment{Vertical: "top"}}
	switch l.kind {
	case title:
		style.NumFmt, style.Font.Size, style.Font.Bold = textFormat, 16, true
	case head:
		style.NumFmt, style.Font.Bold = textFormat, true
		style.Alignment = &excelize.Alignment{Vertical: "bottom", WrapText: true}
		style.Border = []excelize.Border{{Type: "bottom", Color: border, Style: 2}}
	case label:
		style.NumFmt, style.Font.Bold, style.Alignment.WrapText = textFormat, true, true
	case note:
		style.NumFmt = textFormat
	case number, signed:
		format := decimalFormat(l.decimals)
		if l.kind == signed {
			format = "+0;−0;0"
		}
		style.CustomNumFmt, style.Alignment.Horizontal = &format, "right"
	default:
		style.NumFmt, style.Alignment.WrapText = textFormat, true
	}
	if l.level > 0 {
		s := shades[min(l.level, len(shades))-1]
		style.Fill, style.Font.Color, style.Alignment.Horizontal = s.pattern(), s.ink, "center"
	}
	return style
}

func decimalFormat(decimals int) string {
	if decimals == 0 {
		return "0"
	}
	return "0." + strconv.FormatFloat(0, 'f', decimals, 64)[2:]
}
