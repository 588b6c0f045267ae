package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const editionsBase = "/hr/barometer"

// How long a new edition is open unless HR says otherwise: three weeks, from a Tuesday two weeks ahead.
const (
	editionAhead = 14
	editionDays  = 21
)

// hrEditionNew is the form of an edition that is not there yet.
func (s *Site) hrEditionNew(w http.ResponseWriter, r *http.Request) error {
	opens := s.Clock.Now().In(s.Zone).AddDate(0, 0, editionAhead)
	for opens.Weekday().String() != "Tuesday" {
		opens = opens.AddDate(0, 0, 1)
	}
	const iso = "2006-01-02"
	return s.show(w, r, page.Edition(page.EditionView{
		Draft: true, Name: strconv.Itoa(opens.Year()), OpensOn: opens.Format(iso), ClosesOn: opens.AddDate(0, 0, editionDays-1).Format(iso),
		ScoresFrom: "5", Details: "10",
	}))
}

// hrEditionSave writes a draft, new or not. What cannot be comes back with everything that was entered.
func (s *Site) hrEditionSave(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no version meets a conflict
	want := &barometerv1.SaveEditionRequest{
		EditionId: r.PathValue("id"), Version: version, Name: strings.TrimSpace(r.PostFormValue("name")),
		OpensOn: r.PostFormValue("opens_on"), ClosesOn: r.PostFormValue("closes_on"),
		ScoresFrom: wholeNumber(r, "scores_from"), DetailsFrom: wholeNumber(r, "details_from"),
	}
	saved, err := s.Peers.Barometer().SaveEdition(r.Context(), want)
	if err == nil {
		http.Redirect(w, r, editionsBase+"/"+saved.GetEdition().GetId()+"?saved", http.StatusSeeOther)
		return nil
	}
	view := page.EditionView{
		Draft: true, ID: want.GetEditionId(), Version: r.PostFormValue("version"), Name: want.GetName(), OpensOn: want.GetOpensOn(),
		ClosesOn: want.GetClosesOn(), ScoresFrom: r.PostFormValue("scores_from"), Details: r.PostFormValue("details_from"),
	}
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		view.Wrong = wrongEdition(words, rpc.Violations(err))
		return s.draw(w, r, http.StatusUnprocessableEntity, page.Edition(view))
	case rpc.Is(err, connect.CodeAborted), rpc.Is(err, connect.CodeFailedPrecondition):
		return s.editionAgain(w, r, words.T("edition.conflict"))
	}
	return err
}

// wholeNumber is a number of a form; -1, which is refused, where it is none.
func wholeNumber(r *http.Request, field string) int32 {
	n, err := strconv.ParseInt(strings.TrimSpace(r.PostFormValue(field)), 10, 32)
	if err != nil {
		return -1
	}
	return int32(n)
}

// wrongEdition says by field of the form what would be right.
func wrongEdition(words *i18n.Words, violations []rpc.Violation) map[string]string {
	wrong := map[string]string{}
	for _, v := range violations {
		wrong[v.Field] = words.Or("edition.wrong_"+v.Field, v.Description)
	}
	return wrong
}

func (s *Site) hrEdition(w http.ResponseWriter, r *http.Request) error {
	view, err := s.edition(r)
	if err != nil {
		return err
	}
	view.Saved = r.URL.Query().Has("saved")
	return s.show(w, r, page.Edition(view))
}

// editionAgain shows the edition as it is now, and why nothing was done.
func (s *Site) editionAgain(w http.ResponseWriter, r *http.Request, trouble string) error {
	view, err := s.edition(r)
	if err != nil {
		return err
	}
	view.Trouble = trouble
	return s.draw(w, r, http.StatusConflict, page.Edition(view))
}

func (s *Site) hrEditionLaunch(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	_, err := s.Peers.Barometer().LaunchEdition(r.Context(), &barometerv1.LaunchEditionRequest{EditionId: r.PathValue("id"), Version: version})
	switch {
	case err == nil:
		http.Redirect(w, r, editionsBase+"/"+r.PathValue("id"), http.StatusSeeOther)
		return nil
	case rpc.Is(err, connect.CodeFailedPrecondition):
		view, failed := s.edition(r)
		if failed != nil {
			return failed
		}
		if !view.Draft { // the button was pressed twice
			http.Redirect(w, r, editionsBase+"/"+r.PathValue("id"), http.StatusSeeOther)
			return nil
		}
		return s.editionAgain(w, r, words.T("edition.one_at_a_time"))
	case rpc.Is(err, connect.CodeInvalidArgument):
		for _, v := range rpc.Violations(err) {
			return s.editionAgain(w, r, words.Or("edition.launch_wrong_"+v.Field, v.Description))
		}
	case rpc.Is(err, connect.CodeAborted):
		return s.editionAgain(w, r, words.T("edition.conflict"))
	}
	return err
}

