package web

import (
	"errors"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"connectrpc.com/connect"
	"go.uber.org/zap"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/upload"
)

const (
	maxUploadBytes = 48 << 20
	// What a form's parts may take of memory; the rest of a large file waits on disk until it is read.
	uploadMemory = 8 << 20
	imports      = "/hr/import"
)

// hrImport is where a file is handed in, and where the report of the one just applied is shown.
func (s *Site) hrImport(w http.ResponseWriter, r *http.Request) error {
	return s.drawImport(w, r, http.StatusOK, "")
}

func (s *Site) drawImport(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	words := visitorOf(r).frame.Words
	view := page.ImportView{Problem: problem, Today: s.now().In(words.Zone()).Format(time.DateOnly)}
	var err error
	if view.Imports, err = s.importRows(r.Context(), words); err != nil {
		return err
	}
	if done := r.URL.Query().Get("done"); done != "" {
		list, err := s.Peers.Directory().ListImports(r.Context(), &directoryv1.ListImportsRequest{PageSize: importsShown})
		if err != nil {
			return err
		}
		for _, report := range list.GetImports() {
			if report.GetImportId() == done {
				shown := reportView(words, report)
				view.Done = &shown
			}
		}
	}
	return s.draw(w, r, status, page.Import(view))
}

// hrUpload keeps the file and leads to what it would change.
func (s *Site) hrUpload(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame.Words
	r.Body = http.MaxBytesReader(w, r.Body, maxUploadBytes+1<<20)
	err := r.ParseMultipartForm(uploadMemory) //nolint:gosec // the body's size is bounded just above
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return s.drawImport(w, r, http.StatusRequestEntityTooLarge, words.T("import.file_large"))
	}
	if err != nil {
		return s.drawImport(w, r, http.StatusBadRequest, words.T("import.file_missing"))
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	file, header, err := r.FormFile("file")
	if err != nil || header.Size == 0 {
		return s.drawImport(w, r, http.StatusUnprocessableEntity, words.T("import.file_missing"))
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	id, err := s.Uploads.Put(r.Context(), upload.File{
		Session: visitorOf(r).session.ID, Name: clip(path.Base(strings.ReplaceAll(header.Filename, "\\", "/")), 200),
		AsOf: isoDate(r.PostFormValue("as_of")), Full: r.PostFormValue("full") != "", Content: content,
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, imports+"/"+id, http.StatusSeeOther)
	return nil
}

func isoDate(value string) string {
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		return ""
	}
	return value
}

// hrImportPreview asks directory for a dry run of the kept file.
func (s *Site) hrImportPreview(w http.ResponseWriter, r *http.Request) error {
	file, err := s.Uploads.Get(r.Context(), visitorOf(r).session.ID, r.PathValue("id"))
	if errors.Is(err, upload.ErrGone) {
		return s.drawImport(w, r, http.StatusGone, visitorOf(r).frame.Words.T("import.file_gone"))
	}
	if err != nil {
		return err
	}
	request := importRequest(file)
	// Skipping shows what the sound lines would change, beside the list of the others.
	request.DryRun, request.SkipRejected = true, true
	dry, err := s.Peers.Directory().ImportPeople(r.Context(), request)
	if err != nil {
		return err
	}
	words := visitorOf(r).frame.Words
	return s.show(w, r, page.ImportPreview(page.PreviewView{UploadID: file.ID, Full: file.Full, Report: reportView(words, dry.GetReport())}))
}

// hrImportApply applies the kept file.
func (s *Site) hrImportApply(w http.ResponseWriter, r *http.Request) error {
	file, err := s.Uploads.Get(r.Context(), visitorOf(r).session.ID, r.PathValue("id"))
	if errors.Is(err, upload.ErrGone) {
		return s.drawImport(w, r, http.StatusGone, visitorOf(r).frame.Words.T("import.file_gone"))
	}
	if err != nil {
		return err
	}
	request := importRequest(file)
	request.SkipRejected = r.PostFormValue("skip_rejected") != ""
	request.Confirm = r.PostFormValue("confirm") != ""
	applied, err := s.Peers.Directory().ImportPeople(r.Context(), request)
	if rpc.Is(err, connect.CodeAborted) {
		return s.drawImport(w, r, http.StatusConflict, visitorOf(r).frame.Words.T("import.busy"))
	}
	if err != nil {
		return err
	}
	report := applied.GetReport()
	if report.GetOutcome() != directoryv1.ImportReport_OUTCOME_APPLIED {
		return s.draw(w, r, http.StatusUnprocessableEntity, page.ImportPreview(page.PreviewView{
			UploadID: file.ID, Full: file.Full, Refused: true, SkipRejected: request.GetSkipRejected(),
			Report: reportView(visitorOf(r).frame.Words, report),
		}))
	}
	if err := s.Uploads.Remove(r.Context(), file); err != nil {
		// It goes by itself within half an hour; the import is done all the same.
		s.Log.Warn("removing an applied file", zap.Error(err))
	}
	http.Redirect(w, r, imports+"?done="+report.GetImportId(), http.StatusSeeOther) //nolint:gosec // a page of this site
	return nil
}

func importRequest(file upload.File) *directoryv1.ImportPeopleRequest {
	return &directoryv1.ImportPeopleRequest{File: file.Content, FileName: file.Name, AsOf: file.AsOf, Full: file.Full}
}
