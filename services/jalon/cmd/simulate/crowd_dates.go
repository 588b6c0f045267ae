package main

import (
	"context"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// negotiate lets one of the two propose another date, and the other answer.
func (c *crowd) negotiate(ctx context.Context, b *books, talk talkDoc, s *story, ahead int, t *talkTally) error {
	switch {
	case talk.Proposal != nil:
		return c.answerProposal(ctx, b, talk, s, t)
	case s.proposer == ofNobody || s.proposed || talk.StartedBy != "" || ahead < 1 || ahead > 9:
		return nil
	}
	s.proposed = true
	t.proposed++
	on, at := talk.PlannedOn.AddDays(c.random.IntN(12)-2), c.anyTime()
	return c.say(ctx, s.proposer.of(talk), "proposing a date", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		page, err := talks.GetTalk(ctx, &interviewsv1.GetTalkRequest{TalkId: talk.ID})
		if err != nil {
			return err
		}
		_, err = talks.ProposeDate(ctx, &interviewsv1.ProposeDateRequest{
			TalkId: talk.ID, PlannedOn: on.String(), StartsAt: at.String(), Sequence: page.GetAppointment().GetTalk().GetSequence(),
		})
		return err
	})
}

// anyTime is a time of the working day, in quarters of an hour.
func (c *crowd) anyTime() clock.TimeOfDay { return clock.TimeOfDay(9*60 + 15*c.random.IntN(33)) }

// thinking is for how many half days somebody thinks before they answer.
const thinking = 2

// answerProposal lets the other one accept or decline, or leave it at that.
func (c *crowd) answerProposal(ctx context.Context, b *books, talk talkDoc, s *story, t *talkTally) error {
	if s.waited++; s.waited < thinking || s.accepts == silence || s.answered {
		return nil
	}
	s.answered = true
	other := talk.EmployeeID
	if talk.Proposal.By == other {
		other = talk.ManagerID
	}
	if s.accepts == yes {
		t.agreed++
		b.agreedOn[agreedDate{talk.ID, talk.Proposal.On, talk.Proposal.StartsAt}] = true
	} else {
		t.declined++
	}
	return c.say(ctx, other, "answering a proposal", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		_, err := talks.AnswerProposal(ctx, &interviewsv1.AnswerProposalRequest{
			TalkId: talk.ID, Accept: s.accepts == yes, Proposal: &interviewsv1.Proposal{
				By: talk.Proposal.By, PlannedOn: talk.Proposal.On.String(), StartsAt: talk.Proposal.StartsAt.String(),
			},
		})
		return err
	})
}

// startable are the talks that managers start, the more frequent ones more than once.
var startable = []string{"congratulation", "congratulation", "congratulation", "reframing", "reframing", "return", "departure"}

// arrange lets a manager start a talk, somebody say on which days they do not work, and HR set the rhythm of a store.
func (c *crowd) arrange(ctx context.Context, b *books, people []string, t *talkTally) error {
	person := people[c.random.IntN(len(people))]
	if manager := c.managers[person]; c.oneIn(2) && manager != "" {
		if err := c.startTalk(ctx, b, person, manager, t); err != nil {
			return err
		}
	}
	if c.oneIn(6) {
		if err := c.setDaysOff(ctx, people[c.random.IntN(len(people))], t); err != nil {
			return err
		}
	}
	if !c.oneIn(40) || len(c.stores) == 0 {
		return nil
	}
	store, days := c.stores[c.random.IntN(len(c.stores))], []int{0, 21, 35, 42}[c.random.IntN(4)]
	t.rhythms++
	err := insist(ctx, "setting a rhythm", func(ctx context.Context) error {
		_, err := c.world.now().Peers().Interviews().SetRhythm(asHR(ctx), &interviewsv1.SetRhythmRequest{UnitId: store, Days: int32(days)})
		return final(err)
	})
	if err == nil {
		c.rhythms[store] = days
	}
	return err
}

func (c *crowd) startTalk(ctx context.Context, b *books, person, manager string, t *talkTally) error {
	kind, id := startable[c.random.IntN(len(startable))], c.uuid()
	on := clock.DateOf(b.read, b.people[person].Zone).AddDays(1 + c.random.IntN(12))
	at := c.anyTime()
	t.started++
	return c.say(ctx, manager, "starting a talk", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		_, err := talks.StartTalk(ctx, &interviewsv1.StartTalkRequest{
			EmployeeId: person, Kind: kind, PlannedOn: on.String(), StartsAt: at.String(), RequestId: id,
		})
		return err
	})
}

func (c *crowd) setDaysOff(ctx context.Context, person string, t *talkTally) error {
	var days []int32
	if !c.oneIn(3) {
		days = append(days, int32(1+c.random.IntN(5)))
	}
	t.daysOff++
	err := c.say(ctx, person, "saying days off", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		_, err := talks.SetDaysOff(ctx, &interviewsv1.SetDaysOffRequest{DaysOff: days})
		return err
	})
	c.off[person] = weekdays(days)
	return err
}

// rearrange lets whoever started a talk move it or call it off.
func (c *crowd) rearrange(ctx context.Context, b *books, talk talkDoc, s *story, t *talkTally) error {
	if s.cancels {
		s.cancels, s.moves = false, false
		t.calledOff++
		return c.say(ctx, talk.StartedBy, "calling a talk off", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
			_, err := talks.CancelTalk(ctx, &interviewsv1.CancelTalkRequest{TalkId: talk.ID})
			return err
		})
	}
	s.moves = false
	t.moved++
	on, at := clock.DateOf(b.read, talk.zone()).AddDays(2+c.random.IntN(8)), c.anyTime()
	return c.say(ctx, talk.StartedBy, "moving a talk", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		page, err := talks.GetTalk(ctx, &interviewsv1.GetTalkRequest{TalkId: talk.ID})
		if err != nil {
			return err
		}
		_, err = talks.ProposeDate(ctx, &interviewsv1.ProposeDateRequest{
			TalkId: talk.ID, PlannedOn: on.String(), StartsAt: at.String(), Sequence: page.GetAppointment().GetTalk().GetSequence(),
		})
		return err
	})
}

// wrongly tells that something was refused that must not have been, however things changed.
func wrongly(no *refusal) bool { return connect.CodeOf(no) == connect.CodeInvalidArgument }
