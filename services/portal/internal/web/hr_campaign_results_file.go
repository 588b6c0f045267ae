package web

import (
	"bytes"
	"math"
	"net/http"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/workbook"
)

// hrCampaignFile is what the page of results shows, with all of its units, as a table for a program that reads one; and no more.
func (s *Site) hrCampaignFile(w http.ResponseWriter, r *http.Request, b campaignBrought) error {
	words := visitorOf(r).frame().Words
	rows := [][]string{{
		words.T("results.file_question"), words.T("results.file_what"), words.T("results.file_of"), words.T("results.file_value"), words.T("results.file_n"),
	}}
	rows = append(rows, rateRows(words, b)...)
	rows = append(rows, variantRows(words, b)...)
	for _, result := range b.GetResults().GetQuestions() {
		rows = append(rows, questionRows(words, atOnce(result))...)
		if change := changeOf(b, result); change != nil {
			rows = append(rows, []string{
				result.GetQuestion().GetText(), words.T("campaign_results.file_change"), questionChange(words, change).Words,
				plainNumber(words, tenths(change.GetPoints())), strconv.Itoa(int(result.GetN())),
			})
		}
	}
	return sendTable(w, words, campaignFileName(b), rows)
}

// atOnce is a result without its months: a campaign is one time.
func atOnce(result *momentsv1.QuestionResult) *momentsv1.QuestionResult {
	result = proto.CloneOf(result)
	result.Trend = nil
	return result
}

func campaignFileName(b campaignBrought) string {
	return "jalon-campaign-" + strings.Trim(unsafeInFileName.ReplaceAllString(b.GetCampaign().GetDraft().GetName(), "-"), "-")
}

// rateRows are how many answered, in all and by unit. What is not told is told to be so.
func rateRows(words *i18n.Words, b campaignBrought) (rows [][]string) {
	whole := wholeRate(words, b)
	for _, rate := range append([]page.RateView{whole}, campaignRows(words, b)...) {
		rows = append(rows, []string{"", words.T("campaign_results.file_people"), rate.Name, strconv.Itoa(rate.People), ""})
		if rate.Share == "" {
			rows = append(rows, []string{"", rate.Untold, rate.Name, "", ""})
			continue
		}
		rows = append(rows,
			[]string{"", words.T("campaign_results.file_answered"), rate.Name, strconv.Itoa(rate.Answered), ""},
			[]string{"", words.T("results.file_rate"), rate.Name, plainNumber(words, percentOf(rate)), ""})
	}
	return rows
}

// wholeRate is the rate of all that is looked at, by its name.
func wholeRate(words *i18n.Words, b campaignBrought) page.RateView {
	name := words.T("campaign_results.whole")
	if !b.whole() {
		name = b.unit.GetName()
	}
	rate := rateView(words, name, b.GetRate())
	rate.Untold, _ = untold(words, b)
	return rate
}

func percentOf(rate page.RateView) float64 {
	return math.Round(100 * float64(rate.Answered) / float64(rate.People))
}

// variantRows are the sides of a test, of all of the audience.
func variantRows(words *i18n.Words, b campaignBrought) (rows [][]string) {
	if !b.whole() {
		return nil
	}
	for _, g := range b.GetGroups() {
		name := words.T("campaign_test." + g.GetGroup())
		rows = append(rows, []string{"", words.T("campaign_test.invited"), name, strconv.Itoa(int(g.GetInvited())), ""})
		if g.Answered != nil {
			rows = append(rows, []string{"", words.T("campaign_test.answered"), name, strconv.Itoa(int(g.GetAnswered())), ""})
		}
	}
	return rows
}

// hrCampaignBook is the same as a workbook.
func (s *Site) hrCampaignBook(w http.ResponseWriter, r *http.Request, b campaignBrought) error {
	words := visitorOf(r).frame().Words
	title := words.T("campaign_results.title", "Name", campaignName(words, b.GetCampaign()))
	maker := campaignBook{words: words, brought: b, book: workbook.New(title, s.Clock.Now())}
	maker.rates(title)
	if b.whole() && len(b.GetGroups()) > 0 {
		maker.variants()
	}
	if len(b.GetResults().GetQuestions()) > 0 {
		maker.questions()
	}
	return sendBook(w, maker.book, campaignFileName(b))
}

