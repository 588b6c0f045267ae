package web

import (
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const hrCatalogueBase = "/hr/catalogue/"

// hrCatalogue is the catalogue of key moments, a card each.
func (s *Site) hrCatalogue(w http.ResponseWriter, r *http.Request) error {
	view, err := s.catalogue(r, hrCatalogueBase)
	if err != nil {
		return err
	}
	return s.show(w, r, page.Catalogue(view))
}

func (s *Site) catalogue(r *http.Request, base string) (page.CatalogueView, error) {
	words := visitorOf(r).frame().Words
	answer, err := s.Peers.Moments().ListKeyMoments(r.Context(), &momentsv1.ListKeyMomentsRequest{Language: words.Lang})
	if err != nil {
		return page.CatalogueView{}, err
	}
	view := page.CatalogueView{Base: base}
	for _, entry := range answer.GetKeyMoments() {
		view.Cards = append(view.Cards, keyMomentCard(words, entry))
	}
	return view, nil
}

func keyMomentCard(words *i18n.Words, entry *momentsv1.KeyMoment) page.KeyMomentCard {
	card := page.KeyMomentCard{
		Code: entry.GetCode(), Name: entry.GetName(), Summary: entry.GetSummary(), Collective: entry.GetCollective(),
		Automatic: entry.GetAutomatic(),
	}
	if card.Name == "" {
		card.Name = keyMomentName(words, entry.GetCode())
	}
	for _, emotion := range entry.GetExpectedEmotions() {
		card.Expected = append(card.Expected, emotion.GetLabel())
	}
	for _, rule := range entry.GetFollowUps() {
		card.FollowUps = append(card.FollowUps, page.FollowUpLine{
			Name: ruleName(words, rule), When: whenAsked(words, int(rule.GetOffsetDays())), Off: rule.GetOff(),
		})
	}
	return card
}

// whenAsked says when a follow-up comes, from its days after the moment.
func whenAsked(words *i18n.Words, days int) string {
	switch {
	case days < 0:
		return words.N("catalogue.before", -days)
	case days > 0:
		return words.N("catalogue.after", days)
	default:
		return words.T("catalogue.same_day")
	}
}

// hrKeyMoment is one entry of the catalogue, from which HR declares such a moment.
func (s *Site) hrKeyMoment(w http.ResponseWriter, r *http.Request) error {
	return s.showHRKeyMoment(w, r, page.DeclareView{On: s.today(r)})
}

func (s *Site) showHRKeyMoment(w http.ResponseWriter, r *http.Request, form page.DeclareView) error {
	words := visitorOf(r).frame().Words
	view, entry, err := s.keyMoment(r)
	if err != nil {
		return err
	}
	view.Back, view.BackWords, view.Section = "/hr/catalogue", words.T("hr.catalogue"), "hr.catalogue"
	view.Saved = r.URL.Query().Has("saved")
	if actor, _ := identity.FromContext(r.Context()); actor.Has(identity.HR) {
		view.Edit = hrCatalogueBase + entry.GetCode() + "/edit"
		view.Changed = words.T("catalogue.standard")
		if entry.GetVersion() > 0 {
			cards, err := s.cards(r.Context(), entry.GetChangedBy())
			if err != nil {
				return err
			}
			view.Changed = words.T("catalogue.changed", "Version", words.Number(int(entry.GetVersion())),
				"At", words.Instant(entry.GetChangedAt()), "Who", personOf(cards, entry.GetChangedBy()).Name)
		}
	}
	view.Guests = entry.GetCode() == guestKeyMoment
	form.Action, form.Collective, form.ByHand = hrCatalogueBase+entry.GetCode()+"/declare", entry.GetCollective(), true
	if form.Collective {
		if form.Units, err = s.units(r, r.FormValue("unit")); err != nil {
			return err
		}
	}
	view.Declare = form
	return s.show(w, r, page.KeyMoment(view))
}

// keyMoment is the entry that the address names.
func (s *Site) keyMoment(r *http.Request) (page.KeyMomentView, *momentsv1.KeyMoment, error) {
	words := visitorOf(r).frame().Words
	answer, err := s.Peers.Moments().GetKeyMoment(r.Context(),
		&momentsv1.GetKeyMomentRequest{Code: r.PathValue("code"), Language: words.Lang})
	if err != nil {
		return page.KeyMomentView{}, nil, err
	}
	entry := answer.GetKeyMoment()
	return page.KeyMomentView{
		Card: keyMomentCard(words, entry), Emotional: entry.GetEmotional(), Relational: entry.GetRelational(),
		Operational: entry.GetOperational(), Prepare: entry.GetPrepare(),
	}, entry, nil
}

func (s *Site) units(r *http.Request, chosen string) ([]page.Choice, error) {
	units, err := s.Peers.Directory().ListUnits(r.Context(), &directoryv1.ListUnitsRequest{})
	if err != nil {
		return nil, err
	}
	return teamChoices(visitorOf(r).frame().Words, units.GetUnits(), chosen), nil
}

// today is the reader's date.
func (s *Site) today(r *http.Request) string {
	return s.now().In(visitorOf(r).frame().Words.Zone()).Format(time.DateOnly)
}

// hrDeclare opens a moment that HR enters, and shows it.
func (s *Site) hrDeclare(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	form := page.DeclareView{Number: strings.TrimSpace(r.PostFormValue("number")), On: r.PostFormValue("on"), Problems: map[string]string{}}
	request := &momentsv1.DeclareMomentRequest{KeyMoment: r.PathValue("code"), HappensOn: form.On, UnitId: r.PostFormValue("unit")}
	if request.GetUnitId() == "" {
		person, err := s.numbered(r.Context(), form.Number)
		if err != nil {
			return err
		}
		if person == nil {
			form.Problems["who"] = words.T("declare.number_unknown")
			return s.showHRKeyMoment(w, r, form)
		}
		request.PersonId = person.GetId()
	}
	declared, err := s.Peers.Moments().DeclareMoment(r.Context(), request)
	if rpc.Is(err, connect.CodeInvalidArgument) {
		form.Problems = declareProblems(words, err)
		return s.showHRKeyMoment(w, r, form)
	}
	if err != nil {
		return err
	}
	if declared.GetCancelled() {
		form.Problems["on"] = words.T("declare.cancelled")
		return s.showHRKeyMoment(w, r, form)
	}
	audit.About(r.Context(), request.GetPersonId(), declared.GetMomentId())
	http.Redirect(w, r, "/hr/moments/"+declared.GetMomentId(), http.StatusSeeOther)
	return nil
}

// declareProblems says in the reader's words what is wrong with a declaration.
func declareProblems(words *i18n.Words, err error) map[string]string {
	problems := map[string]string{}
	for _, violation := range rpc.Violations(err) {
		switch violation.Field {
		case "happens_on":
			problems["on"] = words.T("declare.date_wrong")
		case "unit_id":
			problems["who"] = words.T("declare.unit_wrong")
		default:
			problems["who"] = words.T("declare.who_wrong")
		}
	}
	return problems
}

// cancelRoute is where hrCancel is served. The service lets managers call off what they declared as well: from their own page.
const cancelRoute = "POST /hr/moments/{id}/cancel"

// hrCancel calls a moment off.
func (s *Site) hrCancel(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	_, err := s.Peers.Moments().CancelMoment(r.Context(), &momentsv1.CancelMomentRequest{
		MomentId: id, Reason: clip(strings.TrimSpace(r.PostFormValue("reason")), 300),
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/hr/moments/"+id, http.StatusSeeOther)
	return nil
}
