package workbook_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"jalon.dev/services/portal/internal/workbook"
)

var made = time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)

func read(t *testing.T, b *workbook.Book) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, b.Write(&out))
	file, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	return file
}

func TestWhatSomebodyWroteIsTextAndNeverAFormula(t *testing.T) {
	b := workbook.New("Résultats", made)
	sheet := b.Sheet("Commentaires", workbook.Layout{Widths: []float64{20}})
	wrote := []string{`=HYPERLINK("http://x")`, "+33 6 12", "-1", "@SUM(A1)", "007", "a\x00b\x0b", "deux\nlignes", "😀"}
	for _, text := range wrote {
		sheet.Row(workbook.Text(text))
	}
	file := read(t, b)
	rows, err := file.GetRows("Commentaires")
	require.NoError(t, err)
	require.Len(t, rows, len(wrote))
	for i, text := range wrote {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		require.NoError(t, err)
		formula, err := file.GetCellFormula("Commentaires", cell)
		require.NoError(t, err)
		require.Empty(t, formula)
		kind, err := file.GetCellType("Commentaires", cell)
		require.NoError(t, err)
		require.Equal(t, excelize.CellTypeInlineString, kind)
		style, err := file.GetCellStyle("Commentaires", cell)
		require.NoError(t, err)
		look, err := file.GetStyle(style)
		require.NoError(t, err)
		require.Equal(t, 49, look.NumFmt, "edited, it is still text")
		if text != "a\x00b\x0b" { // which no XML may hold
			require.Equal(t, text, rows[i][0])
		}
	}
}

func TestTheHeadStaysInViewAndNumbersAreNumbers(t *testing.T) {
	b := workbook.New("Résultats", made)
	sheet := b.Sheet("Unités", workbook.Layout{Widths: []float64{30, 12}, Head: 2, Side: 1, Landscape: true})
	sheet.Row(workbook.Note("Comment lire"))
	sheet.Row(workbook.Head("Unité"), workbook.Head("Favorables"))
	sheet.Row(workbook.Text("Nantes"), workbook.Number(72.4, 0))
	sheet.Row(workbook.Text("Auray"), workbook.Text("≥ 90").Shaded(5))
	sheet.Shade(2, 3, 40, 80)
	b.Sheet("Rien", workbook.Layout{})
	file := read(t, b)

	require.Equal(t, []string{"Unités", "Rien"}, file.GetSheetList())
	panes, err := file.GetPanes("Unités")
	require.NoError(t, err)
	require.True(t, panes.Freeze)
	require.Equal(t, []int{1, 2}, []int{panes.XSplit, panes.YSplit})
	width, err := file.GetColWidth("Unités", "A")
	require.NoError(t, err)
	require.InDelta(t, 30, width, 0.01)
	value, err := file.GetCellValue("Unités", "B3", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Equal(t, "72.4", value)
	shown, err := file.GetCellValue("Unités", "B3")
	require.NoError(t, err)
	require.Equal(t, "72", shown)

	rules, err := file.GetConditionalFormats("Unités")
	require.NoError(t, err)
	require.Len(t, rules["B3:B4"], 3)
	require.Equal(t, "AND(ISNUMBER(B3),ROUND(B3,0)>=80)", rules["B3:B4"][0].Criteria, "the highest colour is asked for first")
	require.Equal(t, "AND(ISNUMBER(B3))", rules["B3:B4"][2].Criteria, "words keep their own")
	properties, err := file.GetDocProps()
	require.NoError(t, err)
	require.Equal(t, "2026-07-01T08:00:00Z", properties.Created)
	require.Equal(t, "Jalon", properties.Creator)
}

func TestALongNameOfASheetIsCut(t *testing.T) {
	b := workbook.New("x", made)
	b.Sheet("Ce nom est bien plus long que les tableurs en admettent", workbook.Layout{})
	require.Equal(t, []string{"Ce nom est bien plus long que l"}, read(t, b).GetSheetList())
}

// What people wrote is never on a disk of the server, however much it is.
func TestALargeSheetIsInMemoryAlone(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	b := workbook.New("x", made)
	sheet := b.Sheet("Commentaires", workbook.Layout{Widths: []float64{40}})
	comment := strings.Repeat("Un mot de plus. ", 200)
	for range 7000 {
		sheet.Row(workbook.Text(comment))
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	var out bytes.Buffer
	require.NoError(t, b.Write(&out))
	require.Positive(t, out.Len())
}

// full is a disk on which nothing fits any more.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWhatCannotBeWrittenIsTold(t *testing.T) {
	b := workbook.New("x", made)
	b.Sheet("Aperçu", workbook.Layout{}).Row(workbook.Text("x"))
	require.ErrorIs(t, b.Write(full{}), errFull)

	b = workbook.New("x", made)
	sheet := b.Sheet("a:b", workbook.Layout{Head: 1})
	sheet.Row(workbook.Head("x"))
	sheet.Shade(1, 1, 50)
	require.ErrorContains(t, b.Write(&bytes.Buffer{}), "writing a spreadsheet")
}
