package web

import (
	"net/http"
	"strings"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/workbook"
)

// barometerBook is what was published of a unit and of those right below it, as a workbook: what the page shows, and no more.
func (s *Site) barometerBook(w http.ResponseWriter, r *http.Request) error {
	res, err := s.publishedFile(r)
	if err != nil {
		return err
	}
	words := visitorOf(r).frame().Words
	title := words.T("barometer_results.of", "Unit", res.GetUnit().GetUnit().GetName(), "Edition", res.GetEditionName())
	maker := barometerBook{words: words, res: res, book: workbook.New(title, s.Clock.Now())}
	maker.overview(title)
	if len(res.GetBelow()) > 0 {
		maker.units()
		if res.GetComparedWith() != "" {
			maker.changes()
		}
	}
	maker.questions()
	if len(res.GetComments()) > 0 {
		maker.comments()
	}
	return sendBook(w, maker.book, barometerFileName(res))
}

// barometerBook makes the sheets of one unit.
type barometerBook struct {
	words *i18n.Words
	res   *barometerv1.GetResultsResponse
	book  *workbook.Book
}

func (b barometerBook) t(key string, pairs ...any) string {
	return b.words.T("barometer_results."+key, pairs...)
}

// overview says what the file is about, what stands out, and how to read it.
func (b barometerBook) overview(title string) {
	words, res, u := b.words, b.res, b.res.GetUnit()
	sheet := b.book.Sheet(b.t("book_overview"), workbook.Layout{Widths: []float64{30, 110}})
	sheet.Row(workbook.Title(title))
	sheet.Row()
	about := func(key, value string) {
		if value != "" {
			sheet.Row(workbook.Label(b.t("book_"+key)), workbook.Text(value))
		}
	}
	var path []string
	for _, unit := range res.GetPath() {
		path = append(path, unit.GetName())
	}
	about("unit", strings.Join(path, " › "))
	about("edition", res.GetEditionName())
	about("questionnaire", b.questionnaire())
	about("closed", words.Date(res.GetClosedOn()))
	if on := res.GetPublishedOn(); on != "" {
		about("published", words.Date(on))
	}
	about("ballots", words.N("barometer_results.took_part", int(u.GetBallots()), "Eligible", words.Number(int(u.GetEligible()))))
	if enps := enpsView(words, res); enps != nil {
		told := enps.Points + " " + b.t("enps_scale")
		if enps.Sure {
			told += ". " + b.t("enps_between", "Low", enps.Low, "High", enps.High)
		}
		about("enps", told)
	}
	about("compared", res.GetComparedWith())
	sheet.Row()
	for i, sentence := range inShort(words, res) {
		sheet.Row(workbook.Label(onlyFirst(i, b.t("in_short"))), workbook.Text(sentence))
	}
	sheet.Row()
	for i, line := range b.howToRead() {
		sheet.Row(workbook.Label(onlyFirst(i, b.t("how"))), workbook.Text(line))
	}
	if len(res.GetBelow()) > 0 {
		sheet.Row()
		sheet.Row(workbook.Label(b.t("key")))
		for level, bounds := range page.HeatBounds {
			sheet.Row(workbook.Text(b.t("book_colour", "Share", bounds[0], "Points", bounds[1])).Shaded(level))
		}
	}
}

// onlyFirst names a group of lines beside the first.
func onlyFirst(i int, name string) string {
	if i > 0 {
		return ""
	}
	return name
}

func (b barometerBook) questionnaire() string {
	questions := 0
	for _, theme := range b.res.GetThemes() {
		questions += len(theme.GetStatements())
	}
	return b.t("book_asked", "Questions", b.words.Number(questions), "Themes", b.words.Number(len(b.res.GetThemes())),
		"Fingerprint", clip(b.res.GetQuestionnaire(), fingerprintShown))
}

// howToRead are the page's lines, and those that only files need.
func (b barometerBook) howToRead() []string {
	words, res := b.words, b.res
	lines := []string{b.t("how_favourable"), b.t("book_interval")}
	if res.GetComparedWith() != "" {
		lines = append(lines, b.t("how_change", "Before", res.GetComparedWith()))
	}
	lines = append(lines,
		b.t("how_thresholds", "Scores", words.Number(int(res.GetScoresFrom())), "Details", words.Number(int(res.GetDetailsFrom()))), b.t("how_alike"))
	if b.banded() {
		lines = append(lines, b.t("how_band"))
	}
	if !res.GetUnit().GetDetailed() {
		lines = append(lines, b.t("how_mean_estimated"))
	}
	if rest := restName(words, res); rest != "" {
		lines = append(lines, b.t("key_rest", "Rest", rest))
	}
	return lines
}

// banded tells whether a figure of the file is told as a band.
func (b barometerBook) banded() bool {
	figures := append(b.res.GetUnit().GetThemes(), b.res.GetUnit().GetQuestions()...)
	for _, below := range b.res.GetBelow() {
		figures = append(figures, below.GetThemes()...)
	}
	for _, f := range figures {
		if f.GetBand() {
			return true
		}
	}
	return false
}

// comments are what people wrote, in the order in which they were published, which is none.
func (b barometerBook) comments() {
	sheet := b.book.Sheet(b.t("book_comments"), workbook.Layout{Widths: []float64{30, 110}, Head: 1})
	sheet.Row(workbook.Head(b.t("book_theme")), workbook.Head(b.t("comments")))
	for _, theme := range b.res.GetThemes() {
		for _, c := range b.res.GetComments() {
			if c.GetTheme() != theme.GetCode() {
				continue
			}
			for _, text := range c.GetTexts() {
				sheet.Row(workbook.Text(theme.GetName()), workbook.Text(text))
			}
		}
	}
}
