package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/page"
)

// namesTogether is how many people's names are asked for at once.
const namesTogether = 200

// hrCards lets HR choose for whom to print cards to vote with.
func (s *Site) hrCards(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	done := ""
	for _, what := range []string{"confirmed", "given_up"} {
		if r.URL.Query().Has(what) {
			done = words.T("cards.done_" + what)
		}
	}
	return s.showCards(w, r, http.StatusOK, page.CardsView{Done: done})
}

func (s *Site) showCards(w http.ResponseWriter, r *http.Request, status int, view page.CardsView) error {
	ctx := r.Context()
	view.Edition, view.Cell, view.Everybody = r.PathValue("id"), r.FormValue("unit"), r.FormValue("everybody") != ""
	found, err := s.Peers.Barometer().GetEdition(ctx, &barometerv1.GetEditionRequest{EditionId: view.Edition})
	if err != nil {
		return err
	}
	view.Name = found.GetEdition().GetName()
	sheets, err := s.Peers.Cards().ListSheets(ctx, &barometerv1.ListSheetsRequest{EditionId: view.Edition})
	if err != nil {
		return err
	}
	view.MayMake = sheets.GetMayMake()
	for _, sheet := range sheets.GetSheets() {
		view.Sheets = append(view.Sheets, cardSheet(sheet))
	}
	if !view.MayMake {
		return s.draw(w, r, status, page.Cards(view))
	}
	for _, cell := range found.GetParticipation() {
		view.Cells = append(view.Cells, page.Choice{Value: cell.GetUnitId(), Label: cell.GetUnitName(), Chosen: cell.GetUnitId() == view.Cell})
	}
	if view.Cell != "" {
		if err := s.cardVoters(r, &view); err != nil {
			return err
		}
	}
	return s.draw(w, r, status, page.Cards(view))
}

func cardSheet(sheet *barometerv1.Sheet) page.CardSheet {
	return page.CardSheet{
		ID: sheet.GetId(), Cell: sheet.GetUnitName(), Cards: int(sheet.GetCards()), Confirmed: sheet.GetConfirmed(), Until: sheet.GetConfirmUntil(),
	}
}

// cardVoters names who of a cell may get a card still. Directory is asked with the reader's own rights.
func (s *Site) cardVoters(r *http.Request, view *page.CardsView) error {
	ctx := r.Context()
	voters, err := s.Peers.Cards().ListCardVoters(ctx, &barometerv1.ListCardVotersRequest{EditionId: view.Edition, UnitId: view.Cell})
	if err != nil {
		return err
	}
	view.Least, view.Most = int(voters.GetLeast()), int(voters.GetMost())
	for ids := range slices.Chunk(voters.GetPersonIds(), namesTogether) {
		found, err := s.Peers.Directory().BatchGetPeople(ctx, &directoryv1.BatchGetPeopleRequest{Ids: ids})
		if err != nil {
			return err
		}
		for _, card := range found.GetPeople() {
			if card.GetEmail() != "" && !view.Everybody || s.gone(card) {
				continue
			}
			view.People = append(view.People, page.CardVoter{
				Person: page.Person{ID: card.GetId(), Name: fullName(card), JobTitle: card.GetJobTitle()}, NoMail: card.GetEmail() == "",
			})
		}
	}
	words := visitorOf(r).frame().Words
	slices.SortFunc(view.People, func(a, b page.CardVoter) int { return words.Compare(a.Person.Name, b.Person.Name) })
	tick(view, r.PostForm)
	return nil
}

// tick chooses those without e-mail, or whom the form had that was refused.
func tick(view *page.CardsView, refused url.Values) {
	left := 0
	for _, voter := range view.People {
		if voter.NoMail {
			left++
		}
	}
	left = together(left, view.Least, view.Most)
	for i := range view.People {
		voter := &view.People[i]
		if refused.Has("unit") {
			voter.Chosen = slices.Contains(refused["voter"], voter.Person.ID)
		} else if voter.NoMail && left > 0 {
			voter.Chosen = true
			left--
		}
	}
}

