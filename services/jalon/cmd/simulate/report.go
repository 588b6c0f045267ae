package main

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// progress tells how far the run is.
func (s *simulation) progress(days int, took time.Duration) {
	t := s.tally
	fmt.Fprintf(s.out, "day %3d (%s): %d people, %d imports, %d declared, %d prompts, %d mails, %d answers, %d faults; %s\n",
		days, firstDay.AddDays(days-1), len(s.books.people), t.imports, t.declared, s.books.shown(), t.mails, t.answered, s.faults.count(), took.Round(time.Second))
}

// summary tells what was done, what went wrong on purpose, and what was checked how often.
func (s *simulation) summary(took time.Duration) {
	t := s.tally
	decided, won := s.books.verdicts()
	fmt.Fprintf(s.out, "\nEvery promise was kept over %d days (seed %d, %s).\n", s.days, s.seed, took.Round(time.Second))
	fmt.Fprintf(s.out, "done: %d half days, %d imports, %d moments declared and %d called off, %d campaigns (%d of them tests, of which %d were decided and %d had a winner), %d series (%d times written anew) that made %d more, %d prompts and %d reminders, %d mails, %d answers, %d choices about messages, %d unsubscribed\n",
		t.steps, t.imports, t.declared, t.cancelled, t.campaigns, t.trials, decided, won, t.series, t.rewritten, len(s.books.appeals)-t.campaigns, s.books.shown(), s.books.reminded(), t.mails, t.answered, t.preferences, t.unsubscribed)
	k := t.talks
	fmt.Fprintf(s.out, "talks: %d texts, %d preparations shared, %d dates proposed, %d accepted and %d declined, %d said to be held, %d confirmed and %d contested, "+
		"%d decisions, %d promises, %d settled, %d started, %d moved and %d called off, %d choices of days off, %d rhythms, %d refused because things had changed\n",
		k.texts, k.shared, k.proposed, k.agreed, k.declined, k.held, k.confirmed, k.contested, k.decided, k.promised, k.settled, k.started, k.moved, k.calledOff,
		k.daysOff, k.rhythms, k.refused)
	fmt.Fprintln(s.out, "faults:")
	for _, name := range slices.Sorted(maps.Keys(s.faults.struck)) {
		fmt.Fprintf(s.out, "  %4d  %s\n", s.faults.struck[name], name)
	}
	fmt.Fprintln(s.out, "checked:")
	for _, name := range slices.Sorted(maps.Keys(s.books.checked)) {
		fmt.Fprintf(s.out, "%8d  %s\n", s.books.checked[name], name)
	}
}

// verdicts are how many tests were decided, and how many of them had a winner.
func (b *books) verdicts() (decided, won int) {
	for _, r := range b.appeals {
		if r.verdict != nil {
			decided++
			if r.verdict.Reason == difference {
				won++
			}
		}
	}
	return decided, won
}

func (f *faults) count() int {
	n := 0
	for _, times := range f.struck {
		n += times
	}
	return n
}

func (b *books) shown() int {
	n := 0
	for _, a := range b.asked {
		if !a.shownAt.IsZero() {
			n++
		}
	}
	return n
}

func (b *books) reminded() int {
	n := 0
	for _, a := range b.asked {
		if !a.remindedAt.IsZero() {
			n += 1 + len(a.remindedAgain)
		}
	}
	return n
}
