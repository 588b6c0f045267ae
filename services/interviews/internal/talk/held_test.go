package talk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/interviews/internal/talk"
)

func planned() talk.Talk {
	return talk.Talk{
		ID: "talk", Kind: talk.EI2D, State: talk.Planned, EmployeeID: "ada", ManagerID: "boss", PlannedOn: day("2026-11-03"), StartsAt: 10 * 60,
		Zone: "Europe/Paris", LastHeldOn: day("2026-10-06"), HiredOn: day("2020-01-06"),
	}
}

var tuesday = time.Date(2026, time.November, 3, 15, 0, 0, 0, time.UTC)

func TestOneSaysThatATalkWasHeldAndTheOtherAnswers(t *testing.T) {
	one := planned()
	changed, err := one.SayHeld("boss", day("2026-11-03"), tuesday)
	require.NoError(t, err)
	require.True(t, changed)
	require.True(t, one.State.Counts())
	require.True(t, one.ToConfirm("ada"))
	require.False(t, one.ToConfirm("boss"))
	require.Equal(t, talk.Confirm, one.Asks("ada"))

	changed, err = one.SayHeld("ada", day("2026-11-03"), tuesday)
	require.NoError(t, err, "a double click, or both at once")
	require.False(t, changed)
	_, err = one.SayHeld("ada", day("2026-11-02"), tuesday)
	require.ErrorIs(t, err, talk.ErrNotPlanned, "on another day")

	_, err = one.Answer("boss", true)
	require.ErrorIs(t, err, talk.ErrOwnWord)
	contested := one
	changed, err = contested.Answer("ada", false)
	require.NoError(t, err)
	require.True(t, changed)
	require.False(t, contested.State.Counts())
	changed, err = one.Answer("ada", true)
	require.NoError(t, err)
	require.True(t, changed)
	changed, err = one.Answer("ada", true)
	require.NoError(t, err)
	require.False(t, changed)
	_, err = one.Answer("ada", false)
	require.ErrorIs(t, err, talk.ErrNothingSaid, "it was confirmed")
}

func TestATalkIsNotHeldOnEveryDay(t *testing.T) {
	left := planned()
	left.LastDay = day("2026-11-01")
	for name, c := range map[string]struct {
		talk talk.Talk
		by   string
		on   string
		want error
	}{
		"in the future":         {planned(), "boss", "2026-11-04", talk.ErrFuture},
		"before the last one":   {planned(), "boss", "2026-10-05", talk.ErrBefore},
		"on the day of it":      {planned(), "boss", "2026-10-06", talk.ErrBefore},
		"by somebody else":      {planned(), "eve", "2026-11-03", talk.ErrNotYours},
		"by nobody":             {planned(), "", "2026-11-03", talk.ErrNotYours},
		"after the last day":    {left, "boss", "2026-11-03", talk.ErrLeft},
		"before the first day":  {talk.Talk{State: talk.Planned, EmployeeID: "ada", ManagerID: "boss", HiredOn: day("2026-11-01"), Zone: "UTC"}, "ada", "2026-10-31", talk.ErrBefore},
		"of one called off":     {talk.Talk{State: talk.Cancelled, EmployeeID: "ada", ManagerID: "boss", Zone: "UTC"}, "ada", "2026-11-03", talk.ErrNotPlanned},
		"without somebody else": {talk.Talk{State: talk.Planned, EmployeeID: "ada", Zone: "UTC"}, "ada", "2026-11-03", talk.ErrNotPlanned},
	} {
		t.Run(name, func(t *testing.T) {
			before := c.talk
			_, err := c.talk.SayHeld(c.by, day(c.on), tuesday)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, before, c.talk)
		})
	}
}

func TestARecruitmentNeedsNobodysWord(t *testing.T) {
	one := planned()
	one.Kind, one.EmployeeID = talk.Recruitment, ""
	_, err := one.SayHeld("boss", day("2026-11-03"), tuesday)
	require.NoError(t, err)
	require.Equal(t, talk.Confirmed, one.State)
}

