package gate

import "time"

const (
	// UsualReminders is how often a question that is not answered comes back where nobody says otherwise.
	UsualReminders = 1
	// MostReminders is how often it may at most: whoever did not answer then has answered that they will not.
	MostReminders = 2
	// leastToRemind is how much time must be left: a reminder of less would come on the heels of what it reminds of.
	leastToRemind = 2 * day
	// betweenReminders is how far reminders of the same are apart at least.
	betweenReminders = 3 * day
)

// NextReminder is when to remind of a message that expires, counted from the last time it reached the person: zero for never. sent
// is how many reminders there were. The first comes at half of the time; each later one at half of what is left then, and three days
// after the one before at least. An appointment is a reminder itself.
func (r Rules) NextReminder(kind Kind, last, expires time.Time, sent int) time.Time {
	left := expires.Sub(last)
	if !r.Remind || !kind.asks() || expires.IsZero() || left < leastToRemind {
		return time.Time{}
	}
	wait := left / 2
	if sent > 0 {
		wait = max(wait, betweenReminders)
	}
	if left-wait < LeastToAnswer {
		return time.Time{}
	}
	return last.Add(wait).Truncate(time.Millisecond)
}

// Reminders are when a message that is asked for at an instant reaches a person whom nothing keeps from it, and when they are reminded
// if they do not answer: what HR is told before anybody is asked.
func (r Rules) Reminders(asked, expires time.Time, person Person, wanted int) (shown time.Time, reminders []time.Time) {
	message := Message{Kind: Company, Expires: expires, Asked: asked}
	if shown = r.NextOpening(asked, person); !message.worthShowing(shown) {
		return time.Time{}, nil
	}
	message.Reminder = true
	last := shown
	for n := range wanted {
		at := r.NextReminder(message.Kind, last, expires, n)
		if at.IsZero() {
			break
		}
		for {
			decision := Decide(at, person, nil, message, r)
			if decision.Verdict == Expired {
				return shown, reminders
			}
			if decision.Verdict == LetThrough {
				break
			}
			at = decision.Until
		}
		reminders, last = append(reminders, at), at
	}
	return shown, reminders
}
