package rpc

import (
	"encoding/json"
	"fmt"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

var states = map[talk.State]interviewsv1.Appointment_State{
	talk.Planned:   interviewsv1.Appointment_STATE_PLANNED,
	talk.Held:      interviewsv1.Appointment_STATE_HELD,
	talk.Confirmed: interviewsv1.Appointment_STATE_CONFIRMED,
	talk.Contested: interviewsv1.Appointment_STATE_CONTESTED,
	talk.Cancelled: interviewsv1.Appointment_STATE_CANCELLED,
}

// appointmentOf is a talk without what is said in it, as one of its two people sees it. texts are those of the talk, or of several.
func appointmentOf(t talk.Talk, me string, today clock.Date, texts []talk.Text) *interviewsv1.Appointment {
	view := &interviewsv1.Appointment{
		Talk: planning.TalkOf(t), State: states[t.State], Reason: string(t.Reason), LateDays: int32(t.LateDays(today)),
		HeldOn: t.HeldOn.String(), HeldSaidBy: t.SaidBy, ToConfirm: t.ToConfirm(me), StartedByMe: t.StartedBy == me && me != "",
	}
	if t.Proposal != nil {
		view.Proposal = &interviewsv1.Proposal{By: t.Proposal.By, PlannedOn: t.Proposal.On.String(), StartsAt: t.Proposal.StartsAt.String()}
	}
	for _, text := range texts {
		if text.TalkID != t.ID || text.Part != talk.PartPreparation {
			continue
		}
		shared := !text.SharedAt.IsZero() && text.ManagerID == t.ManagerID
		if text.AuthorID == me {
			view.Prepared, view.Shared = true, shared
		} else if t.Of(text.AuthorID) {
			view.OtherShared = shared
		}
	}
	return view
}

var commitmentKinds = map[talk.CommitmentKind]interviewsv1.Commitment_Kind{
	talk.Decision: interviewsv1.Commitment_KIND_DECISION,
	talk.Skill:    interviewsv1.Commitment_KIND_SKILL,
	talk.Request:  interviewsv1.Commitment_KIND_REQUEST,
}

var commitmentStates = map[talk.CommitmentState]interviewsv1.Commitment_State{
	talk.Open:    interviewsv1.Commitment_STATE_OPEN,
	talk.Done:    interviewsv1.Commitment_STATE_DONE,
	talk.Dropped: interviewsv1.Commitment_STATE_DROPPED,
}

func commitmentOf(c talk.Commitment, today clock.Date) *interviewsv1.Commitment {
	return &interviewsv1.Commitment{
		Id: c.ID, TalkId: c.TalkID, EmployeeId: c.EmployeeID, Kind: commitmentKinds[c.Kind], Text: c.Wording.Text, OwnerId: c.OwnerID,
		DueOn: c.DueOn.String(), State: commitmentStates[c.State], Answer: c.Wording.Answer, Outcome: c.Wording.Outcome,
		MadeOn: c.MadeOn.String(), SettledOn: c.SettledOn.String(), LateDays: int32(c.LateDays(today)), Version: c.Version,
		HandedOver: c.MadeWith != c.ManagerID,
	}
}

func commitmentsOf(commitments []talk.Commitment, today clock.Date) []*interviewsv1.Commitment {
	talk.Sort(commitments, today)
	views := make([]*interviewsv1.Commitment, len(commitments))
	for i, c := range commitments {
		views[i] = commitmentOf(c, today)
	}
	return views
}

var pointKinds = map[talk.PointKind]interviewsv1.Point_Kind{
	talk.Pleasure:    interviewsv1.Point_KIND_PLEASURE,
	talk.Displeasure: interviewsv1.Point_KIND_DISPLEASURE,
	talk.Expectation: interviewsv1.Point_KIND_EXPECTATION,
	talk.Subject:     interviewsv1.Point_KIND_SUBJECT,
}

// word is the key of a value.
func word[K comparable, V comparable](words map[K]V, value V) K {
	for key, v := range words {
		if v == value {
			return key
		}
	}
	var none K
	return none
}

func preparationOf(text talk.Text) (*interviewsv1.Preparation, error) {
	var preparation talk.Preparation
	if err := json.Unmarshal(text.Content, &preparation); err != nil {
		return nil, fmt.Errorf("reading a preparation: %w", err)
	}
	view := &interviewsv1.Preparation{Version: text.Version, SharedAt: rfc3339(text.SharedAt)}
	for _, p := range preparation.Points {
		view.Points = append(view.Points, &interviewsv1.Point{Id: p.ID, Kind: pointKinds[p.Kind], Text: p.Text, Skill: p.Skill})
	}
	return view, nil
}

func pointsOf(points []*interviewsv1.Point) talk.Preparation {
	var preparation talk.Preparation
	for _, p := range points {
		preparation.Points = append(preparation.Points, talk.Point{
			ID: p.GetId(), Kind: word(pointKinds, p.GetKind()), Text: p.GetText(), Skill: p.GetSkill(),
		})
	}
	return preparation
}
