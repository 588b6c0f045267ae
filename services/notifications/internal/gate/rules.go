package gate

import (
	"errors"
	"slices"
	"time"

	"jalon.dev/pkg/holidays"
)

// Rules are the company's rules on when and how often people may be asked.
type Rules struct {
	Window Window
	// Caps hold all at once.
	Caps []Cap
	// Calendars are the public holidays by the name that units give; see holidays.Calendars.
	Calendars holidays.Calendars
	// Remind makes an invitation that is shown and not answered come back, first at half of its time; see NextReminder.
	Remind bool
	// Quiet spares people who react to nothing.
	Quiet Quiet
	// reminding: it is decided about a reminder.
	reminding bool
}

// Quiet is how people are spared who react to nothing: they are written to less, until they react.
type Quiet struct {
	// After is how many questions in a row that ended without a reaction make somebody quiet; 0 is never.
	After int
	// Caps hold for them besides those of everybody.
	Caps []Cap
}

const day = 24 * time.Hour

// DefaultRules protect Monday mornings, Friday afternoons, evenings, nights, weekends and public holidays. Two questions
// reach a person in any seven days and five in any thirty, reminders included; of those that come back by themselves one
// and three, so that a rare one always finds its place. Whoever let four questions end without reacting to any is asked two questions in
// any thirty days, one of those that come back by themselves, until they react. Reminders of one's own talks are apart: three in any seven days and ten
// in any thirty, since those of one day are one message.
func DefaultRules() Rules {
	return Rules{
		Window: OfficeHours(),
		Caps: []Cap{
			{Messages: 2, Period: 7 * day},
			{Messages: 5, Period: 30 * day},
			{Kind: Routine, Messages: 1, Period: 7 * day},
			{Kind: Routine, Messages: 3, Period: 30 * day},
			{Kind: Appointment, Messages: 3, Period: 7 * day},
			{Kind: Appointment, Messages: 10, Period: 30 * day},
		},
		Calendars: holidays.Standard(),
		Remind:    true,
		Quiet: Quiet{After: 4, Caps: []Cap{
			{Messages: 2, Period: 30 * day},
			{Kind: Routine, Messages: 1, Period: 30 * day},
		}},
	}
}

// NoRules let everything through at once and remind of nothing, for trials and measurements.
func NoRules() Rules {
	return Rules{Window: Window{Always: true}}
}

// Validate tells what is wrong with the rules; a window that never opens would defer for ever.
func (r Rules) Validate() error {
	problems := []error{r.Window.validate()}
	if r.Quiet.After < 0 {
		problems = append(problems, errors.New("quiet people: a number of questions is never negative"))
	}
	for _, limit := range slices.Concat(r.Caps, r.Quiet.Caps) {
		problems = append(problems, limit.validate())
	}
	return errors.Join(problems...)
}
