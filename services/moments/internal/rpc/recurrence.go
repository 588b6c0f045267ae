package rpc

import (
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/recurrence"
)

var frequencies = map[recurrence.Frequency]momentsv1.Recurrence_Calendar_Frequency{
	recurrence.Weekly:  momentsv1.Recurrence_Calendar_FREQUENCY_WEEKLY,
	recurrence.Monthly: momentsv1.Recurrence_Calendar_FREQUENCY_MONTHLY,
	recurrence.Yearly:  momentsv1.Recurrence_Calendar_FREQUENCY_YEARLY,
}

var keptBy = map[recurrence.By]momentsv1.Recurrence_Calendar_By{
	recurrence.ByDay:         momentsv1.Recurrence_Calendar_BY_DAY,
	recurrence.ByWeekday:     momentsv1.Recurrence_Calendar_BY_WEEKDAY,
	recurrence.ByLastWeekday: momentsv1.Recurrence_Calendar_BY_LAST_WEEKDAY,
}

var anchors = map[recurrence.Anchor]momentsv1.Recurrence_PerPerson_Anchor{
	recurrence.Hire:   momentsv1.Recurrence_PerPerson_ANCHOR_HIRE,
	recurrence.Answer: momentsv1.Recurrence_PerPerson_ANCHOR_ANSWER,
	recurrence.Talk:   momentsv1.Recurrence_PerPerson_ANCHOR_TALK,
}

// known is the word that stands for a value; empty where none does.
func known[W, V comparable](words map[W]V, value V) (word W) {
	for w, v := range words {
		if v == value {
			return w
		}
	}
	return word
}

func recurrenceView(r *recurrence.Recurrence) *momentsv1.Recurrence {
	if r == nil {
		return nil
	}
	view := &momentsv1.Recurrence{AnswerDays: int32(r.AnswerDays)}
	switch {
	case r.PerPerson != nil:
		view.How = &momentsv1.Recurrence_PerPerson_{PerPerson: &momentsv1.Recurrence_PerPerson{
			Anchor: anchors[r.PerPerson.Anchor], After: int32(r.PerPerson.After), Months: r.PerPerson.Months,
		}}
	case r.Calendar != nil:
		view.How = &momentsv1.Recurrence_Calendar_{Calendar: &momentsv1.Recurrence_Calendar{
			Frequency: frequencies[r.Calendar.Frequency], Every: int32(r.Calendar.Every), By: keptBy[r.Calendar.By],
			SkipShortMonths: r.Calendar.SkipShortMonths, SkipDaysOff: r.Calendar.SkipDaysOff, Count: int32(r.Calendar.Count),
			Until: r.Calendar.Until.String(), Rule: r.Calendar.Rule,
		}}
	}
	return view
}

// recurrenceOf reads how a campaign repeats; nil where it does not.
func recurrenceOf(r *momentsv1.Recurrence) (*recurrence.Recurrence, error) {
	if r == nil {
		return nil, nil //nolint:nilnil // most campaigns are sent once
	}
	repeated := &recurrence.Recurrence{AnswerDays: int(r.GetAnswerDays())}
	if p := r.GetPerPerson(); p != nil {
		repeated.PerPerson = &recurrence.PerPerson{Anchor: known(anchors, p.GetAnchor()), After: int(p.GetAfter()), Months: p.GetMonths()}
		return repeated, nil
	}
	c := r.GetCalendar()
	until, err := dateField("draft.recurrence.until", c.GetUntil())
	if err != nil {
		return nil, err
	}
	repeated.Calendar = &recurrence.Calendar{
		Frequency: known(frequencies, c.GetFrequency()), Every: int(c.GetEvery()), By: known(keptBy, c.GetBy()),
		SkipShortMonths: c.GetSkipShortMonths(), SkipDaysOff: c.GetSkipDaysOff(), Count: int(c.GetCount()), Until: until,
	}
	return repeated, nil
}
