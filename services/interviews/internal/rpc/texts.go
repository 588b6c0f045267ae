package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// SavePreparation keeps what the asker prepares.
func (h Talks) SavePreparation(
	ctx context.Context, req *interviewsv1.SavePreparationRequest,
) (*interviewsv1.SavePreparationResponse, error) {
	t, me, err := h.writable(ctx, interviewsv1connect.TalksServiceSavePreparationProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	preparation := pointsOf(req.GetPoints())
	content, err := json.Marshal(preparation)
	if err != nil {
		return nil, fmt.Errorf("saving a preparation: %w", err)
	}
	text, err := h.write(ctx, t, talk.PartPreparation, me, req.GetVersion(), content)
	if err != nil {
		return nil, err
	}
	if !text.SharedAt.IsZero() {
		if err := h.ask(ctx, t, me, preparation); err != nil {
			return nil, err
		}
	}
	return &interviewsv1.SavePreparationResponse{Version: text.Version}, nil
}

// SharePreparation lets the other one read the asker's preparation.
func (h Talks) SharePreparation(
	ctx context.Context, req *interviewsv1.SharePreparationRequest,
) (*interviewsv1.SharePreparationResponse, error) {
	t, me, err := h.writable(ctx, interviewsv1connect.TalksServiceSharePreparationProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	text, err := h.text(ctx, t, talk.PartPreparation, me)
	if err != nil {
		return nil, err
	}
	if text.Version == 0 {
		text.Content = []byte("{}")
	}
	if text.Share(t, h.Clock.Now()) {
		text.Version++
		if err := h.Texts.Save(ctx, text); err != nil {
			return nil, err
		}
	}
	var preparation talk.Preparation
	if err := json.Unmarshal(text.Content, &preparation); err != nil {
		return nil, fmt.Errorf("reading a preparation: %w", err)
	}
	if err := h.ask(ctx, t, me, preparation); err != nil {
		return nil, err
	}
	return &interviewsv1.SharePreparationResponse{SharedAt: rfc3339(text.SharedAt)}, h.Reminders.Settle(ctx, me)
}

// ask makes requests of what the employee expects; one that is worded anew before it is answered changes with it.
func (h Talks) ask(ctx context.Context, t talk.Talk, me string, preparation talk.Preparation) error {
	if me != t.EmployeeID {
		return nil
	}
	for _, request := range talk.Requests(t, preparation, h.today(t)) {
		err := h.Commitments.Save(ctx, request)
		if errors.Is(err, mongodb.ErrConflict) { // it was asked before
			err = h.askAgain(ctx, request)
		}
		if err == nil {
			err = h.handOn(ctx, request)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (h Talks) askAgain(ctx context.Context, request talk.Commitment) error {
	known, err := h.Commitments.Get(ctx, request.ID)
	if err != nil || known.State != talk.Open || known.Wording.Answer != "" || known.Wording.Text == request.Wording.Text {
		return err
	}
	known.Wording.Text = request.Wording.Text
	known.Version++
	return h.Commitments.Save(ctx, known)
}

// SaveNotes keeps the shared notes or the asker's own.
func (h Talks) SaveNotes(ctx context.Context, req *interviewsv1.SaveNotesRequest) (*interviewsv1.SaveNotesResponse, error) {
	t, me, err := h.writable(ctx, interviewsv1connect.TalksServiceSaveNotesProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	part := talk.PartOwn
	if req.GetShared() {
		part = talk.PartShared
	}
	text, err := h.write(ctx, t, part, me, req.GetVersion(), []byte(req.GetText()))
	if err != nil {
		return nil, err
	}
	return &interviewsv1.SaveNotesResponse{Version: text.Version}, nil
}

// writable returns a talk in which the asker may still write.
func (h Talks) writable(ctx context.Context, procedure, talkID string) (t talk.Talk, me string, err error) {
	if t, me, err = h.open(ctx, procedure, talkID); err != nil {
		return talk.Talk{}, "", err
	}
	if h.closed(t) {
		return talk.Talk{}, "", refused(errClosed)
	}
	return t, me, nil
}

// text returns one of the talk's texts, as nobody has written it yet where it is not there.
func (h Talks) text(ctx context.Context, t talk.Talk, part talk.Part, me string) (talk.Text, error) {
	fresh := talk.NewText(t, part, me)
	text, err := h.Texts.Get(ctx, fresh.ID)
	if errors.Is(err, mongodb.ErrNotFound) {
		return fresh, nil
	}
	return text, err
}

// write saves a text that was made from a version.
func (h Talks) write(ctx context.Context, t talk.Talk, part talk.Part, me string, version int64, content []byte) (talk.Text, error) {
	text, err := h.text(ctx, t, part, me)
	if err != nil {
		return talk.Text{}, err
	}
	if text.Version != version {
		return talk.Text{}, mongodb.ErrConflict
	}
	text.Content = content
	text.Version++
	return text, h.Texts.Save(ctx, text)
}