func TestEitherProposesAnotherDateAndTheOtherAnswers(t *testing.T) {
	one := planned()
	moved, err := one.Propose("ada", day("2026-11-10"), 14*60, tuesday)
	require.NoError(t, err)
	require.False(t, moved)
	require.Equal(t, day("2026-11-03"), one.PlannedOn, "until the other one accepts")
	require.Equal(t, talk.Proposed, one.Asks("boss"))
	require.Empty(t, one.Asks("ada"))

	proposal := *one.Proposal
	require.ErrorIs(t, one.AnswerProposal("ada", proposal, true, tuesday), talk.ErrOwnWord)
	other := proposal
	other.StartsAt = 15 * 60
	require.ErrorIs(t, one.AnswerProposal("boss", other, true, tuesday), talk.ErrNoProposal, "it changed meanwhile")

	declined := one
	require.NoError(t, declined.AnswerProposal("boss", proposal, false, tuesday))
	require.Equal(t, day("2026-11-03"), declined.PlannedOn)
	require.NoError(t, one.AnswerProposal("boss", proposal, true, tuesday))
	require.Equal(t, day("2026-11-10"), one.PlannedOn)
	require.Equal(t, talk.Agreed, one.Reason)
	require.EqualValues(t, 1, one.Sequence)
	require.Nil(t, one.Proposal)

	_, err = one.Propose("boss", day("2026-11-03"), 10*60, tuesday)
	require.ErrorIs(t, err, talk.ErrPast)
	_, err = one.Propose("boss", day("2027-11-03"), 10*60, tuesday)
	require.ErrorIs(t, err, talk.ErrTooFar)
	_, err = one.Propose("eve", day("2026-11-17"), 10*60, tuesday)
	require.ErrorIs(t, err, talk.ErrNotYours)
	_, err = one.Propose("boss", day("2026-11-17"), 10*60, tuesday)
	require.NoError(t, err)
	require.NoError(t, one.Withdraw("ada"))
	require.NotNil(t, one.Proposal, "only whoever proposed withdraws")
	require.NoError(t, one.Withdraw("boss"))
	require.Nil(t, one.Proposal)
}

func TestAManagerStartsMovesAndCallsOffATalk(t *testing.T) {
	one, err := talk.Start("id", talk.Congratulation, "boss", talk.Person{ID: "ada", ManagerID: "boss", Zone: "Europe/Paris"}, day("2026-11-05"), 11*60, tuesday)
	require.NoError(t, err)
	require.Equal(t, 30, one.Minutes())
	moved, err := one.Propose("boss", day("2026-11-06"), 9*60, tuesday)
	require.NoError(t, err)
	require.True(t, moved, "whoever started it moves it at once")
	_, err = one.Cancel("ada")
	require.ErrorIs(t, err, talk.ErrNotYours)
	changed, err := one.Cancel("boss")
	require.NoError(t, err)
	require.True(t, changed)
	changed, err = one.Cancel("boss")
	require.NoError(t, err)
	require.False(t, changed)

	_, err = talk.Start("id", talk.EI2D, "boss", talk.Person{ID: "ada"}, day("2026-11-05"), 11*60, tuesday)
	require.ErrorIs(t, err, talk.ErrNotStartable)
	_, err = talk.Start("id", talk.Reframing, "boss", talk.Person{ID: "ada", Zone: "UTC", LastDay: day("2026-11-04")}, day("2026-11-05"), 11*60, tuesday)
	require.ErrorIs(t, err, talk.ErrLeft)
	regular := planned()
	_, err = regular.Cancel("boss")
	require.ErrorIs(t, err, talk.ErrNotYours, "the four-weekly one can only be moved")
}

func TestWhoIsToldWhatOnWhichDay(t *testing.T) {
	one := planned()                                 // on Tuesday
	for on, want := range map[string][2]talk.Matter{ // employee, manager
		"2026-10-28": {"", ""},
		"2026-10-29": {talk.Prepare, ""},
		"2026-11-02": {talk.Tomorrow, talk.Prepare}, // with the others of the week
		"2026-11-03": {"", ""},
		"2026-11-04": {talk.Happened, talk.Happened},
		"2026-11-09": {"", ""},
		"2026-11-10": {talk.Late, ""},
		"2026-11-16": {"", talk.Late},
		"2026-11-17": {talk.Late, ""},
	} {
		require.Equal(t, want, [2]talk.Matter{one.Matter("ada", day(on)), one.Matter("boss", day(on))}, on)
		require.Empty(t, one.Matter("eve", day(on)))
	}
	one.PlannedOn = day("2026-11-05")
	require.Equal(t, talk.Prepare, one.Matter("boss", day("2026-11-02")), "on the week's Monday")
	next, ok := one.NextMatter("boss", day("2026-10-20"))
	require.True(t, ok)
	require.Equal(t, day("2026-11-02"), next)
	next, ok = one.NextMatter("ada", day("2026-12-01"))
	require.True(t, ok)
	require.Equal(t, day("2026-12-03"), next, "weekly while it is late")
	one.Reason = talk.Waits
	_, ok = one.NextMatter("ada", day("2026-12-01"))
	require.False(t, ok)
}

