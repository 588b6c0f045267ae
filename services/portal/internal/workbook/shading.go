package workbook

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// Shade colours the numbers of a column, from a row to the last, by how many of the bounds each reaches. The spreadsheet does it, so that
// the colours stay right where somebody sorts or corrects. Words keep the colour that their cell has.
func (s *Sheet) Shade(column, fromRow int, bounds ...float64) {
	b := s.book
	if b.err != nil || s.rows < fromRow {
		return
	}
	first, err := excelize.CoordinatesToCellName(column, fromRow)
	b.try(err)
	var rules []excelize.ConditionalFormatOptions
	for level := len(bounds); level >= 0; level-- { // the highest first: it is the one that counts
		format, err := b.file.NewConditionalStyle(&excelize.Style{Fill: shades[level].pattern(), Font: &excelize.Font{Color: shades[level].ink}})
		b.try(err)
		reaches := ""
		if level > 0 {
			// Rounded as it is shown: a cell that reads 80 has the colour of 80.
			reaches = fmt.Sprintf(",ROUND(%s,0)>=%s", first, strconv.FormatFloat(bounds[level-1], 'f', -1, 64))
		}
		rules = append(rules, excelize.ConditionalFormatOptions{
			Type: "formula", Criteria: fmt.Sprintf("AND(ISNUMBER(%s)%s)", first, reaches), Format: &format, StopIfTrue: true,
		})
	}
	b.try(b.file.SetConditionalFormat(s.name, span(column, fromRow, column, s.rows), rules))
}
