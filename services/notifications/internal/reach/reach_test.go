package reach_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/reach"
)

// wednesday is 25 November 2026: the last whole week began on Monday 16.
var wednesday = clock.Date{Year: 2026, Month: time.November, Day: 25}

func daysBefore(n int) time.Time { return wednesday.AddDays(-n).In(time.UTC).Add(10 * time.Hour) }

func asked(reacted bool, days ...int) (questions []reach.Question) {
	for _, n := range days {
		questions = append(questions, reach.Question{ShownAt: daysBefore(n), Reacted: reacted, Seen: reacted})
	}
	return questions
}

func TestFiguresAreOfTenPeopleAndMoreAndInTens(t *testing.T) {
	c := reach.New(wednesday)
	for n := range 20 {
		c.Add(reach.Person{UnitPath: []string{"company", "store-1"}, Questions: asked(n < 7, 5)})
	}
	for range 9 {
		c.Add(reach.Person{UnitPath: []string{"company", "store-2"}, Questions: asked(true, 5), Quiet: true})
	}
	c.Add(reach.Person{UnitPath: []string{"company"}})
	f := c.Figures("")
	require.Equal(t, 30, f.People)
	require.Nil(t, f.Quiet, "nine are too few to tell of")
	require.Len(t, f.Weeks, reach.Weeks)
	last := f.Weeks[reach.Weeks-1]
	require.Equal(t, "2026-11-16", last.From.String())
	require.Equal(t, &reach.Share{Percent: 60, Of: 29}, last.Reacted, "sixteen of twenty-nine are 55 %")
	require.Nil(t, f.Weeks[0].Reacted)
	require.Equal(t, []reach.Unit{
		{ID: "store-1", People: 20},
		{ID: "store-2", People: 9},
	}, f.Units, "what everybody did, less store 1, is what the nine of store 2 did")
	require.Equal(t, [reach.MostQuestions + 1]int{1, 29}, f.Spread)
}

func TestWhatUnitsDifferByIsOfTenPeopleAndMore(t *testing.T) {
	for others, told := range map[int]bool{0: true, 1: false, 9: false, 10: true} {
		c := reach.New(wednesday)
		for n := range 40 {
			c.Add(reach.Person{UnitPath: []string{"company", "store", "team"}, Questions: asked(n < 20, 5), Quiet: n < 20})
		}
		for range others {
			c.Add(reach.Person{UnitPath: []string{"company", "store"}, Questions: asked(true, 5), Quiet: true})
		}
		for range 30 {
			c.Add(reach.Person{UnitPath: []string{"company", "store"}}) // they were not asked
		}
		f := c.Figures("team")
		require.Equal(t, told, f.Weeks[reach.Weeks-1].Reacted != nil, others)
		require.Equal(t, told, f.InApp.Reacted != nil, others)
		require.Equal(t, told, c.Figures("store").Units[0].Reacted != nil, others)
		require.NotNil(t, f.Quiet, "thirty and more are not quiet")
		require.Equal(t, []string{"", "company", "store", "team"}, c.Units())
		require.Equal(t, c.Figures("company").Units, c.Figures("").Units)
	}
}

func TestWhatTwoUnitsLeaveIsOfTenPeopleAndMore(t *testing.T) {
	for others, told := range map[int]bool{0: true, 1: false, 9: false, 10: true} {
		c := reach.New(wednesday)
		for unit, people := range map[string]int{"store-1": 40, "store-2": 20, "store-3": others} {
			for n := range people {
				c.Add(reach.Person{UnitPath: []string{"company", unit}, Questions: asked(n < 10, 5), Quiet: n < 10})
			}
		}
		units := c.Figures("").Units
		require.NotNil(t, units[0].Reacted)
		require.Equal(t, "store-2", units[1].ID)
		require.Equal(t, told, units[1].Reacted != nil, "%d others", others)
		require.Equal(t, told, c.Figures("store-2").Weeks[reach.Weeks-1].Reacted != nil)
		require.Equal(t, told, c.Figures("store-2").Quiet != nil)
	}
}

func TestWhetherNobodyOrEverybodyReactedIsNotTold(t *testing.T) {
	for want, reacted := range map[int]int{0: 0, 100: 12} {
		c := reach.New(wednesday)
		for n := range 12 {
			c.Add(reach.Person{Questions: asked(n < reacted, 10)})
		}
		require.Equal(t, want, c.Figures("").InApp.Reacted.Percent)
	}
}

func TestOfFewerThanTenPeopleNothingIsTold(t *testing.T) {
	c := reach.New(wednesday)
	for range 9 {
		c.Add(reach.Person{UnitPath: []string{"company", "store", "team"}, Questions: asked(true, 3, 10)})
	}
	require.Equal(t, reach.Figures{People: 9, TooFew: true}, c.Figures("store"))
	require.Equal(t, reach.Figures{TooFew: true}, c.Figures("unknown"))
}

func TestWhatIsShownTodayIsNotCountedYet(t *testing.T) {
	c := reach.New(wednesday)
	for range 12 {
		c.Add(reach.Person{Questions: asked(true, 0, 40, 90)})
	}
	f := c.Figures("")
	require.Equal(t, 12, f.Spread[0], "nothing in the last thirty days")
	require.Equal(t, 12, f.InApp.Reacted.Of, "and nothing of more than twelve weeks ago")
}

// Whatever people do, no figure is of fewer than ten, and none tells that one single person reacted or not by being exact.
func TestNoFigureIsOfFewerThanTen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := reach.New(wednesday)
		for range rapid.IntRange(0, 40).Draw(t, "people") {
			p := reach.Person{
				UnitPath: []string{"company", rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "unit")}, Quiet: rapid.Bool().Draw(t, "quiet"),
			}
			for range rapid.IntRange(0, 8).Draw(t, "questions") {
				p.Questions = append(p.Questions, reach.Question{
					ShownAt: daysBefore(rapid.IntRange(0, 100).Draw(t, "days ago")), Reacted: rapid.Bool().Draw(t, "reacted"), Mailed: rapid.Bool().Draw(t, "mailed"),
				})
			}
			c.Add(p)
		}
		f := c.Figures("")
		shares := []*reach.Share{f.InApp.Reacted, f.InApp.Seen, f.Email.Reacted, f.Email.Seen}
		for _, w := range f.Weeks {
			shares = append(shares, w.Reacted)
		}
		for _, u := range f.Units {
			shares = append(shares, u.Reacted)
		}
		for _, s := range shares {
			if s != nil {
				require.GreaterOrEqual(t, s.Of, reach.Least)
				require.Zero(t, s.Percent%10)
			}
		}
		if f.Quiet != nil {
			require.GreaterOrEqual(t, *f.Quiet, reach.Least)
			require.GreaterOrEqual(t, f.People-*f.Quiet, reach.Least)
		}
	})
}