func (s *Site) hrEditionDelete(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Peers.Barometer().DeleteEdition(r.Context(), &barometerv1.DeleteEditionRequest{EditionId: r.PathValue("id")})
	switch {
	case err == nil, rpc.Is(err, connect.CodeNotFound): // the button was pressed twice
		http.Redirect(w, r, editionsBase, http.StatusSeeOther)
		return nil
	case rpc.Is(err, connect.CodeFailedPrecondition):
		return s.editionAgain(w, r, visitorOf(r).frame().Words.T("edition.conflict"))
	}
	return err
}

// edition is the one of the address, as its page shows it.
func (s *Site) edition(r *http.Request) (page.EditionView, error) {
	words := visitorOf(r).frame().Words
	found, err := s.Peers.Barometer().GetEdition(r.Context(), &barometerv1.GetEditionRequest{EditionId: r.PathValue("id")})
	if err != nil {
		return page.EditionView{}, err
	}
	e := found.GetEdition()
	view := page.EditionView{
		ID: e.GetId(), Version: strconv.FormatInt(e.GetVersion(), 10), Name: e.GetName(), OpensOn: e.GetOpensOn(), ClosesOn: e.GetClosesOn(),
		ScoresFrom: strconv.Itoa(int(e.GetScoresFrom())), Details: strconv.Itoa(int(e.GetDetailsFrom())), State: editionState(words, e.GetState()),
		Draft: e.GetState() == barometerv1.Edition_STATE_DRAFT, Preparing: e.GetState() == barometerv1.Edition_STATE_PREPARING,
		Voting: e.GetState() == barometerv1.Edition_STATE_OPEN, Published: e.GetState() == barometerv1.Edition_STATE_PUBLISHED,
		KeysMade: int(e.GetKeysMade()), Cells: int(e.GetCells()), Eligible: int(e.GetEligible()), When: editionWhen(words, e),
		Taken: int(found.GetTokensIssued()), Fingerprint: clip(e.GetQuestionnaire(), fingerprintShown), Changed: e.GetQuestionsChanged(),
	}
	for _, c := range found.GetParticipation() {
		view.CellsTaken = append(view.CellsTaken, page.CellTaken{
			Name: c.GetUnitName(), Alone: int(c.GetEligible() - c.GetCards()), Taken: int(c.GetTokensIssued()), Cards: int(c.GetCards()),
			Told: c.TokensIssued != nil,
		})
	}
	if !view.Draft {
		return view, nil
	}
	cells, err := s.Peers.Barometer().ListCells(r.Context(), &barometerv1.ListCellsRequest{})
	if err != nil {
		return page.EditionView{}, err
	}
	if !cells.GetTooFew() {
		view.LaunchTold = words.T("edition.launch_told", "People", words.Number(int(cells.GetEligible())), "Cells", words.Number(len(cells.GetCells())))
	}
	view.CardsTold, view.Hurry = s.cardsTold(words, e.GetOpensOn())
	return view, nil
}

// cardsTold says what a launch today leaves of the days on which voting cards are made; with hurry where that is a day or less.
func (s *Site) cardsTold(words *i18n.Words, opensOn string) (told string, hurry bool) {
	today := s.Clock.Now().In(s.Zone)
	switch opensOn {
	case today.Format(time.DateOnly):
		return words.T("edition.launch_cards_none"), true
	case today.AddDate(0, 0, 1).Format(time.DateOnly):
		return words.T("edition.launch_cards_today"), true
	}
	return words.T("edition.launch_cards"), false
}

// fingerprintShown is how much of a fingerprint people compare by eye.
const fingerprintShown = 16

func editionWhen(words *i18n.Words, e *barometerv1.Edition) string {
	return words.T("edition.when", "From", words.Date(e.GetOpensOn()), "To", words.Date(e.GetClosesOn()))
}

func editionState(words *i18n.Words, state barometerv1.Edition_State) page.EditionState {
	name := strings.ToLower(strings.TrimPrefix(state.String(), "STATE_"))
	tone := map[barometerv1.Edition_State]string{
		barometerv1.Edition_STATE_OPEN: "accent", barometerv1.Edition_STATE_PUBLISHED: "good",
		barometerv1.Edition_STATE_PREPARING: "warn", barometerv1.Edition_STATE_COUNTING: "warn",
	}[state]
	return page.EditionState{Words: words.T("edition_state." + name), Tone: tone}
}

func (s *Site) editionRows(r *http.Request) ([]page.EditionRow, error) {
	words := visitorOf(r).frame().Words
	all, err := s.Peers.Barometer().ListEditions(r.Context(), &barometerv1.ListEditionsRequest{})
	if err != nil {
		return nil, err
	}
	var rows []page.EditionRow
	for _, e := range all.GetEditions() {
		rows = append(rows, page.EditionRow{
			ID: e.GetId(), Name: e.GetName(), State: editionState(words, e.GetState()), When: editionWhen(words, e),
			Published: e.GetState() == barometerv1.Edition_STATE_PUBLISHED,
		})
	}
	return rows, nil
}
