// Package workbook writes spreadsheets of several sheets. Sheets are written row by row, as the text that the file
// will hold, so that a large one needs no memory for its cells.
//
// Whatever somebody wrote stays text: its cells have the type and the format of text, so that a spreadsheet neither takes them for a formula
// when it opens the file nor when somebody edits the cell.
package workbook

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/xuri/excelize/v2"
)

// Book is a spreadsheet being written. The first error ends the writing and is what Write returns, so that sheets read straight down.
type Book struct {
	file   *excelize.File
	styles map[look]int
	sheets []*Sheet
	err    error
}

// noFolder is where no file can be made: what people wrote stays in memory. Given a folder, the library would put a sheet of more than 16 MiB
// there in clear, and a crash would leave it.
const noFolder = os.DevNull

// New begins a book with the title and day that a program shows of the file.
func New(title string, made time.Time) *Book {
	b := &Book{file: excelize.NewFile(excelize.Options{TmpDir: noFolder}), styles: map[look]int{}}
	at := made.UTC().Format(time.RFC3339)
	b.try(b.file.SetDocProps(&excelize.DocProperties{Title: title, Creator: "Jalon", LastModifiedBy: "Jalon", Created: at, Modified: at}))
	return b
}

// Write ends the sheets and writes the file.
func (b *Book) Write(w io.Writer) error {
	for _, s := range b.sheets {
		s.end()
	}
	if b.err == nil {
		b.try(b.file.Write(w))
	}
	return errors.Join(b.err, b.file.Close())
}

func (b *Book) try(err error) {
	if b.err == nil && err != nil {
		b.err = fmt.Errorf("writing a spreadsheet: %w", err)
	}
}

// Layout is how a sheet is laid out.
type Layout struct {
	// Widths are those of its columns, in characters.
	Widths []float64
	// Head is the number of rows at the top, and Side of columns at the left, that stay in view. Rows below the head can be filtered by
	// its last one.
	Head, Side int
	// Landscape is how it is printed: always as wide as a page.
	Landscape bool
}

// Sheet is one sheet of a book.
type Sheet struct {
	book   *Book
	name   string
	layout Layout
	rows   int
	stream *excelize.StreamWriter
}

// longestName is how long a sheet's name may be.
const longestName = 31

// Sheet adds a sheet.
func (b *Book) Sheet(name string, layout Layout) *Sheet {
	if runes := []rune(name); len(runes) > longestName {
		name = string(runes[:longestName])
	}
	s := &Sheet{book: b, name: name, layout: layout}
	if b.err != nil {
		return s
	}
	if len(b.sheets) == 0 {
		b.try(b.file.SetSheetName(b.file.GetSheetName(0), name))
	} else {
		_, err := b.file.NewSheet(name)
		b.try(err)
	}
	b.sheets = append(b.sheets, s)
	s.begin()
	return s
}

// begin writes what stands before the rows.
func (s *Sheet) begin() {
	b, orientation := s.book, "portrait"
	if s.layout.Landscape {
		orientation = "landscape"
	}
	fit, wide, tall := true, 1, 0
	b.try(b.file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.try(b.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Orientation: &orientation, FitToWidth: &wide, FitToHeight: &tall}))
	if b.err != nil {
		return
	}
	stream, err := b.file.NewStreamWriter(s.name)
	b.try(err)
	if err != nil {
		return
	}
	s.stream = stream
	for i, width := range s.layout.Widths {
		b.try(stream.SetColWidth(i+1, i+1, width))
	}
	if s.layout.Head+s.layout.Side > 0 {
		corner, err := excelize.CoordinatesToCellName(s.layout.Side+1, s.layout.Head+1)
		b.try(err)
		pane := "bottomRight"
		if s.layout.Side == 0 {
			pane = "bottomLeft"
		}
		b.try(stream.SetPanes(&excelize.Panes{
			Freeze: true, XSplit: s.layout.Side, YSplit: s.layout.Head, TopLeftCell: corner, ActivePane: pane,
			Selection: []excelize.Selection{{SQRef: corner, ActiveCell: corner, Pane: pane}},
		}))
	}
}

// Row adds a row.
func (s *Sheet) Row(cells ...Cell) {
	s.rows++
	if s.book.err != nil {
		return
	}
	values := make([]any, len(cells))
	for i, c := range cells {
		values[i] = excelize.Cell{StyleID: s.book.style(c.look), Value: c.value}
	}
	s.book.try(s.stream.SetRow(fmt.Sprint("A", s.rows), values))
}

// Rows is how many there are.
func (s *Sheet) Rows() int { return s.rows }

// end writes what stands after the rows.
func (s *Sheet) end() {
	b, columns := s.book, len(s.layout.Widths)
	if b.err != nil {
		return
	}
	if s.layout.Head > 0 && s.rows > s.layout.Head && columns > 0 {
		b.try(b.file.AutoFilter(s.name, span(1, s.layout.Head, columns, s.rows), nil))
	}
	if b.err == nil {
		b.try(s.stream.Flush())
	}
}

// span names the cells from one corner to the other.
func span(column, row, toColumn, toRow int) string {
	from, _ := excelize.CoordinatesToCellName(column, row) // columns and rows are counted here, from 1
	to, _ := excelize.CoordinatesToCellName(toColumn, toRow)
	return from + ":" + to
}
