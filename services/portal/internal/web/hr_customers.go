package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"go.uber.org/zap"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/upload"
)

// customersBase is where the customer panel is handed in.
const customersBase = "/hr/customers"

// hrCustomers is what is kept of the panel, and where a file of it is handed in.
func (s *Site) hrCustomers(w http.ResponseWriter, r *http.Request) error {
	return s.drawCustomers(w, r, http.StatusOK, "")
}

func (s *Site) drawCustomers(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	words := visitorOf(r).frame().Words
	view := page.CustomersView{Problem: problem, Done: r.URL.Query().Has("done"), Removed: r.URL.Query().Has("removed")}
	kept, err := s.Peers.Customers().ListWaves(r.Context(), &barometerv1.ListWavesRequest{})
	if err != nil {
		return err
	}
	for _, wave := range slices.Backward(kept.GetWaves()) {
		view.Waves = append(view.Waves, page.WaveRow{
			Name: wave.GetName(), Unplaced: !wave.GetPlaced(), Stores: int(wave.GetStores()), Respondents: int(wave.GetRespondents()),
			At: words.Instant(wave.GetImportedAt()), FileName: wave.GetFileName(),
		})
	}
	published, err := s.Peers.Results().ListPublications(r.Context(), &barometerv1.ListPublicationsRequest{})
	if err != nil {
		return err
	}
	view.Crossed = len(published.GetPublications()) > 0 && len(view.Waves) > 0
	return s.draw(w, r, status, page.Customers(view))
}

// hrCustomersUpload keeps the file and leads to what is in it.
func (s *Site) hrCustomersUpload(w http.ResponseWriter, r *http.Request) error {
	file, problem, err := handedIn(w, r)
	if err != nil {
		return err
	}
	if problem != nil {
		return s.drawCustomers(w, r, problem.status, visitorOf(r).frame().Words.T(problem.key))
	}
	id, err := s.Uploads.Put(r.Context(), file)
	if err != nil {
		return err
	}
	http.Redirect(w, r, customersBase+"/"+id, http.StatusSeeOther)
	return nil
}

// hrCustomersPreview tells what is in the kept file.
func (s *Site) hrCustomersPreview(w http.ResponseWriter, r *http.Request) error {
	file, err := s.Uploads.Get(r.Context(), visitorOf(r).session.ID, r.PathValue("id"))
	if errors.Is(err, upload.ErrGone) {
		return s.drawCustomers(w, r, http.StatusGone, visitorOf(r).frame().Words.T("customers.file_gone"))
	}
	if err != nil {
		return err
	}
	report, err := s.tryCustomers(r.Context(), file)
	if err != nil {
		return err
	}
	return s.show(w, r, page.CustomersPreview(customersPreview(visitorOf(r).frame().Words, file.ID, report)))
}

// hrCustomersApply takes the kept file in.
func (s *Site) hrCustomersApply(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	file, err := s.Uploads.Get(r.Context(), visitorOf(r).session.ID, r.PathValue("id"))
	if errors.Is(err, upload.ErrGone) {
		return s.drawCustomers(w, r, http.StatusGone, words.T("customers.file_gone"))
	}
	if err != nil {
		return err
	}
	skip, replace := r.PostFormValue("skip_rejected") != "", r.PostFormValue("replace") != ""
	answer, err := s.Peers.Customers().ImportCustomers(r.Context(), &barometerv1.ImportCustomersRequest{
		File: file.Content, FileName: file.Name, SkipRejected: skip, Replace: replace,
	})
	if err != nil {
		return err
	}
	if answer.GetReport().GetOutcome() != barometerv1.CustomersReport_OUTCOME_APPLIED {
		view := customersPreview(words, file.ID, answer.GetReport())
		view.Refused, view.SkipRejected, view.Replace = true, skip, replace
		return s.draw(w, r, http.StatusUnprocessableEntity, page.CustomersPreview(view))
	}
	if err := s.Uploads.Remove(r.Context(), file); err != nil {
		// It goes by itself within half an hour; the import is done all the same.
		s.Log.Warn("removing an applied file", zap.Error(err))
	}
	http.Redirect(w, r, customersBase+"?done", http.StatusSeeOther)
	return nil
}

// hrCustomersProblems is what is wrong with the kept file, as a table for whoever corrects it.
func (s *Site) hrCustomersProblems(w http.ResponseWriter, r *http.Request) error {
	file, err := s.Uploads.Get(r.Context(), visitorOf(r).session.ID, r.PathValue("id"))
	if errors.Is(err, upload.ErrGone) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	report, err := s.tryCustomers(r.Context(), file)
	if err != nil {
		return err
	}
	words := visitorOf(r).frame().Words
	return sendTable(w, words, "jalon-import", problemRows(words, asImport(report)))
}

// hrWaveRemove forgets a wave, such as one whose name was mistyped.
func (s *Site) hrWaveRemove(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Peers.Customers().RemoveWave(r.Context(), &barometerv1.RemoveWaveRequest{Name: r.PostFormValue("wave")}); err != nil {
		return err
	}
	http.Redirect(w, r, customersBase+"?removed", http.StatusSeeOther)
	return nil
}

func (s *Site) tryCustomers(ctx context.Context, file upload.File) (*barometerv1.CustomersReport, error) {
	answer, err := s.Peers.Customers().ImportCustomers(ctx, &barometerv1.ImportCustomersRequest{
		File: file.Content, FileName: file.Name, DryRun: true, SkipRejected: true,
	})
	return answer.GetReport(), err
}
