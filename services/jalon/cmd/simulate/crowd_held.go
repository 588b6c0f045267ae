package main

import (
	"context"
	"time"

	"jalon.dev/pkg/clock"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// hold lets the two have their talk: they look at what became of the last decisions, note and decide, and one of them says that it
// was held.
func (c *crowd) hold(ctx context.Context, talk talkDoc, s *story, today clock.Date, t *talkTally) error {
	if len(talk.two()) == 2 {
		for _, part := range []func() error{
			func() error { return c.lookBack(ctx, talk, today, t) },
			func() error { return c.takeNotes(ctx, talk, t) },
			func() error { return c.decide(ctx, talk, today, t) },
		} {
			if err := part(); err != nil {
				return err
			}
		}
	}
	on := talk.PlannedOn
	if s.heldLate || on.After(today) {
		on = today
	}
	t.held++
	return c.say(ctx, s.sayer.of(talk), "saying that a talk was held", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		_, err := talks.SayHeld(ctx, &interviewsv1.SayHeldRequest{TalkId: talk.ID, HeldOn: on.String()})
		return err
	})
}

// answerHeld lets the other one confirm or contest after a while, or say nothing.
func (c *crowd) answerHeld(ctx context.Context, talk talkDoc, s *story, t *talkTally) error {
	if s.waited++; s.waited < 2*thinking || s.confirms == silence || len(talk.two()) < 2 {
		return nil
	}
	other := talk.EmployeeID
	if talk.SaidBy == other {
		other = talk.ManagerID
	}
	if s.confirms == yes {
		t.confirmed++
	} else {
		t.contested++
	}
	return c.say(ctx, other, "answering that a talk was held", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		_, err := talks.AnswerHeld(ctx, &interviewsv1.AnswerHeldRequest{TalkId: talk.ID, Confirm: s.confirms == yes})
		return err
	})
}

// lookBack lets the manager say what became of earlier decisions, and promise what the employee asked for.
func (c *crowd) lookBack(ctx context.Context, talk talkDoc, today clock.Date, t *talkTally) error {
	var earlier []*interviewsv1.Commitment
	err := c.say(ctx, talk.ManagerID, "opening a talk", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		page, err := talks.GetTalk(ctx, &interviewsv1.GetTalkRequest{TalkId: talk.ID})
		earlier = append(page.GetEarlier(), page.GetCommitments()...)
		return err
	})
	if err != nil {
		return err
	}
	for _, e := range earlier {
		if e.GetState() != interviewsv1.Commitment_STATE_OPEN || c.oneIn(3) {
			continue
		}
		if e.GetKind() == interviewsv1.Commitment_KIND_REQUEST && e.GetDueOn() == "" {
			err = c.promise(ctx, talk, e, today, t)
		} else {
			err = c.settle(ctx, talk, e, t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *crowd) promise(ctx context.Context, talk talkDoc, what *interviewsv1.Commitment, today clock.Date, t *talkTally) error {
	t.promised++
	answer := c.words(t)
	return c.say(ctx, talk.ManagerID, "promising something", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		version, err := versionOf(ctx, talks, talk.ID, what)
		if err != nil {
			return err
		}
		_, err = talks.PromiseRequest(ctx, &interviewsv1.PromiseRequestRequest{
			CommitmentId: what.GetId(), DueOn: today.AddDays(30).String(), Answer: answer, Version: version,
		})
		return err
	})
}

func (c *crowd) settle(ctx context.Context, talk talkDoc, what *interviewsv1.Commitment, t *talkTally) error {
	t.settled++
	outcome, state := c.words(t), interviewsv1.Commitment_STATE_DONE
	if c.oneIn(4) {
		state = interviewsv1.Commitment_STATE_DROPPED
	}
	return c.say(ctx, talk.ManagerID, "saying what became of a decision", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		version, err := versionOf(ctx, talks, talk.ID, what)
		if err != nil {
			return err
		}
		_, err = talks.SettleCommitment(ctx, &interviewsv1.SettleCommitmentRequest{
			CommitmentId: what.GetId(), State: state, Outcome: outcome, Version: version,
		})
		return err
	})
}

// versionOf is that which a commitment has by now: a try whose answer was lost may have changed it.
func versionOf(ctx context.Context, talks interviewsv1connect.TalksServiceClient, talkID string, what *interviewsv1.Commitment) (int64, error) {
	page, err := talks.GetTalk(ctx, &interviewsv1.GetTalkRequest{TalkId: talkID})
	if err != nil {
		return 0, err
	}
	for _, c := range append(page.GetEarlier(), page.GetCommitments()...) {
		if c.GetId() == what.GetId() {
			return c.GetVersion(), nil
		}
	}
	return what.GetVersion(), nil
}

// takeNotes lets the two write down what was said, and the manager something alone.
func (c *crowd) takeNotes(ctx context.Context, talk talkDoc, t *talkTally) error {
	for _, shared := range []bool{true, false} {
		if c.oneIn(2) {
			continue
		}
		text := c.words(t)
		err := c.say(ctx, talk.ManagerID, "noting what was said", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
			page, err := talks.GetTalk(ctx, &interviewsv1.GetTalkRequest{TalkId: talk.ID})
			if err != nil {
				return err
			}
			notes := page.GetOwnNotes()
			if shared {
				notes = page.GetSharedNotes()
			}
			_, err = talks.SaveNotes(ctx, &interviewsv1.SaveNotesRequest{TalkId: talk.ID, Shared: shared, Text: text, Version: notes.GetVersion()})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// decide lets decisions and skills to develop come out of a talk.
func (c *crowd) decide(ctx context.Context, talk talkDoc, today clock.Date, t *talkTally) error {
	for range c.random.IntN(3) {
		id, text, owner := c.uuid(), c.words(t), side(c.random.IntN(2)).of(talk)
		kind := interviewsv1.Commitment_KIND_DECISION
		if c.oneIn(3) {
			kind = interviewsv1.Commitment_KIND_SKILL
		}
		t.decided++
		err := c.say(ctx, talk.EmployeeID, "deciding something", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
			_, err := talks.SaveCommitment(ctx, &interviewsv1.SaveCommitmentRequest{
				TalkId: talk.ID, CommitmentId: id, Kind: kind, Text: text, OwnerId: owner, DueOn: today.AddDays(20).String(),
			})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// weekdays are the days of the week that numbers from Monday on mean.
func weekdays(numbers []int32) []time.Weekday {
	var days []time.Weekday
	for _, n := range numbers {
		days = append(days, time.Weekday(n%7))
	}
	return days
}
