package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

func (s *Site) hrMoments(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	keyMoment, unit := r.FormValue("key_moment"), r.FormValue("unit")
	list, err := s.Peers.Moments().ListMoments(ctx, &momentsv1.ListMomentsRequest{
		PageSize: momentsPage, PageToken: pageToken(r), KeyMoment: keyMoment, UnitId: unit,
	})
	if err != nil {
		return err
	}
	view := page.MomentsView{Total: int(list.GetTotalSize()), Filtered: keyMoment != "" || unit != ""}
	if view.Moments, err = s.momentRows(ctx, words, list.GetMoments()); err != nil {
		return err
	}
	if next := list.GetNextPageToken(); next != "" {
		view.Next = "/hr/moments?" + url.Values{"key_moment": {keyMoment}, "unit": {unit}, "page": {next}}.Encode()
	}
	catalogue, err := s.Peers.Moments().ListKeyMoments(ctx, &momentsv1.ListKeyMomentsRequest{})
	if err != nil {
		return err
	}
	view.KeyMoments = keyMomentChoices(words, catalogue.GetKeyMoments(), keyMoment)
	units, err := s.Peers.Directory().ListUnits(ctx, &directoryv1.ListUnitsRequest{})
	if err != nil {
		return err
	}
	view.Units = unitChoices(words, units.GetUnits(), unit)
	return s.show(w, r, page.Moments(view))
}

func keyMomentChoices(words *i18n.Words, keyMoments []*momentsv1.KeyMoment, chosen string) []page.Choice {
	choices := make([]page.Choice, 0, len(keyMoments))
	for _, keyMoment := range keyMoments {
		code := keyMoment.GetCode()
		choices = append(choices, page.Choice{Value: code, Label: keyMomentName(words, code), Chosen: code == chosen})
	}
	return choices
}

