package web

import (
	"cmp"
	"slices"
	"time"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const soonDays = 7

// now is the time that the company lives in.
func (s *Site) now() time.Time {
	if s.Demo != nil {
		return s.Demo.Now()
	}
	return s.Clock.Now()
}

func teamView(v *visitor, talks []*interviewsv1.Talk, without []string, cards map[string]*directoryv1.PersonCard, now time.Time) page.TeamView {
	var view page.TeamView
	soon := now.In(v.frame().Words.Zone()).AddDate(0, 0, soonDays).Format(time.DateOnly)
	for _, talk := range talks {
		person := personOf(cards, talk.GetEmployeeId())
		if person.Name == "" {
			continue // erased since: nothing is left to show
		}
		view.Talks = append(view.Talks, page.TalkView{Person: person, On: talk.GetPlannedOn(), Soon: talk.GetPlannedOn() <= soon})
	}
	slices.SortStableFunc(view.Talks, func(a, b page.TalkView) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Person.Name, b.Person.Name))
	})
	for _, id := range without {
		if person := personOf(cards, id); person.Name != "" {
			view.Without = append(view.Without, person)
		}
	}
	slices.SortStableFunc(view.Without, func(a, b page.Person) int { return cmp.Compare(a.Name, b.Name) })
	return view
}

func personOf(cards map[string]*directoryv1.PersonCard, id string) page.Person {
	card := cards[id]
	if card == nil {
		return page.Person{ID: id}
	}
	return page.Person{ID: id, Name: fullName(card), JobTitle: card.GetJobTitle()}
}

func keyMomentName(words *i18n.Words, code string) string { return words.Or("key_moment."+code, code) }

func followUpName(words *i18n.Words, code string) string { return words.Or("follow_up."+code, code) }

func momentRow(words *i18n.Words, moment *momentsv1.MomentView, cards map[string]*directoryv1.PersonCard) page.MomentRow {
	state, tone := momentState(words, moment.GetState())
	return page.MomentRow{
		ID: moment.GetId(), Title: keyMomentName(words, moment.GetKeyMoment()), Who: personOf(cards, moment.GetPersonId()).Name,
		On: moment.GetHappensOn(), State: state, Tone: tone,
	}
}

func momentState(words *i18n.Words, state momentsv1.MomentView_State) (text, tone string) {
	switch state {
	case momentsv1.MomentView_STATE_CLOSED:
		return words.T("moment_state.closed"), "good"
	case momentsv1.MomentView_STATE_CANCELLED:
		return words.T("moment_state.cancelled"), ""
	default:
		return words.T("moment_state.open"), "accent"
	}
}
