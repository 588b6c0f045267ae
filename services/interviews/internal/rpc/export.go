package rpc

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// ExportTalks returns everything that is kept about the asker in talks: the right of access reaches what managers noted, too.
func (h Talks) ExportTalks(ctx context.Context, _ *interviewsv1.ExportTalksRequest) (*interviewsv1.ExportTalksResponse, error) {
	me, err := own(ctx, interviewsv1connect.TalksServiceExportTalksProcedure)
	if err != nil {
		return nil, err
	}
	talks, err := h.Talks.All(ctx, me)
	if err != nil {
		return nil, err
	}
	texts, err := h.Texts.About(ctx, me)
	if err != nil {
		return nil, err
	}
	commitments, err := h.Commitments.About(ctx, me)
	if err != nil {
		return nil, err
	}
	byTalk := map[string][]*interviewsv1.ExportedText{}
	for _, text := range texts {
		readable, err := exported(text)
		if err != nil {
			return nil, err
		}
		byTalk[text.TalkID] = append(byTalk[text.TalkID], readable)
	}
	res := &interviewsv1.ExportTalksResponse{Commitments: commitmentsOf(commitments, clock.DateOf(h.Clock.Now(), h.zone(ctx, me)))}
	slices.SortFunc(talks, func(x, y talk.Talk) int { return cmp.Or(y.PlannedOn.Compare(x.PlannedOn), cmp.Compare(x.ID, y.ID)) })
	for _, t := range talks {
		res.Talks = append(res.Talks, &interviewsv1.ExportedTalk{Appointment: appointmentOf(t, me, h.today(t), nil), Texts: byTalk[t.ID]})
	}
	return res, nil
}

// exported is a text as a person reads it.
func exported(text talk.Text) (*interviewsv1.ExportedText, error) {
	out := &interviewsv1.ExportedText{AuthorId: text.AuthorID, Part: string(text.Part), Text: string(text.Content)}
	if text.Part != talk.PartPreparation {
		return out, nil
	}
	var preparation talk.Preparation
	if err := json.Unmarshal(text.Content, &preparation); err != nil {
		return nil, fmt.Errorf("reading a preparation: %w", err)
	}
	var lines strings.Builder
	for _, p := range preparation.Points {
		fmt.Fprintf(&lines, "[%s] %s", p.Kind, p.Text)
		if p.Skill != "" {
			fmt.Fprintf(&lines, " (%s)", p.Skill)
		}
		lines.WriteByte('\n')
	}
	out.Text = lines.String()
	return out, nil
}