func (s *Site) momentRows(ctx context.Context, words *i18n.Words, moments []*momentsv1.MomentView) ([]page.MomentRow, error) {
	ids := make([]string, 0, len(moments))
	for _, moment := range moments {
		ids = append(ids, moment.GetPersonId())
	}
	cards, err := s.cards(ctx, ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]page.MomentRow, 0, len(moments))
	for _, moment := range moments {
		row := momentRow(words, moment, cards)
		if moment.GetUnitId() != "" {
			row.Who = s.unitName(ctx, moment.GetUnitId())
		}
		if moment.GetGuest() {
			row.Who = words.T("guest.who", "Unit", row.Who)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// hrMoment is a moment's timeline: moments says what became of each follow-up, notifications what the gate decided.
func (s *Site) hrMoment(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	found, err := s.Peers.Moments().GetMoment(ctx, &momentsv1.GetMomentRequest{MomentId: r.PathValue("id")})
	if err != nil {
		return err
	}
	moment := found.GetMoment()
	cards, err := s.cards(ctx, moment.GetPersonId())
	if err != nil {
		return err
	}
	row := momentRow(words, moment, cards)
	view := page.MomentView{
		ID: moment.GetId(), Title: row.Title, Who: row.Who, PersonID: moment.GetPersonId(), On: moment.GetHappensOn(), State: row.State, Tone: row.Tone,
		Opened: words.T("moment.opened_at", "At", words.Instant(moment.GetOpenedAt())),
		Cause:  words.Or("moment_cause."+moment.GetCause(), moment.GetCause()),
	}
	if err := s.tellMore(ctx, words, moment, &view); err != nil {
		return err
	}
	var decisions map[string][]*notificationsv1.Decision
	if moment.GetPersonId() != "" {
		if decisions, err = s.decisionsOf(ctx, moment.GetPersonId()); err != nil {
			s.missing("decisions", err)
		}
	}
	for _, followUp := range moment.GetFollowUps() {
		step := stepView(words, followUp)
		if asked := int(followUp.GetAskedPeople()); asked > 0 {
			step.When += " · " + words.N("moment_more.asked_people", asked)
		}
		step.Decisions = decisionViews(words, decisions[followUp.GetInvitationId()])
		if followUp.GetByLink() && step.Phase != "gone" {
			step.Link = followUp.GetCode()
		}
		view.Steps = append(view.Steps, step)
	}
	return s.show(w, r, page.Moment(view))
}

// tellMore adds whose moment it is where it is a team's, who declared it, and who cancelled it.
func (s *Site) tellMore(ctx context.Context, words *i18n.Words, moment *momentsv1.MomentView, view *page.MomentView) error {
	cards, err := s.cards(ctx, moment.GetDeclaredBy(), moment.GetCancelledBy())
	if err != nil {
		return err
	}
	if moment.GetUnitId() != "" {
		view.Who, view.People = s.unitName(ctx, moment.GetUnitId()), words.N("moment_more.people", int(moment.GetPeople()))
	}
	if moment.GetGuest() {
		view.Who, view.People = words.T("guest.who", "Unit", view.Who), ""
	}
	if who := personOf(cards, moment.GetDeclaredBy()).Name; who != "" {
		view.Declared = words.T("moment_more.declared_by", "Who", who)
	}
	if moment.GetCancelledAt() == "" {
		if actor, _ := identity.FromContext(ctx); moment.GetCanCancel() && policy.AllowRole(actor, cancelRoute) == nil {
			view.Cancel = "/hr/moments/" + moment.GetId() + "/cancel"
		}
		return nil
	}
	reason := words.Or("cancel_reason."+moment.GetCancelReason(), moment.GetCancelReason()) // a word of Jalon's, or what somebody wrote
	view.Cancelled = words.T("moment_more.cancelled_at", "At", words.Instant(moment.GetCancelledAt()), "Reason", reason)
	if who := personOf(cards, moment.GetCancelledBy()).Name; who != "" {
		view.Cancelled = words.T("moment_more.cancelled_by", "At", words.Instant(moment.GetCancelledAt()), "Reason", reason, "Who", who)
	}
	return nil
}

// unitName is a unit's name; empty for one that is not known.
func (s *Site) unitName(ctx context.Context, id string) string {
	unit, err := s.People.Unit(ctx, id)
	if err != nil {
		return ""
	}
	return unit.Name
}

func (s *Site) decisionsOf(ctx context.Context, person string) (map[string][]*notificationsv1.Decision, error) {
	answer, err := s.Peers.Notifications().ExplainMessages(ctx, &notificationsv1.ExplainMessagesRequest{PersonId: person})
	if err != nil {
		return nil, err
	}
	decisions := map[string][]*notificationsv1.Decision{}
	for _, message := range answer.GetMessages() {
		decisions[message.GetInvitationId()] = message.GetDecisions()
	}
	return decisions, nil
}

func stepView(words *i18n.Words, f *momentsv1.FollowUpView) page.StepView {
	step := page.StepView{
		Title: followUpName(words, cmp.Or(f.GetToldAs(), f.GetCode())),
		When:  words.T("moment.due", "At", words.Instant(f.GetDueAt())),
	}
	if f.GetReason() != "" {
		step.Reason = words.Or("step_reason."+f.GetReason(), f.GetReason())
	}
	switch f.GetState() {
	case momentsv1.FollowUpView_STATE_ASKED:
		step.Phase, step.Tone, step.State = "done", "good", words.T("step_state.asked")
		step.When = words.T("moment.asked", "At", words.Instant(f.GetAskedAt()))
	case momentsv1.FollowUpView_STATE_EXPIRED:
		step.Phase, step.Tone, step.State = "gone", "warn", words.T("step_state.expired")
	case momentsv1.FollowUpView_STATE_CANCELLED:
		step.Phase, step.State = "gone", words.T("step_state.cancelled")
	case momentsv1.FollowUpView_STATE_SKIPPED:
		step.Phase, step.Tone, step.State = "gone", "warn", words.T("step_state.skipped")
	default:
		step.Phase, step.Tone, step.State = "ahead", "accent", words.T("step_state.planned")
	}
	return step
}