func TestCommitmentsGoToTheNewManagerAndAge(t *testing.T) {
	one := planned()
	today := day("2026-11-03")
	decision, err := talk.Commit("d", one, talk.Decision, " Commander la vitrine ", "boss", day("2026-11-10"), today)
	require.NoError(t, err)
	require.Equal(t, "Commander la vitrine", decision.Wording.Text)
	_, err = talk.Commit("d", one, talk.Decision, "x", "eve", day("2026-11-10"), today)
	require.ErrorIs(t, err, talk.ErrOwner)
	require.Zero(t, decision.LateDays(day("2026-11-10")))
	require.Equal(t, 5, decision.LateDays(day("2026-11-15")))
	require.ErrorIs(t, decision.Promise("boss", today, ""), talk.ErrNotAsked)

	require.True(t, decision.HandOver("another"))
	require.Equal(t, "another", decision.OwnerID, "what the manager had to do")
	require.False(t, decision.HandOver("another"))
	require.ErrorIs(t, decision.Settle("boss", talk.Done, "", today), talk.ErrNotYours)
	require.NoError(t, decision.Settle("ada", talk.Done, "fait", today))
	require.False(t, decision.HandOver("third"), "what is settled stays")
	require.ErrorIs(t, decision.Change("x", "ada", today), talk.ErrSettled)
	require.NoError(t, decision.Settle("ada", talk.Open, "", today))
	require.True(t, decision.SettledOn.IsZero())

	requests := talk.Requests(one, talk.Preparation{Points: []talk.Point{
		{ID: "1", Kind: talk.Expectation, Text: "Être prévenue des plannings"}, {ID: "2", Kind: talk.Pleasure, Text: "x"}, {ID: "3", Kind: talk.Expectation, Text: " "},
	}}, today)
	require.Len(t, requests, 1)
	require.Equal(t, 9, requests[0].LateDays(day("2026-11-12")), "how long it has waited for a promise")
	require.ErrorIs(t, requests[0].Promise("ada", today, ""), talk.ErrNotManager)
	require.NoError(t, requests[0].Promise("boss", day("2026-11-20"), "Dès lundi"))
	require.Zero(t, requests[0].LateDays(day("2026-11-12")))
	require.Equal(t, requests[0].ID, talk.Requests(one, talk.Preparation{Points: []talk.Point{{ID: "1", Kind: talk.Expectation, Text: "y"}}}, today)[0].ID)
}

func TestWhoReadsWhat(t *testing.T) {
	one := planned()
	notes := talk.NewText(one, talk.PartShared, "ada")
	own := talk.NewText(one, talk.PartOwn, "boss")
	preparation := talk.NewText(one, talk.PartPreparation, "ada")
	require.True(t, notes.ReadableBy(one, "ada") && notes.ReadableBy(one, "boss"))
	require.True(t, own.ReadableBy(one, "boss"))
	require.False(t, own.ReadableBy(one, "ada"))
	require.False(t, preparation.ReadableBy(one, "boss"), "before it is shared")
	require.True(t, preparation.Share(one, tuesday))
	require.True(t, preparation.ReadableBy(one, "boss"))

	with := one
	with.ManagerID = "another"
	require.False(t, notes.ReadableBy(with, "another"), "notes are not handed over")
	require.False(t, preparation.ReadableBy(with, "another"), "nor what was shared with the one before")
	require.True(t, preparation.ReadableBy(with, "ada"))
	require.False(t, own.ReadableBy(with, "boss"), "whoever is not the manager any more reads nothing")
	require.True(t, preparation.Share(with, tuesday), "it can be shared again")
	require.True(t, preparation.ReadableBy(with, "another"))
	for _, x := range []talk.Text{notes, own, preparation} {
		require.False(t, x.ReadableBy(one, "eve"))
		require.False(t, x.ReadableBy(one, ""))
	}
}
