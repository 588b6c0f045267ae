package web

import (
	"context"
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
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/upload"
)

const (
	maxUploadBytes = 48 << 20
	// What a form's parts may take of memory; the rest of a large file waits on disk until it is read.
	uploadMemory = 8 << 20
	// imports is where HR files of people are handed in.
	imports = "/hr/import"
)

// intake takes in one kind of file, of people or of units. Both go the same way: handed in, tried, looked at, applied.
type intake struct {
	*Site
	page.FileKind
}

func (s *Site) peopleFiles() intake {
	return intake{s, page.FileKind{Base: imports, Section: "hr.import", Texts: "import"}}
}

func (s *Site) unitFiles() intake {
	return intake{s, page.FileKind{Base: unitsBase + "import", Section: "hr.units", Texts: "units_import", Units: true}}
}

// form is where a file is handed in, and where the report of the one just applied is shown.
func (in intake) form(w http.ResponseWriter, r *http.Request) error {
	return in.drawForm(w, r, http.StatusOK, "")
}

func (in intake) drawForm(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	words := visitorOf(r).frame().Words
	view := page.ImportView{FileKind: in.FileKind, Problem: problem, Today: in.today(r)}
	list, err := in.Peers.Directory().ListImports(r.Context(), &directoryv1.ListImportsRequest{PageSize: importsShown, Units: in.Units})
	if err != nil {
		return err
	}
	view.Imports = importRows(words, in.FileKind, list.GetImports())
	if done := r.URL.Query().Get("done"); done != "" {
		for _, report := range list.GetImports() {
			if report.GetImportId() == done {
				shown := in.view(words, report, done)
				view.Done = &shown
			}
		}
	}
	return in.draw(w, r, status, page.Import(view))
}

// view is a report in the reader's words; id is the file's or the import's, by which its problems are found.
func (in intake) view(words *i18n.Words, report *directoryv1.ImportReport, id string) page.ReportView {
	view := reportView(words, in.FileKind, report)
	if len(report.GetProblems()) > 0 {
		view.ProblemsFile = in.Base + "/" + id + "/problems.csv"
	}
	return view
}

// upload keeps the file and leads to what it would change.
func (in intake) upload(w http.ResponseWriter, r *http.Request) error {
	file, problem, err := handedIn(w, r)
	if err != nil {
		return err
	}
	if problem != nil {
		return in.drawForm(w, r, problem.status, visitorOf(r).frame().Words.T(problem.key))
	}
	file.AsOf, file.Full = isoDate(r.PostFormValue("as_of")), r.PostFormValue("full") != ""
	id, err := in.Uploads.Put(r.Context(), file)
	if err != nil {
		return err
	}
	http.Redirect(w, r, in.Base+"/"+id, http.StatusSeeOther)
	return nil
}

// noFile is why there is no file to look at.
type noFile struct {
	status int
	key    string
}

// handedIn is the file of a form, for the session that brings it.
func handedIn(w http.ResponseWriter, r *http.Request) (file upload.File, problem *noFile, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUploadBytes+1<<20)
	err = r.ParseMultipartForm(uploadMemory)
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return upload.File{}, &noFile{http.StatusRequestEntityTooLarge, "import.file_large"}, nil
	}
	if err != nil {
		return upload.File{}, &noFile{http.StatusBadRequest, "import.file_missing"}, nil
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	form, header, err := r.FormFile("file")
	if err != nil || header.Size == 0 {
		return upload.File{}, &noFile{http.StatusUnprocessableEntity, "import.file_missing"}, nil
	}
	content, err := io.ReadAll(form)
	if err != nil {
		return upload.File{}, nil, err
	}
	name := clip(path.Base(strings.ReplaceAll(header.Filename, "\\", "/")), 200)
	return upload.File{Session: visitorOf(r).session.ID, Name: name, Content: content}, nil, nil
}

func isoDate(value string) string {
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		return ""
	}
	return value
}

// preview asks directory for a dry run of the kept file.
func (in intake) preview(w http.ResponseWriter, r *http.Request) error {
	file, err := in.Uploads.Get(r.Context(), visitorOf(r).session.ID, r.PathValue("id"))
	if errors.Is(err, upload.ErrGone) {
		return in.drawForm(w, r, http.StatusGone, visitorOf(r).frame().Words.T("import.file_gone"))
	}
	if err != nil {
		return err
	}
	report, err := in.try(r.Context(), file)
	if err != nil {
		return err
	}
	return in.show(w, r, page.ImportPreview(page.PreviewView{
		FileKind: in.FileKind, UploadID: file.ID, Full: file.Full, Report: in.view(visitorOf(r).frame().Words, report, file.ID),
	}))
}

// apply applies the kept file.
func (in intake) apply(w http.ResponseWriter, r *http.Request) error {
	file, err := in.Uploads.Get(r.Context(), visitorOf(r).session.ID, r.PathValue("id"))
	if errors.Is(err, upload.ErrGone) {
		return in.drawForm(w, r, http.StatusGone, visitorOf(r).frame().Words.T("import.file_gone"))
	}
	if err != nil {
		return err
	}
	skip := r.PostFormValue("skip_rejected") != ""
	report, err := in.hand(r.Context(), file, handing{skipRejected: skip, confirm: r.PostForm["confirm"]})
	if rpc.Is(err, connect.CodeAborted) {
		return in.drawForm(w, r, http.StatusConflict, visitorOf(r).frame().Words.T("import.busy"))
	}
	if err != nil {
		return err
	}
	if report.GetOutcome() != directoryv1.ImportReport_OUTCOME_APPLIED {
		return in.draw(w, r, http.StatusUnprocessableEntity, page.ImportPreview(page.PreviewView{
			FileKind: in.FileKind, UploadID: file.ID, Full: file.Full, Refused: true, SkipRejected: skip,
			Report: in.view(visitorOf(r).frame().Words, report, file.ID),
		}))
	}
	if err := in.Uploads.Remove(r.Context(), file); err != nil {
		// It goes by itself within half an hour; the import is done all the same.
		in.Log.Warn("removing an applied file", zap.Error(err))
	}
	http.Redirect(w, r, in.Base+"?done="+report.GetImportId(), http.StatusSeeOther)
	return nil
}

// handing says how directory shall take a file; confirm names the guards that were shown and are overruled.
type handing struct {
	dryRun, skipRejected bool
	confirm              []string
}

// try tells what a file would change. Skipping shows what the sound lines would, beside the list of the others.
func (in intake) try(ctx context.Context, file upload.File) (*directoryv1.ImportReport, error) {
	return in.hand(ctx, file, handing{dryRun: true, skipRejected: true})
}

func (in intake) hand(ctx context.Context, file upload.File, how handing) (*directoryv1.ImportReport, error) {
	if in.Units {
		answer, err := in.Peers.Directory().ImportUnits(ctx, &directoryv1.ImportUnitsRequest{File: file.Content, FileName: file.Name, DryRun: how.dryRun})
		return answer.GetReport(), err
	}
	answer, err := in.Peers.Directory().ImportPeople(ctx, &directoryv1.ImportPeopleRequest{
		File: file.Content, FileName: file.Name, AsOf: file.AsOf, Full: file.Full,
		DryRun: how.dryRun, SkipRejected: how.skipRejected, ConfirmGuards: how.confirm,
	})
	return answer.GetReport(), err
}
