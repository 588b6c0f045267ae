package web

import (
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	fourWeekly  = "ei2d"
	recruitment = "recruitment"
	// usual is the reason that needs no words: it was the talk's turn.
	usual = "rhythm"
)

// seer turns what interviews says of talks into what its reader sees.
type seer struct {
	words *i18n.Words
	me    string
	cards map[string]*directoryv1.PersonCard
}

func (v seer) appointment(a *interviewsv1.Appointment) page.Appointment {
	talk := a.GetTalk()
	view := page.Appointment{
		ID: talk.GetId(), Kind: kindOfTalk(talk), AsEmployee: talk.GetEmployeeId() == v.me,
		On: talk.GetPlannedOn(), At: talk.GetStartsAt(), Minutes: int(talk.GetMinutes()), Sequence: int(talk.GetSequence()),
		LateDays: int(a.GetLateDays()), State: talkStates[a.GetState()], HeldOn: a.GetHeldOn(), StartedByMe: a.GetStartedByMe(),
		ToConfirm: a.GetToConfirm(), Prepared: a.GetPrepared(), Shared: a.GetShared(), OtherShared: a.GetOtherShared(),
	}
	if a.GetReason() != usual {
		view.Reason = a.GetReason()
	}
	if talk.GetTimeZone() != v.words.Zone().String() {
		view.Zone = talk.GetTimeZone()
	}
	if other := otherOf(talk, v.me); other != "" {
		view.Other = personOf(v.cards, other)
		view.First = v.first(other)
	}
	if p := a.GetProposal(); p != nil {
		view.Proposal = &page.ProposalView{By: p.GetBy(), On: p.GetPlannedOn(), At: p.GetStartsAt(), Mine: p.GetBy() == v.me}
	}
	return view
}

var talkStates = map[interviewsv1.Appointment_State]page.TalkState{
	interviewsv1.Appointment_STATE_PLANNED:   page.TalkPlanned,
	interviewsv1.Appointment_STATE_HELD:      page.TalkSaid,
	interviewsv1.Appointment_STATE_CONFIRMED: page.TalkConfirmed,
	interviewsv1.Appointment_STATE_CANCELLED: page.TalkCancelled,
	interviewsv1.Appointment_STATE_CONTESTED: page.TalkContested,
}

// first is somebody's first name; their number where no name is known.
func (v seer) first(id string) string {
	card := v.cards[id]
	if card.GetGivenName() != "" {
		return card.GetGivenName()
	}
	if card == nil {
		return v.words.T("talk.somebody")
	}
	return fullName(card)
}

var commitmentKinds = map[interviewsv1.Commitment_Kind]page.CommitmentKind{
	interviewsv1.Commitment_KIND_DECISION: page.Decision,
	interviewsv1.Commitment_KIND_SKILL:    page.Skill,
	interviewsv1.Commitment_KIND_REQUEST:  page.Request,
}

var commitmentStates = map[interviewsv1.Commitment_State]page.CommitmentState{
	interviewsv1.Commitment_STATE_OPEN:    page.Open,
	interviewsv1.Commitment_STATE_DONE:    page.Done,
	interviewsv1.Commitment_STATE_DROPPED: page.Dropped,
}

func (v seer) commitment(c *interviewsv1.Commitment) page.CommitmentView {
	return page.CommitmentView{
		ID: c.GetId(), Kind: commitmentKinds[c.GetKind()], Text: c.GetText(), Owner: c.GetOwnerId(), First: v.first(c.GetOwnerId()),
		Mine: c.GetOwnerId() == v.me, DueOn: c.GetDueOn(), State: commitmentStates[c.GetState()], Answer: c.GetAnswer(), Outcome: c.GetOutcome(),
		MadeOn: c.GetMadeOn(), SettledOn: c.GetSettledOn(), LateDays: int(c.GetLateDays()), Version: c.GetVersion(), HandedOver: c.GetHandedOver(),
		Talk: "/talks/" + c.GetTalkId(),
	}
}

// commitments are those of a list; what was agreed with somebody is spoken of in the next talk with them, which opens on it.
func (v seer) commitments(all []*interviewsv1.Commitment, planned []*interviewsv1.Appointment) []page.CommitmentView {
	next := map[string]string{}
	for _, a := range slices.Backward(planned) {
		if kindOfTalk(a.GetTalk()) == fourWeekly {
			next[a.GetTalk().GetEmployeeId()] = a.GetTalk().GetId()
		}
	}
	views := make([]page.CommitmentView, 0, len(all))
	for _, c := range all {
		view := v.commitment(c)
		if id := next[c.GetEmployeeId()]; id != "" {
			view.Talk = "/talks/" + id
		}
		if c.GetEmployeeId() != v.me {
			view.With = v.first(c.GetEmployeeId())
		}
		views = append(views, view)
	}
	return views
}

func kindOfTalk(talk *interviewsv1.Talk) string {
	if talk.GetKind() == "" {
		return fourWeekly
	}
	return talk.GetKind()
}

func otherOf(talk *interviewsv1.Talk, me string) string {
	if talk.GetEmployeeId() == me {
		return talk.GetManagerId()
	}
	return talk.GetEmployeeId()
}

// talkDay is the local date where the talk is.
func (s *Site) talkDay(talk *interviewsv1.Talk) string {
	zone, err := clock.Zone(talk.GetTimeZone())
	if err != nil || talk.GetTimeZone() == "" {
		zone = s.Zone
	}
	return s.now().In(zone).Format(time.DateOnly)
}

// peopleOf are all whom talks and commitments name.
func peopleOf(talks []*interviewsv1.Appointment, commitments []*interviewsv1.Commitment) (ids []string) {
	for _, a := range talks {
		ids = append(ids, a.GetTalk().GetEmployeeId(), a.GetTalk().GetManagerId())
	}
	for _, c := range commitments {
		ids = append(ids, c.GetEmployeeId(), c.GetOwnerId())
	}
	return ids
}
