package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	peoplePage  = 50
	momentsPage = 50
)

// hrPeople lists people, or those that a search finds. Searches and pages are sent as forms: names and page tokens that may
// hold one stay out of addresses and logs.
func (s *Site) hrPeople(w http.ResponseWriter, r *http.Request) error {
	query := strings.TrimSpace(r.PostFormValue("q"))
	unit, manager := r.FormValue("unit"), r.FormValue("manager")
	list, err := s.Peers.Directory().ListPeople(r.Context(), &directoryv1.ListPeopleRequest{
		Query: clip(query, 100), UnitId: unit, ManagerId: manager, PageSize: peoplePage, PageToken: r.PostFormValue("page"),
	})
	if err != nil {
		return err
	}
	units, err := s.unitNames(r.Context())
	if err != nil {
		return err
	}
	view := page.PeopleView{Query: query, Total: int(list.GetTotalSize()), Next: list.GetNextPageToken()}
	if units[unit] != nil {
		view.Unit, view.UnitName = unit, units[unit].GetName()
	}
	if manager != "" && list.GetTotalSize() > 0 { // whose name the reader knows from the people who report to them
		cards, err := s.cards(r.Context(), manager)
		if err != nil {
			return err
		}
		if cards[manager] != nil {
			view.Manager, view.ManagerName = manager, fullName(cards[manager])
		}
	}
	for _, card := range list.GetPeople() {
		view.People = append(view.People, page.Person{
			ID: card.GetId(), Name: fullName(card), JobTitle: card.GetJobTitle(), Unit: unitPlace(units, card.GetUnitPath()),
		})
	}
	return s.show(w, r, page.People(view))
}

// unitPlace is where somebody works: the store rather than the team in it.
func unitPlace(units map[string]*directoryv1.Unit, path []string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if unit := units[path[i]]; unit != nil && (unit.GetKind() != "team" || i == 0) {
			return unit.GetName()
		}
	}
	return ""
}

func (s *Site) unitNames(ctx context.Context) (map[string]*directoryv1.Unit, error) {
	list, err := s.Peers.Directory().ListUnits(ctx, &directoryv1.ListUnitsRequest{})
	if err != nil {
		return nil, err
	}
	units := make(map[string]*directoryv1.Unit, len(list.GetUnits()))
	for _, unit := range list.GetUnits() {
		units[unit.GetId()] = unit
	}
	return units, nil
}

func (s *Site) hrPerson(w http.ResponseWriter, r *http.Request) error {
	ctx, words, id := r.Context(), visitorOf(r).frame().Words, r.PathValue("id")
	found, err := s.Peers.Directory().BatchGetPeople(ctx, &directoryv1.BatchGetPeopleRequest{Ids: []string{id}})
	if err != nil {
		return err
	}
	if len(found.GetPeople()) == 0 {
		return errNotFound
	}
	card := found.GetPeople()[0]
	view := page.PersonView{ID: id, Name: fullName(card), JobTitle: card.GetJobTitle()}
	if view.Facts, err = s.facts(ctx, words, card); err != nil {
		view.Gone = append(view.Gone, s.missing("facts", err))
	}
	if view.Line, err = s.line(ctx, id); err != nil {
		view.Gone = append(view.Gone, s.missing("line", err))
	}
	if view.History, err = s.history(ctx, words, id); err != nil {
		view.Gone = append(view.Gone, s.missing("history", err))
	}
	if view.Moments, err = s.personMoments(ctx, words, id); err != nil {
		view.Gone = append(view.Gone, s.missing("moments", err))
	}
	if view.Asked, err = s.explained(ctx, words, id); err != nil {
		view.Gone = append(view.Gone, s.missing("messages", err))
	}
	talk, err := s.nextTalk(ctx, id)
	if err != nil && !rpc.Is(err, connect.CodeNotFound) {
		view.Gone = append(view.Gone, s.missing("talk", err))
	}
	view.TalkOn = talk.GetPlannedOn()
	return s.show(w, r, page.PersonCard(view))
}

