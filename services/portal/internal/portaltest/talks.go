package portaltest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/identity"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// FeedSecret opens Léa's calendar.
const FeedSecret = "the-secret-of-a-calendar-feed"

// Talks are what the fake of interviews remembers of talks.
type Talks struct {
	All         []*FakeTalk
	Commitments []*interviewsv1.Commitment
	DaysOff     []int32
	Feeds       int
	// Failing is how often saving fails from now on, as it does while the service is away.
	Failing int
	// Refusing is the reason by which everything that changes something is refused.
	Refusing string
	// Saved counts what was saved; Held how often a talk came to be held.
	Saved, Held int
	Started     []*interviewsv1.StartTalkRequest
}

// FakeTalk is one talk and what is written in it.
type FakeTalk struct {
	*interviewsv1.Appointment
	Texts map[string]*FakeText
}

// FakeText is a preparation or notes; its key says which, and whose.
type FakeText struct {
	Points   []*interviewsv1.Point
	Text     string
	Version  int64
	SharedAt string
}

func (t *FakeTalk) of(person string) bool {
	return person != "" && (t.GetTalk().GetEmployeeId() == person || t.GetTalk().GetManagerId() == person)
}

func (t *FakeTalk) other(person string) string {
	if person == t.GetTalk().GetEmployeeId() {
		return t.GetTalk().GetManagerId()
	}
	return t.GetTalk().GetEmployeeId()
}

// Written is the text with the key; it begins empty.
func (t *FakeTalk) Written(key string) *FakeText {
	if t.Texts == nil {
		t.Texts = map[string]*FakeText{}
	}
	if t.Texts[key] == nil {
		t.Texts[key] = &FakeText{}
	}
	return t.Texts[key]
}

// Talk is the talk with the id; nil for none.
func (all *Talks) Talk(id string) *FakeTalk {
	for _, talk := range all.All {
		if talk.GetTalk().GetId() == id {
			return talk
		}
	}
	return nil
}

// as is the talk as one of its two sees it.
func (t *FakeTalk) as(person string) *interviewsv1.Appointment {
	seen := proto.CloneOf(t.Appointment)
	mine, theirs := t.Written("preparation/"+person), t.Written("preparation/"+t.other(person))
	seen.Prepared, seen.Shared, seen.OtherShared = mine.Version > 0, mine.SharedAt != "", theirs.SharedAt != ""
	seen.StartedByMe = t.GetTalk().GetKind() != "ei2d" && t.GetTalk().GetManagerId() == person
	seen.ToConfirm = t.GetState() == interviewsv1.Appointment_STATE_HELD && t.GetHeldSaidBy() != person
	return seen
}

type talksFake struct {
	interviewsv1connect.UnimplementedTalksServiceHandler
	*Fakes
}

// serveInterviews is the two contracts of interviews behind one address.
func (f *Fakes) serveInterviews(options ...connect.HandlerOption) (string, http.Handler) {
	mux := http.NewServeMux()
	mux.Handle(interviewsv1connect.NewInterviewsServiceHandler(interviews{Fakes: f}, options...))
	mux.Handle(interviewsv1connect.NewTalksServiceHandler(talksFake{Fakes: f}, options...))
	return "/", mux
}

func asker(ctx context.Context) string {
	actor, _ := identity.FromContext(ctx)
	return actor.PersonID
}

// within runs f on the talk if it is the asker's.
func (f *Fakes) within(ctx context.Context, id string, do func(*Talks, *FakeTalk) error) (err error) {
	f.Set(func(s *State) {
		talk := s.Talks.Talk(id)
		if talk == nil || !talk.of(asker(ctx)) {
			err = connect.NewError(connect.CodeNotFound, errors.New("no such talk"))
			return
		}
		err = do(&s.Talks, talk)
	})
	return err
}

// changing is within for what changes something.
func (f *Fakes) changing(ctx context.Context, id string, do func(*Talks, *FakeTalk) error) error {
	return f.within(ctx, id, func(all *Talks, talk *FakeTalk) error {
		if all.Refusing != "" {
			return refusal(all.Refusing)
		}
		return do(all, talk)
	})
}

func refusal(reason string) error {
	err := connect.NewError(connect.CodeFailedPrecondition, errors.New("refused: "+reason))
	if detail, encodeErr := connect.NewErrorDetail(&errdetails.ErrorInfo{Reason: reason, Domain: "interviews"}); encodeErr == nil {
		err.AddDetail(detail)
	}
	return err
}

