package main

import (
	"context"
	"errors"
	"fmt"

	"jalon.dev/pkg/clock"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// talkTally counts what was done about talks.
type talkTally struct {
	texts, shared, proposed, agreed, declined, held, confirmed, contested, decided, promised, settled int
	started, moved, calledOff, daysOff, rhythms, refused                                              int
}

// agreedDate is a date that the two of a talk agreed on, or that whoever started it chose.
type agreedDate struct {
	talk string
	on   clock.Date
	at   clock.TimeOfDay
}

// story is what the two make of a talk, as the seed has it.
type story struct {
	// prepareAhead is how many days before it the employee and the manager prepare; less than none: not at all.
	prepareAhead [2]int
	shares       [2]bool
	// proposer is who proposes another date; nobody where it is neither.
	proposer side
	accepts  answerKind
	// after is how many days after its date it is said to be held, and heldLate whether it was held on that day; never has none.
	after    int
	heldLate bool
	never    bool
	sayer    side
	confirms answerKind
	// moves and cancels are what the manager does who started it.
	moves, cancels bool

	prepared           [2]bool
	proposed, answered bool
	// waited is how many half days the other one thought of what was proposed or said.
	waited int
}

// side is one of the two.
type side int

const (
	ofEmployee side = iota
	ofManager
	ofNobody
)

func (s side) of(t talkDoc) string { return t.two()[min(int(s), len(t.two())-1)] }

// answerKind is what somebody makes of what the other one says.
type answerKind int

const (
	yes answerKind = iota
	no
	silence
)

// story draws what becomes of a talk.
func (c *crowd) story(t talkDoc) *story {
	if known := c.stories[t.ID]; known != nil {
		return known
	}
	s := &story{
		prepareAhead: [2]int{c.random.IntN(9) - 2, c.random.IntN(9) - 5}, shares: [2]bool{!c.oneIn(4), !c.oneIn(3)}, proposer: ofNobody,
		accepts: c.reply(6, 3), confirms: c.reply(12, 1), never: c.oneIn(25), sayer: side(min(c.random.IntN(3), 1)),
		moves: c.oneIn(5), cancels: c.oneIn(7),
	}
	if c.oneIn(8) {
		s.proposer = side(c.random.IntN(2))
	}
	if c.oneIn(4) {
		s.after, s.heldLate = 1+c.random.IntN(12), c.oneIn(2)
	}
	c.stories[t.ID] = s
	return s
}

// reply is yes and no in so many of the cases of sixteen or so, and silence in two.
func (c *crowd) reply(yeses, noes int) answerKind {
	switch n := c.random.IntN(yeses + noes + 2); {
	case n < yeses:
		return yes
	case n < yeses+noes:
		return no
	default:
		return silence
	}
}

// meetings lets the two of every talk do what its story says for now.
func (c *crowd) meetings(ctx context.Context, b *books, t *talkTally) error {
	for _, course := range b.talksInOrder() {
		s := c.story(course.talkDoc)
		if err := c.live(ctx, b, course, s, t); err != nil {
			return fmt.Errorf("talk %s of %s: %w", course.ID, b.people[course.EmployeeID].Number, err)
		}
	}
	return nil
}

func (c *crowd) live(ctx context.Context, b *books, talk *course, s *story, t *talkTally) error {
	today := clock.DateOf(c.world.clock.Now(), talk.zone())
	ahead := today.DaysUntil(talk.PlannedOn)
	switch {
	case talk.State == "held":
		return c.answerHeld(ctx, talk.talkDoc, s, t)
	case !b.takes(talk.talkDoc):
		return nil
	case talk.StartedBy != "" && ahead <= 3 && (s.moves || s.cancels):
		return c.rearrange(ctx, b, talk.talkDoc, s, t)
	case !s.never && ahead <= -s.after:
		return c.hold(ctx, talk.talkDoc, s, today, t)
	}
	for _, who := range []side{ofEmployee, ofManager} {
		if !s.prepared[who] && ahead >= 0 && ahead <= s.prepareAhead[who] && len(talk.two()) == 2 {
			s.prepared[who] = true
			if err := c.prepare(ctx, talk.talkDoc, who, s, t); err != nil {
				return err
			}
		}
	}
	return c.negotiate(ctx, b, talk.talkDoc, s, ahead, t)
}

// prepare lets one of the two write what they want to speak of, as it is typed, and perhaps share it.
func (c *crowd) prepare(ctx context.Context, talk talkDoc, who side, s *story, t *talkTally) error {
	me := who.of(talk)
	var points []*interviewsv1.Point
	kinds := []interviewsv1.Point_Kind{
		interviewsv1.Point_KIND_PLEASURE, interviewsv1.Point_KIND_DISPLEASURE, interviewsv1.Point_KIND_EXPECTATION, interviewsv1.Point_KIND_SUBJECT,
	}
	for n := range 1 + c.random.IntN(3) {
		points = append(points, &interviewsv1.Point{
			Id: fmt.Sprint(n), Kind: kinds[c.random.IntN(len(kinds))], Text: c.words(t), Skill: c.words(t),
		})
	}
	for n := range points {
		err := c.say(ctx, me, "preparing a talk", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
			page, err := talks.GetTalk(ctx, &interviewsv1.GetTalkRequest{TalkId: talk.ID})
			if err != nil {
				return err
			}
			_, err = talks.SavePreparation(ctx, &interviewsv1.SavePreparationRequest{
				TalkId: talk.ID, Points: points[:n+1], Version: page.GetMine().GetVersion(),
			})
			return err
		})
		if err != nil {
			return err
		}
	}
	if !s.shares[who] {
		return nil
	}
	t.shared++
	return c.say(ctx, me, "sharing what was prepared", t, func(ctx context.Context, talks interviewsv1connect.TalksServiceClient) error {
		_, err := talks.SharePreparation(ctx, &interviewsv1.SharePreparationRequest{TalkId: talk.ID})
		return err
	})
}

// words are something that people write, which nobody else may ever read.
func (c *crowd) words(t *talkTally) string {
	t.texts++
	c.written++
	return fmt.Sprintf("%s %d", mark, c.written)
}

// say lets somebody do something about talks. What is refused because things changed meanwhile is counted, and no more is made of it.
func (c *crowd) say(
	ctx context.Context, me, what string, t *talkTally, do func(context.Context, interviewsv1connect.TalksServiceClient) error,
) error {
	err := insist(ctx, what, func(ctx context.Context) error {
		return final(do(employee(ctx, me), c.world.now().Peers().Talks()))
	})
	var refused *refusal
	if errors.As(err, &refused) && !wrongly(refused) {
		t.refused++
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