func (s *Site) facts(ctx context.Context, words *i18n.Words, card *directoryv1.PersonCard) ([]page.Fact, error) {
	var facts []page.Fact
	add := func(label, value, href string) {
		if value != "" {
			facts = append(facts, page.Fact{Label: label, Value: value, Href: href})
		}
	}
	units, err := s.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	var path []string
	for _, unit := range card.GetUnitPath() {
		if units[unit] != nil {
			path = append(path, units[unit].GetName())
		}
	}
	managers, err := s.cards(ctx, card.GetManagerId())
	if err != nil {
		return nil, err
	}
	add("person.number", card.GetNumber(), "")
	add("person.unit", strings.Join(path, " › "), "")
	if manager := managers[card.GetManagerId()]; manager != nil {
		add("person.manager", fullName(manager), "/hr/people/"+manager.GetId())
	}
	add("person.hired_on", words.Date(card.GetHiredOn()), "")
	add("person.left_on", words.Date(card.GetLeftOn()), "")
	add("person.contract", card.GetContract(), "")
	add("person.email", card.GetEmail(), "")
	add("person.language", words.Or("person.language_"+card.GetLanguage(), card.GetLanguage()), "")
	return facts, nil
}

func (s *Site) personMoments(ctx context.Context, words *i18n.Words, person string) ([]page.MomentRow, error) {
	list, err := s.Peers.Moments().ListMoments(ctx, &momentsv1.ListMomentsRequest{PersonId: person, PageSize: momentsPage})
	if err != nil {
		return nil, err
	}
	rows := make([]page.MomentRow, 0, len(list.GetMoments()))
	for _, moment := range list.GetMoments() {
		row := momentRow(words, moment, nil)
		if moment.GetPersonId() == "" { // a team's, in which the person was
			row.Who = s.unitName(ctx, moment.GetUnitId())
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// explained is why a person was asked, or not, in words.
func (s *Site) explained(ctx context.Context, words *i18n.Words, person string) ([]page.MessageView, error) {
	answer, err := s.Peers.Notifications().ExplainMessages(ctx, &notificationsv1.ExplainMessagesRequest{PersonId: person})
	if err != nil {
		return nil, err
	}
	views := make([]page.MessageView, 0, len(answer.GetMessages()))
	for _, message := range answer.GetMessages() {
		state, tone := messageState(words, message)
		views = append(views, page.MessageView{
			Title: keyMomentName(words, message.GetKeyMoment()) + ", " + followUpName(words, message.GetFollowUp()),
			State: state, Tone: tone, Decisions: decisionViews(words, message.GetDecisions()),
		})
	}
	return views, nil
}

// messageState says whether a message was asked, and no more: what became of it afterwards would tell whether the person
// answered, which is the person's own business. What was closed before it was let through was asked of nobody.
func messageState(words *i18n.Words, message *notificationsv1.Message) (text, tone string) {
	switch {
	case wasAsked(message.GetDecisions()), message.GetState() == notificationsv1.Message_STATE_SHOWN:
		return words.T("message_state.asked"), "good"
	case message.GetState() == notificationsv1.Message_STATE_CLOSED:
		return words.T("message_state.not_needed"), ""
	case message.GetState() == notificationsv1.Message_STATE_EXPIRED:
		return words.T("message_state.expired"), ""
	default:
		return words.T("message_state.deferred"), "warn"
	}
}

const letThrough = "let_through"

func wasAsked(decisions []*notificationsv1.Decision) bool {
	return slices.ContainsFunc(decisions, func(d *notificationsv1.Decision) bool { return d.GetVerdict() == letThrough })
}

// decisionViews are the gate's decisions up to the one that let the message through; see messageState.
func decisionViews(words *i18n.Words, decisions []*notificationsv1.Decision) []page.DecisionView {
	views := make([]page.DecisionView, 0, len(decisions))
	for _, d := range decisions {
		text := words.Or("verdict."+d.GetVerdict()+"."+d.GetReason(), words.Or("verdict."+d.GetVerdict(), d.GetVerdict()))
		if d.GetUntil() != "" {
			text = words.T("verdict.until", "Words", text, "Until", words.Instant(d.GetUntil()))
		}
		views = append(views, page.DecisionView{At: words.Instant(d.GetAt()), Words: text})
		if d.GetVerdict() == letThrough {
			break
		}
	}
	return views
}
