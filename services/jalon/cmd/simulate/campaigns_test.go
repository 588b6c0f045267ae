package main

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

func TestASeriesIsKeptOnTheDaysOfItsRule(t *testing.T) {
	for name, c := range map[string]struct {
		rule        repeats
		first, last string
		want        []string
	}{
		"every other Monday, Easter moved":    {repeats{every: 2}, "2027-03-15", "2027-04-13", []string{"2027-03-15", "2027-03-30", "2027-04-12"}},
		"every other Monday, Easter left out": {repeats{every: 2, skip: true}, "2027-03-15", "2027-04-13", []string{"2027-03-15", "2027-04-12"}},
		"the last of a shorter month":         {repeats{every: 1, monthly: true}, "2027-03-31", "2027-06-30", []string{"2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"}},
		"three times, one of them a Sunday":   {repeats{every: 1, monthly: true, skip: true, times: 3}, "2027-06-04", "2027-12-31", []string{"2027-06-04", "2027-08-04"}},
	} {
		t.Run(name, func(t *testing.T) {
			var days []string
			for _, day := range c.rule.days(date(c.first), date(c.last)) {
				days = append(days, day.String())
			}
			require.Equal(t, c.want, days)
		})
	}
}

// tuesdays are a series on Tuesdays at ten that goes, on Tuesday, 6 April 2027 at noon, and what it made.
func tuesdays(t *testing.T, made ...string) (*books, *series, []campaignDoc) {
	t.Helper()
	b := talkBooks(t)
	s := newSeries(&appeal{id: "series", on: date("2027-03-30"), at: 10 * 60, repeats: &repeats{every: 1, answerDays: 3}}, nil)
	running := campaignDoc{ID: s.id, State: "running", Run: 1, Turn: 1}
	s.note(running, b.since)
	s.note(running, b.read)
	var docs []campaignDoc
	for n, on := range made {
		docs = append(docs, campaignDoc{ID: strconv.Itoa(n), Series: s.id, Number: n + 1, On: date(on)})
	}
	return b, s, docs
}

func TestASeriesThatForgetsADayOrMakesAnotherIsNoticed(t *testing.T) {
	b, s, docs := tuesdays(t, "2027-04-06")
	require.NoError(t, b.occurrences(s, docs))
	require.NoError(t, b.occurrences(s, docs), "looked at again")
	require.Contains(t, b.appeals, "0")

	for name, c := range map[string]struct {
		made   []string
		change func(*books, *series)
	}{
		"nothing made":         {nil, func(*books, *series) {}},
		"twice":                {[]string{"2027-04-06", "2027-04-06"}, func(*books, *series) {}},
		"another day":          {[]string{"2027-04-05"}, func(*books, *series) {}},
		"a day of last week":   {[]string{"2027-03-30"}, func(*books, *series) {}},
		"before its time":      {[]string{"2027-04-06"}, func(b *books, _ *series) { b.read = b.read.Add(-3 * time.Hour) }},
		"while it was paused":  {[]string{"2027-04-06"}, func(_ *books, s *series) { s.was.State, s.is.State = "paused", "paused" }},
		"made up on resuming":  {[]string{"2027-04-06"}, func(_ *books, s *series) { s.was.State, s.is.Turn = "paused", 2 }},
		"after it ended":       {[]string{"2027-04-06"}, func(_ *books, s *series) { s.was.State, s.is.State = "cancelled", "cancelled" }},
		"too late":             {[]string{"2027-04-06"}, func(b *books, _ *series) { b.read = b.read.Add(48 * time.Hour) }},
		"nothing on launching": {nil, func(_ *books, s *series) { s.was.State, s.was.Run = "draft", 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			b, s, docs := tuesdays(t, c.made...)
			c.change(b, s)
			require.ErrorContains(t, b.occurrences(s, docs), recurring)
		})
	}
}

func TestWhatAFaultKeptFromBeingMadeIsMadeInTheNextStep(t *testing.T) {
	for _, docs := range [][]campaignDoc{nil, {{ID: "1", Series: "series", Number: 1, On: date("2027-04-06")}}} {
		b, s, _ := tuesdays(t)
		b.resting = map[string]bool{s.id: true}
		require.NoError(t, b.occurrences(s, nil))
		b.resting, b.since, b.read = nil, b.read, b.read.Add(12*time.Hour)
		s.note(s.is, b.read)
		if err := b.occurrences(s, docs); docs == nil {
			require.ErrorContains(t, err, recurring)
		} else {
			require.NoError(t, err)
		}
	}
}

