package web

import (
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/workbook"
)

// The colours of shares, in percent, and of the recommendation, in points: on the page and in the workbook.
var (
	shareBounds = []float64{40, 50, 60, 70, 80}
	enpsBounds  = []float64{-20, 0, 20, 40, 60}
)

// unitColumns are those before the figures: unit, people, ballots.
const unitColumns = 3

func (b barometerBook) heading(last ...string) (head []workbook.Cell, widths []float64) {
	for i, name := range []string{b.t("unit"), b.t("file_eligible"), b.t("file_ballots")} {
		head = append(head, workbook.Head(name))
		widths = append(widths, []float64{36, 11, 11}[i])
	}
	for _, theme := range b.res.GetThemes() {
		head, widths = append(head, workbook.Head(theme.GetName())), append(widths, 15)
	}
	for _, name := range last {
		head, widths = append(head, workbook.Head(name)), append(widths, 12)
	}
	return head, widths
}

// all are the unit itself, and those below it.
func (b barometerBook) all() []*barometerv1.UnitResult {
	return append([]*barometerv1.UnitResult{b.res.GetUnit()}, b.res.GetBelow()...)
}

func (b barometerBook) unitCells(u *barometerv1.UnitResult) []workbook.Cell {
	name := u.GetUnit().GetName()
	if u.GetRest() {
		name = b.rest()
	}
	return []workbook.Cell{workbook.Text(name), workbook.Number(float64(u.GetEligible()), 0), workbook.Number(float64(u.GetBallots()), 0)}
}

func (b barometerBook) rest() string { return restName(b.words, b.res) }

// units is the heat map: the shares of favourable answers of the unit and of those below it.
func (b barometerBook) units() {
	head, widths := b.heading(b.t("enps_short"))
	sheet := b.book.Sheet(b.t("book_units"), workbook.Layout{Widths: widths, Head: 2, Side: 1, Landscape: true})
	sheet.Row(workbook.Note(b.t("book_units_hint")))
	sheet.Row(head...)
	for _, u := range b.all() {
		row := b.unitCells(u)
		for i := range b.res.GetThemes() {
			switch f := figureAt(u.GetThemes(), i); {
			case f == nil:
				row = append(row, workbook.Cell{})
			case f.GetBand():
				row = append(row, workbook.Text(bandEdgeTold(f)).Shaded(level(shareShown(f), shareBounds...)))
			default:
				row = append(row, workbook.Number(tenths(100*f.GetShare()), 0))
			}
		}
		sheet.Row(append(row, workbook.Signed(float64(u.GetEnps().GetPoints())))...)
	}
	for i := range b.res.GetThemes() {
		sheet.Shade(unitColumns+1+i, 3, shareBounds...)
	}
	sheet.Shade(unitColumns+1+len(b.res.GetThemes()), 3, enpsBounds...)
}

// changes is what became of each share: in words, and where chance does not explain it, by how many points.
func (b barometerBook) changes() {
	head, widths := b.heading()
	sheet := b.book.Sheet(b.t("book_changes"), workbook.Layout{Widths: widths, Head: 2, Side: 1, Landscape: true})
	sheet.Row(workbook.Note(b.t("how_change", "Before", b.res.GetComparedWith())))
	sheet.Row(head...)
	for _, u := range b.all() {
		row := b.unitCells(u)
		for i := range b.res.GetThemes() {
			cell := workbook.Cell{}
			if change := changeView(b.words, figureAt(u.GetThemes(), i)); change != nil {
				told := change.Mark + " " + change.Words
				if change.Points != "" {
					told += " " + change.Points
				}
				cell = workbook.Text(told)
			}
			row = append(row, cell)
		}
		sheet.Row(row...)
	}
}

// questionColumns are those of the sheet of questions, as keys of a fileLine, with their widths and decimals; -1 is words.
var questionColumns = []struct {
	key      string
	width    float64
	decimals int
}{
	{"value", 12, 1},
	{"low", 12, 1},
	{"high", 12, 1},
	{"neutral", 12, 1},
	{"against", 14, 1},
	{"mean", 12, 2},
	{"mean_low", 12, 2},
	{"mean_high", 12, 2},
	{"answer_1", 11, 0},
	{"answer_2", 11, 0},
	{"answer_3", 11, 0},
	{"answer_4", 11, 0},
	{"answer_5", 11, 0},
	{"change", 16, -1},
	{"points", 12, 1},
	{"points_low", 12, 1},
	{"points_high", 12, 1},
	{"least", 16, 1},
	{"best", 9, 0},
	{"worst", 9, 0},
	{"of", 9, 0},
	{"remark", 60, -1},
}

// questions are the unit's own figures: of each theme, and of each of its questions.
func (b barometerBook) questions() {
	head := []workbook.Cell{workbook.Head(b.t("book_theme")), workbook.Head(b.t("book_question"))}
	widths := []float64{28, 60}
	for _, column := range questionColumns {
		name := b.t("file_" + column.key)
		if column.key == "value" {
			name = b.t("book_favourable")
		}
		head, widths = append(head, workbook.Head(name)), append(widths, column.width)
	}
	sheet := b.book.Sheet(b.t("book_questions"), workbook.Layout{Widths: widths, Head: 1, Side: 2, Landscape: true})
	sheet.Row(head...)
	unit, next := b.res.GetUnit(), 0
	for i, theme := range b.res.GetThemes() {
		if f := figureAt(unit.GetThemes(), i); f != nil {
			sheet.Row(b.figure(workbook.Label(theme.GetName()), workbook.Label(b.t("book_whole")), f)...)
		}
		for _, statement := range theme.GetStatements() {
			if f := figureAt(unit.GetQuestions(), next); f != nil {
				sheet.Row(b.figure(workbook.Text(theme.GetName()), workbook.Text(statement.GetText()), f)...)
			}
			next++
		}
	}
	sheet.Shade(3, 2, shareBounds...)
}

func (b barometerBook) figure(theme, question workbook.Cell, f *barometerv1.Figure) []workbook.Cell {
	row := []workbook.Cell{theme, question}
	line := figureLine(b.words, b.res.GetUnit(), f)
	for _, column := range questionColumns {
		switch value := line[column.key].(type) {
		case string:
			row = append(row, workbook.Text(value))
		case int:
			row = append(row, workbook.Number(float64(value), column.decimals))
		case float64:
			row = append(row, workbook.Number(value, max(column.decimals, 0)))
		default:
			row = append(row, workbook.Cell{})
		}
	}
	return row
}