// sendBook answers with a workbook. What cannot be written is an error page, and no half of a file.
func sendBook(w http.ResponseWriter, book *workbook.Book, name string) error {
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.xlsx"`)
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}

// campaignBook makes the sheets of a campaign's results.
type campaignBook struct {
	words   *i18n.Words
	brought campaignBrought
	book    *workbook.Book
}

func (c campaignBook) rates(title string) {
	sheet := c.book.Sheet(c.words.T("campaign_results.book_rates"), workbook.Layout{Widths: []float64{40, 14, 14, 14}, Head: 3, Side: 1})
	sheet.Row(workbook.Title(title))
	sheet.Row(workbook.Note(rateFixed(c.words, c.brought)))
	sheet.Row(workbook.Head(c.words.T("barometer_results.unit")), workbook.Head(c.words.T("campaign_results.file_people")),
		workbook.Head(c.words.T("campaign_results.file_answered")), workbook.Head(c.words.T("campaign_results.book_rate")))
	whole := wholeRate(c.words, c.brought)
	for _, rate := range append([]page.RateView{whole}, campaignRows(c.words, c.brought)...) {
		row := []workbook.Cell{workbook.Text(rate.Name), workbook.Number(float64(rate.People), 0)}
		if rate.Share == "" {
			row = append(row, workbook.Text(rate.Untold))
		} else {
			row = append(row, workbook.Number(float64(rate.Answered), 0), workbook.Number(percentOf(rate), 0))
		}
		sheet.Row(row...)
	}
}

func (c campaignBook) variants() {
	sheet := c.book.Sheet(c.words.T("campaign_results.book_test"), workbook.Layout{Widths: []float64{24, 50, 12, 12}, Head: 1})
	sheet.Row(workbook.Head(c.words.T("campaign_test.variant")), workbook.Head(""), workbook.Head(c.words.T("campaign_test.invited")), workbook.Head(c.words.T("campaign_test.answered")))
	state := testState(c.words, c.brought.GetCampaign(), c.brought.GetGroups(), true)
	for i, g := range c.brought.GetGroups() {
		row := []workbook.Cell{workbook.Text(state.Variants[i].Name), workbook.Text(state.Variants[i].Line), workbook.Number(float64(g.GetInvited()), 0)}
		if g.Answered != nil {
			row = append(row, workbook.Number(float64(g.GetAnswered()), 0))
		}
		sheet.Row(row...)
	}
	sheet.Row()
	for _, sentence := range append([]string{state.State}, state.Told...) {
		sheet.Row(workbook.Note(sentence))
	}
}

func (c campaignBook) questions() {
	words := c.words
	sheet := c.book.Sheet(words.T("campaign_results.answers"), workbook.Layout{Widths: []float64{60, 26, 26, 12, 12}, Head: 1, Landscape: true})
	sheet.Row(workbook.Head(words.T("results.file_question")), workbook.Head(words.T("results.file_what")), workbook.Head(words.T("results.file_of")),
		workbook.Head(words.T("results.file_value")), workbook.Head(words.T("results.file_n")))
	for _, result := range c.brought.GetResults().GetQuestions() {
		for _, row := range questionRows(words, atOnce(result)) {
			cells := make([]workbook.Cell, len(row))
			for i, text := range row {
				cells[i] = workbook.Text(text)
				if n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64); i >= 3 && err == nil && row[1] != words.T("results.file_comment") {
					cells[i] = workbook.Number(n, decimalsOf(n))
				}
			}
			sheet.Row(cells...)
		}
		if change := changeOf(c.brought, result); change != nil {
			sheet.Row(workbook.Text(result.GetQuestion().GetText()), workbook.Text(words.T("campaign_results.file_change")),
				workbook.Text(questionChange(words, change).Words), workbook.Number(tenths(change.GetPoints()), 1), workbook.Number(float64(result.GetN()), 0))
		}
	}
}

// decimalsOf are as many as a figure has, two at most.
func decimalsOf(n float64) int {
	if n == math.Trunc(n) {
		return 0
	}
	return 2
}