func TestASeriesNeedNotMakeWhatItCouldNot(t *testing.T) {
	for name, change := range map[string]func(*books, *series){
		"paused before":         func(_ *books, s *series) { s.was.State, s.is.State = "paused", "paused" },
		"paused in this step":   func(_ *books, s *series) { s.is.State = "paused" },
		"resumed in this step":  func(_ *books, s *series) { s.was.State, s.is.Turn = "paused", 2 },
		"off for three days":    func(b *books, _ *series) { b.read = b.read.Add(3 * 24 * time.Hour) },
		"not its time yet":      func(b *books, _ *series) { b.read = b.read.Add(-3 * time.Hour) },
		"came to an end before": func(_ *books, s *series) { s.repeats.times = 1 },
		"tried again later":     func(b *books, s *series) { b.resting = map[string]bool{s.id: true} },
	} {
		t.Run(name, func(t *testing.T) {
			b, s, _ := tuesdays(t)
			change(b, s)
			require.NoError(t, b.occurrences(s, nil))
		})
	}
}

// own is a series on days of people's own.
func own(anchor momentsv1.Recurrence_PerPerson_Anchor, after int) *series {
	return newSeries(&appeal{id: "series", on: date("2027-01-01"), repeats: &repeats{own: anchor, after: after, answerDays: 5}}, nil)
}

func TestWhoComesDue(t *testing.T) {
	b := talkBooks(t, held())
	b.former = b.people
	due := func(s *series, day string) []map[string]bool {
		may, surely := b.dueOn(s, date(day))
		return []map[string]bool{may, surely}
	}
	anna, nobody := map[string]bool{"anna": true}, map[string]bool{}
	both := map[string]bool{"anna": true, "ben": true}

	hire := own(momentsv1.Recurrence_PerPerson_ANCHOR_HIRE, 90)
	hire.repeats.months = true
	require.Equal(t, []map[string]bool{both, both}, due(hire, "2027-07-06"), "ninety months after the first day")
	require.Equal(t, []map[string]bool{nobody, nobody}, due(hire, "2027-07-07"))

	talk := own(momentsv1.Recurrence_PerPerson_ANCHOR_TALK, 10)
	require.Equal(t, []map[string]bool{anna, nobody}, due(talk, "2027-04-15"), "it was said in this step")
	b.talks["first"].counted = b.since
	require.Equal(t, []map[string]bool{anna, anna}, due(talk, "2027-04-15"))
	later := next()
	later.State, later.HeldOn = "held", date("2027-04-06")
	b.follow(later, b.since)
	require.Equal(t, []map[string]bool{nobody, nobody}, due(talk, "2027-04-15"), "another was held since")

	answer := own(momentsv1.Recurrence_PerPerson_ANCHOR_ANSWER, 3)
	r := newReached(&appeal{id: "asked"})
	r.was = campaignDoc{ID: r.id, Kind: "survey", State: "running", StartedAt: b.since.AddDate(0, 0, -9), Until: date("2027-04-05")}
	r.is, b.appeals[r.id] = r.was, r
	answers := func(n int) {
		id := strconv.Itoa(n)
		b.people[id] = b.people["anna"]
		r.people["asked "+id], b.answered["asked "+id] = id, b.since
	}
	for n := range leastAnswered - 1 {
		answers(n)
	}
	require.Equal(t, []map[string]bool{nil, nil}, due(answer, "2027-04-08"), "nine are too few to be told")
	answers(leastAnswered)
	require.Len(t, due(answer, "2027-04-08")[0], leastAnswered)
	require.Len(t, due(answer, "2027-04-08")[1], leastAnswered)
	b.answered["asked 1"] = b.read
	require.Len(t, due(answer, "2027-04-08")[0], leastAnswered)
	require.Empty(t, due(answer, "2027-04-08")[1], "one answered in this step, perhaps after the others were counted")
	b.answered["asked 1"] = b.since
	other := newReached(&appeal{id: "other"})
	other.is = campaignDoc{ID: other.id, Kind: "survey", State: "running", StartedAt: b.since, Until: date("2027-04-20")}
	other.people["other"], b.appeals[other.id], b.answered["other"] = "1", other, b.read
	require.Len(t, due(answer, "2027-04-08")[0], leastAnswered, "one answered what ends later in this step, perhaps before")
	require.Empty(t, due(answer, "2027-04-08")[1])
	b.answered["other"] = b.since
	require.Empty(t, due(answer, "2027-04-08")[0])
}