func (f talksFake) GetTalk(ctx context.Context, req *interviewsv1.GetTalkRequest) (*interviewsv1.GetTalkResponse, error) {
	answer := &interviewsv1.GetTalkResponse{}
	me := asker(ctx)
	err := f.within(ctx, req.GetTalkId(), func(all *Talks, talk *FakeTalk) error {
		answer.Appointment = talk.as(me)
		mine, theirs := talk.Written("preparation/"+me), talk.Written("preparation/"+talk.other(me))
		answer.Mine = &interviewsv1.Preparation{Points: mine.Points, Version: mine.Version, SharedAt: mine.SharedAt}
		if theirs.SharedAt != "" {
			answer.Theirs = &interviewsv1.Preparation{Points: theirs.Points, Version: theirs.Version, SharedAt: theirs.SharedAt}
		}
		shared, own := talk.Written("shared"), talk.Written("own/"+me)
		answer.SharedNotes = &interviewsv1.Notes{Text: shared.Text, Version: shared.Version}
		answer.OwnNotes = &interviewsv1.Notes{Text: own.Text, Version: own.Version}
		for _, c := range all.Commitments {
			switch {
			case c.GetTalkId() == req.GetTalkId():
				answer.Commitments = append(answer.Commitments, proto.CloneOf(c))
			case c.GetEmployeeId() == talk.GetTalk().GetEmployeeId() && c.GetMadeOn() < talk.GetTalk().GetPlannedOn() && c.GetSettledOn() != "2026-10-07":
				answer.Earlier = append(answer.Earlier, proto.CloneOf(c))
			}
		}
		// The service leaves a talk open for some days after it was held.
		answer.Closed = talk.GetState() != interviewsv1.Appointment_STATE_PLANNED && talk.GetState() != interviewsv1.Appointment_STATE_HELD
		answer = proto.CloneOf(answer)
		return nil
	})
	return answer, err
}

func (f talksFake) ListMyTalks(ctx context.Context, _ *interviewsv1.ListMyTalksRequest) (*interviewsv1.ListMyTalksResponse, error) {
	answer := &interviewsv1.ListMyTalksResponse{}
	me := asker(ctx)
	f.Set(func(s *State) {
		answer.DaysOff, answer.HasFeed = slices.Clone(s.Talks.DaysOff), s.Talks.Feeds > 0
		if s.Empty {
			return
		}
		for _, talk := range s.Talks.All {
			if talk.GetTalk().GetEmployeeId() == me {
				sort(talk.as(me), &answer.Planned, &answer.Held)
			}
		}
		answer.Commitments = s.Talks.open(func(c *interviewsv1.Commitment) bool { return c.GetEmployeeId() == me })
	})
	return answer, nil
}

func (f talksFake) GetDesk(ctx context.Context, _ *interviewsv1.GetDeskRequest) (*interviewsv1.GetDeskResponse, error) {
	answer := &interviewsv1.GetDeskResponse{}
	me := asker(ctx)
	f.Set(func(s *State) {
		if s.Empty {
			return
		}
		for _, talk := range s.Talks.All {
			if talk.GetTalk().GetManagerId() == me && talk.GetHeldOn() != "2026-10-07" && talk.GetHeldOn() != "2026-09-09" {
				sort(talk.as(me), &answer.Planned, &answer.Held)
			}
		}
		answer.Commitments = s.Talks.open(func(c *interviewsv1.Commitment) bool { return c.GetOwnerId() == me })
		if me == Karim {
			answer.Ratio = &interviewsv1.Ratio{Congratulations: 7, Reframings: 2}
		}
	})
	return answer, nil
}

func sort(talk *interviewsv1.Appointment, planned, held *[]*interviewsv1.Appointment) {
	switch talk.GetState() {
	case interviewsv1.Appointment_STATE_PLANNED:
		*planned = append(*planned, talk)
	case interviewsv1.Appointment_STATE_HELD, interviewsv1.Appointment_STATE_CONFIRMED:
		*held = append(*held, talk)
	}
}

func (all *Talks) open(whose func(*interviewsv1.Commitment) bool) (open []*interviewsv1.Commitment) {
	for _, c := range all.Commitments {
		if c.GetState() == interviewsv1.Commitment_STATE_OPEN && whose(c) {
			open = append(open, proto.CloneOf(c))
		}
	}
	return open
}

func (f talksFake) ExportTalks(ctx context.Context, _ *interviewsv1.ExportTalksRequest) (*interviewsv1.ExportTalksResponse, error) {
	answer := &interviewsv1.ExportTalksResponse{}
	me := asker(ctx)
	f.Set(func(s *State) {
		for _, talk := range s.Talks.All {
			if s.Empty || talk.GetTalk().GetEmployeeId() != me {
				continue
			}
			answer.Talks = append(answer.Talks, &interviewsv1.ExportedTalk{Appointment: talk.as(me), Texts: []*interviewsv1.ExportedText{
				{AuthorId: me, Part: "preparation", Text: "J'ai aimé la journée d'essai <b>vélo</b>."},
				{AuthorId: talk.GetTalk().GetManagerId(), Part: "own_notes", Text: "À l'aise avec les clients.\nÀ revoir : la caisse."},
			}})
		}
		if !s.Empty {
			answer.Commitments = s.Talks.open(func(c *interviewsv1.Commitment) bool { return c.GetEmployeeId() == me })
		}
	})
	return answer, nil
}

func (f talksFake) GetCalendarFeed(_ context.Context, req *interviewsv1.GetCalendarFeedRequest) (*interviewsv1.GetCalendarFeedResponse, error) {
	if req.GetSecret() != FeedSecret {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such feed"))
	}
	answer := &interviewsv1.GetCalendarFeedResponse{PersonId: Lea, Language: "fr"}
	f.Set(func(s *State) {
		for _, talk := range s.Talks.All {
			if talk.of(Lea) && talk.GetState() != interviewsv1.Appointment_STATE_CANCELLED {
				answer.Talks = append(answer.Talks, proto.CloneOf(talk.GetTalk()))
			}
		}
	})
	return answer, nil
}

// today is the fakes' own date: their clock stands still.
func today() string { return Today.Format(time.DateOnly) }
