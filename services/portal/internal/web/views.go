package web

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// now is the time that the company lives in.
func (s *Site) now() time.Time {
	if s.Demo != nil {
		return s.Demo.Now()
	}
	return s.Clock.Now()
}

func personOf(cards map[string]*directoryv1.PersonCard, id string) page.Person {
	card := cards[id]
	if card == nil {
		return page.Person{ID: id}
	}
	return page.Person{ID: id, Name: fullName(card), JobTitle: card.GetJobTitle()}
}

func keyMomentName(words *i18n.Words, code string) string { return words.Or("key_moment."+code, code) }

// followUpName names a follow-up; one that HR moved is told by its days, such as "day_28" or "before_5".
func followUpName(words *i18n.Words, code string) string {
	if days, err := strconv.Atoi(strings.TrimPrefix(code, "before_")); err == nil && days > 0 {
		return words.N("catalogue.before", days)
	}
	if days, err := strconv.Atoi(strings.TrimPrefix(code, "day_")); err == nil && days > 0 {
		return words.T("follow_up.day", "Days", words.Number(days))
	}
	return words.Or("follow_up."+code, code)
}

// ruleName names a follow-up of the catalogue.
func ruleName(words *i18n.Words, rule *momentsv1.FollowUpRule) string {
	return followUpName(words, cmp.Or(rule.GetToldAs(), rule.GetCode()))
}

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