func TestWhatIsAskedAfterItWasPausedOrEndedIsNoticed(t *testing.T) {
	ask := func(was, is string) error {
		b := talkBooks(t)
		r := newReached(&appeal{id: "campaign"})
		r.was, r.is = campaignDoc{State: was}, campaignDoc{State: is}
		b.asked["1"] = &asked{id: "1", person: "anna", state: "shown"}
		return b.invitedTo(r, itemDoc{ID: "1", Subject: "anna", DoneAt: b.read}, "")
	}
	require.NoError(t, ask("running", "paused"), "which came first in this step, nobody knows")
	require.NoError(t, ask("paused", "running"))
	require.NoError(t, ask("scheduled", "done"))
	require.ErrorContains(t, ask("paused", "paused"), stopped)
	require.ErrorContains(t, ask("paused", "cancelled"), stopped)

	b := talkBooks(t)
	b.appeals["campaign"] = newReached(&appeal{id: "campaign"})
	item := itemDoc{ID: "1", Subject: "anna", Data: map[string]string{"follow_up": "campaign"}}
	require.NoError(t, b.stillAsked(item))
	b.appeals["campaign"].settled = true
	require.ErrorContains(t, b.stillAsked(item), stopped)
}

// lines is a campaign of 6 April at ten that tries two lines for a day.
func lines(t *testing.T) (*books, *reached) {
	t.Helper()
	b := talkBooks(t)
	r := newReached(&appeal{id: "campaign", on: date("2027-04-06"), at: 10 * 60, trial: &trial{share: 50, wait: 24}})
	b.appeals[r.id] = r
	return b, r
}

func TestATestThatIsNotFairIsNoticed(t *testing.T) {
	ten := clock.LocalInstant(date("2027-04-06"), 10*60, home())
	side := sideDoc{SentAt: ten, CountedAt: ten.Add(24 * time.Hour)}
	verdict := &verdictDoc{Reason: "no_difference", At: side.CountedAt}
	of := func(group string, at time.Time) itemDoc {
		return itemDoc{Subject: "anna", DoneAt: at, Data: map[string]string{"group": group}}
	}
	for name, c := range map[string]struct {
		broken bool
		item   itemDoc
		change func(*reached)
	}{
		"as it should be":      {false, of("rest", verdict.At), func(*reached) {}},
		"a side":               {false, of("b", ten), func(*reached) {}},
		"a side too early":     {true, of("b", ten.Add(-time.Minute)), func(*reached) {}},
		"another time":         {true, of("b", ten), func(r *reached) { r.trial.byTime, r.trial.at = true, 11*60 }},
		"in no group":          {true, of("", ten), func(*reached) {}},
		"the rest too early":   {true, of("rest", verdict.At.Add(-time.Minute)), func(*reached) {}},
		"the rest undecided":   {true, of("rest", ten), func(r *reached) { r.is.Trial.Decision = nil }},
		"decided anew":         {true, of("a", ten), func(r *reached) { r.verdict = &verdictDoc{Reason: "difference", At: verdict.At} }},
		"decided without wait": {true, of("a", ten), func(r *reached) { r.is.Trial.B.CountedAt = ten.Add(20 * time.Hour) }},
	} {
		t.Run(name, func(t *testing.T) {
			b, r := lines(t)
			r.is.Trial = trialDoc{A: side, B: side, Decision: verdict}
			c.change(r)
			err := b.tested(r, []itemDoc{c.item})
			if c.broken {
				require.ErrorContains(t, err, tried)
			} else {
				require.NoError(t, err)
			}
		})
	}
}

func TestWhoeverIsToldTheOtherLineIsNoticed(t *testing.T) {
	b, r := lines(t)
	told := func(group, line string) error {
		return b.variant(&momentsv1.Invitation{Id: "1" + group, PersonId: "anna", Piece: r.id + "." + group, Subject: &momentsv1.Subject{Fr: line}})
	}
	require.NoError(t, told("a", lineA))
	require.NoError(t, told("b", lineB))
	require.NoError(t, told("rest", lineA))
	require.ErrorContains(t, told("b", lineA), tried)
	r.is.Trial.Decision = &verdictDoc{Reason: "difference", Points: 12}
	require.ErrorContains(t, told("rest", lineA), tried, "the better one was found")
	b.tries["1rest"] = "a " + lineA
	require.ErrorContains(t, told("rest", lineB), tried, "and somebody was told both")
}