// together is for how many of the people who need a card it is made at once: no more than may be, and so that those who are left, where
// that can be, are enough for a draw of their own.
func together(people, least, most int) int {
	now := min(people, most)
	if rest := people - now; rest > 0 && rest < least && now-(least-rest) >= least {
		now -= least - rest
	}
	return now
}

// hrMakeCards makes a sheet and shows it to be printed, this once. Codes are on that page and nowhere else, and the log of what HR
// does names none of its people: who votes with a card is nobody's business later.
func (s *Site) hrMakeCards(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	words := visitorOf(r).frame().Words
	made, err := s.Peers.Cards().MakeCards(r.Context(), &barometerv1.MakeCardsRequest{
		EditionId: r.PathValue("id"), UnitId: r.PostForm.Get("unit"), PersonIds: slices.Compact(slices.Sorted(slices.Values(r.PostForm["voter"]))),
	})
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		return s.showCards(w, r, http.StatusUnprocessableEntity, page.CardsView{Problem: words.T("cards.wrong_number")})
	case rpc.Is(err, connect.CodeAborted):
		return s.showCards(w, r, http.StatusConflict, page.CardsView{Problem: words.T("cards.overtaken")})
	case rpc.Is(err, connect.CodeFailedPrecondition):
		return s.showCards(w, r, http.StatusConflict, page.CardsView{Problem: words.T("cards.not_now")})
	case err != nil:
		return err
	}
	found, err := s.Peers.Barometer().GetEdition(r.Context(), &barometerv1.GetEditionRequest{EditionId: r.PathValue("id")})
	if err != nil {
		return err
	}
	address := s.address(r) + kioskPath
	picture, err := qrPicture(address)
	if err != nil {
		return err
	}
	view := page.PrintedCardsView{
		Edition: r.PathValue("id"), Sheet: cardSheet(made.GetSheet()), Codes: made.GetCodes(), QR: picture,
		Address: strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://"),
	}
	for _, lang := range []string{"fr", "en"} {
		in, e := s.Words.Words(lang, s.Zone), found.GetEdition()
		view.Texts = append(view.Texts, page.CardText{
			Lang: lang, Title: in.T("cards.on_card", "Name", e.GetName(), "Cell", view.Sheet.Cell), Do: in.T("cards.on_card_do"),
			Until: in.T("cards.on_card_until", "From", in.Date(e.GetOpensOn()), "To", in.Date(e.GetClosesOn())),
		})
	}
	return s.show(w, r, page.PrintedCards(view))
}

func (s *Site) hrConfirmCards(w http.ResponseWriter, r *http.Request) error {
	if r.PostFormValue("in_hands") == "" {
		return s.showCards(w, r, http.StatusUnprocessableEntity, page.CardsView{Problem: visitorOf(r).frame().Words.T("cards.wrong_in_hands")})
	}
	_, err := s.Peers.Cards().ConfirmCards(r.Context(), &barometerv1.ConfirmCardsRequest{
		EditionId: r.PathValue("id"), SheetId: r.PostFormValue("sheet"),
	})
	return s.decidedCards(w, r, err, "confirmed")
}

func (s *Site) hrGiveUpCards(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Peers.Cards().GiveUpCards(r.Context(), &barometerv1.GiveUpCardsRequest{
		EditionId: r.PathValue("id"), SheetId: r.PostFormValue("sheet"),
	})
	return s.decidedCards(w, r, err, "given_up")
}

// decidedCards goes back to the sheets, and says what became of one.
func (s *Site) decidedCards(w http.ResponseWriter, r *http.Request, err error, done string) error {
	if rpc.Is(err, connect.CodeFailedPrecondition) {
		return s.showCards(w, r, http.StatusConflict, page.CardsView{Problem: visitorOf(r).frame().Words.T("cards.decided")})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, editionsBase+"/"+r.PathValue("id")+"/cards?"+done, http.StatusSeeOther)
	return nil
}
