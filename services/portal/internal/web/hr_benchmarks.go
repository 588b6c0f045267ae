package web

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const benchmarksBase = "/hr/benchmarks"

// hrBenchmarks are the values from elsewhere, and the form of one: a new one, or that of the address.
func (s *Site) hrBenchmarks(w http.ResponseWriter, r *http.Request) error {
	form := page.BenchmarkForm{Year: strconv.Itoa(s.Clock.Now().In(s.Zone).Year() - 1)}
	view, all, err := s.benchmarks(r)
	if err != nil {
		return err
	}
	if id := r.URL.Query().Get("change"); id != "" {
		at := slices.IndexFunc(all, func(b *barometerv1.Benchmark) bool { return b.GetId() == id })
		if at < 0 {
			return errNotFound
		}
		form = benchmarkForm(visitorOf(r).frame().Words, all[at])
	}
	view.Form, view.Saved, view.Removed = form, r.URL.Query().Has("saved"), r.URL.Query().Has("removed")
	return s.show(w, r, page.Benchmarks(chosenMeasure(view)))
}

// hrBenchmarkSave writes one, new or not. What cannot be comes back with everything that was entered.
func (s *Site) hrBenchmarkSave(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	form := page.BenchmarkForm{
		ID: r.PathValue("id"), Version: r.PostFormValue("version"), Measure: r.PostFormValue("measure"), Source: r.PostFormValue("source"),
		Value: r.PostFormValue("value"), Year: r.PostFormValue("year"), Note: r.PostFormValue("note"),
	}
	version, _ := strconv.ParseInt(form.Version, 10, 64) // what is no version meets a conflict
	value, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(form.Value), "%")), ",", ".", 1), 64)
	if err != nil {
		value = math.NaN() // which is refused
	}
	_, err = s.Peers.Customers().SaveBenchmark(r.Context(), &barometerv1.SaveBenchmarkRequest{Benchmark: &barometerv1.Benchmark{
		Id: form.ID, Version: version, Measure: form.Measure, Source: form.Source, Value: value, Year: wholeNumber(r, "year"), Note: form.Note,
	}})
	if err == nil {
		http.Redirect(w, r, benchmarksBase+"?saved", http.StatusSeeOther)
		return nil
	}
	status := http.StatusUnprocessableEntity
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		form.Wrong = map[string]string{}
		for _, v := range rpc.Violations(err) {
			form.Wrong[v.Field] = words.Or("benchmarks.wrong_"+v.Field, v.Description)
		}
	case rpc.Is(err, connect.CodeAborted):
		status, form.Trouble = http.StatusConflict, words.T("benchmarks.conflict")
	default:
		return err
	}
	view, _, err := s.benchmarks(r)
	if err != nil {
		return err
	}
	view.Form = form
	return s.draw(w, r, status, page.Benchmarks(chosenMeasure(view)))
}

func (s *Site) hrBenchmarkRemove(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Peers.Customers().RemoveBenchmark(r.Context(), &barometerv1.RemoveBenchmarkRequest{Id: r.PathValue("id")}); err != nil {
		return err
	}
	http.Redirect(w, r, benchmarksBase+"?removed", http.StatusSeeOther)
	return nil
}

// benchmarks are all of them, and the measures of which there may be some: the themes, and what customers are asked.
func (s *Site) benchmarks(r *http.Request) (page.BenchmarksView, []*barometerv1.Benchmark, error) {
	words := visitorOf(r).frame().Words
	list, err := s.Peers.Customers().ListBenchmarks(r.Context(), &barometerv1.ListBenchmarksRequest{Language: words.Lang})
	if err != nil {
		return page.BenchmarksView{}, nil, err
	}
	view := page.BenchmarksView{}
	names := map[string]string{}
	for _, theme := range list.GetThemes() {
		names[theme.GetCode()] = theme.GetName()
		view.Themes = append(view.Themes, page.Choice{Value: theme.GetCode(), Label: theme.GetName()})
	}
	for _, question := range list.GetQuestions() {
		names[question] = questionName(words, question)
		view.Questions = append(view.Questions, page.Choice{Value: question, Label: names[question]})
	}
	for _, b := range list.GetBenchmarks() {
		view.Rows = append(view.Rows, page.BenchmarkRow{
			ID: b.GetId(), Measure: names[b.GetMeasure()], Value: elsewhereValue(words, b.GetMeasure(), b.GetValue()), Source: b.GetSource(), Year: strconv.Itoa(int(b.GetYear())),
			Note: b.GetNote(),
		})
	}
	slices.SortStableFunc(view.Rows, func(a, b page.BenchmarkRow) int { return words.Compare(a.Measure, b.Measure) })
	return view, list.GetBenchmarks(), nil
}

func benchmarkForm(words *i18n.Words, b *barometerv1.Benchmark) page.BenchmarkForm {
	return page.BenchmarkForm{
		ID: b.GetId(), Version: strconv.FormatInt(b.GetVersion(), 10), Measure: b.GetMeasure(), Source: b.GetSource(),
		Value: plainNumber(words, tenths(b.GetValue())), Year: strconv.Itoa(int(b.GetYear())), Note: b.GetNote(),
	}
}

func chosenMeasure(view page.BenchmarksView) page.BenchmarksView {
	for _, choices := range [][]page.Choice{view.Themes, view.Questions} {
		for i := range choices {
			choices[i].Chosen = choices[i].Value == view.Form.Measure
		}
	}
	return view
}
