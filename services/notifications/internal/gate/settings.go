package gate

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jalon.dev/pkg/clock"
)

// weekdays are as settings write them, from Monday on.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// ParseWindow reads "mon 12:00-18:00; tue-thu 09:00-18:00; fri 09:00-14:00", or "always". Days that are not named are off.
func ParseWindow(setting string) (Window, error) {
	if strings.EqualFold(strings.TrimSpace(setting), "always") {
		return Window{Always: true}, nil
	}
	window := Window{Week: map[time.Weekday]Hours{}}
	var errs []error
	for part := range strings.SplitSeq(setting, ";") {
		if part = strings.ToLower(strings.TrimSpace(part)); part != "" {
			errs = append(errs, window.add(part))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return Window{}, err
	}
	return window, window.validate()
}

// add reads one part, such as "tue-thu 09:00-18:00".
func (w Window) add(part string) error {
	days, times, _ := strings.Cut(part, " ")
	from, to, ok := strings.Cut(strings.ReplaceAll(times, " ", ""), "-")
	opens, err := clock.ParseTimeOfDay(from)
	closes, err2 := clock.ParseTimeOfDay(to)
	if to == "24:00" {
		closes, err2 = midnight, nil
	}
	first, last, several := strings.Cut(days, "-")
	if !several {
		last = first
	}
	begin, end := slices.Index(weekdays, first), slices.Index(weekdays, last)
	if !ok || err != nil || err2 != nil || begin < 0 || end < begin {
		return fmt.Errorf("%q: it should read days and hours, such as tue-thu 09:00-18:00, with days of %s", part, strings.Join(weekdays, ", "))
	}
	if opens >= closes {
		return fmt.Errorf("%q: the hours must begin before they end", part)
	}
	for day := begin; day <= end; day++ {
		weekday := time.Weekday((day + 1) % len(weekdays))
		if _, twice := w.Week[weekday]; twice {
			return fmt.Errorf("%q: %s has its hours already", part, weekdays[day])
		}
		w.Week[weekday] = Hours{From: opens, To: closes}
	}
	return nil
}

// ParseCaps reads "2/7d, 5/30d, routine 1/7d, appointment 3/7d": so many messages in any so many days, of all kinds of questions
// together or of one kind.
func ParseCaps(setting string) ([]Cap, error) {
	var caps []Cap
	var errs []error
	for part := range strings.SplitSeq(setting, ",") {
		if part = strings.ToLower(strings.TrimSpace(part)); part == "" {
			continue
		}
		limit, err := parseCap(part)
		if err == nil {
			err = limit.validate()
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		caps = append(caps, limit)
	}
	if len(caps) == 0 && len(errs) == 0 {
		errs = append(errs, errors.New("it names no cap; leave the setting empty for the usual ones"))
	}
	return caps, errors.Join(errs...)
}

// parseCap reads one cap, such as "routine 1/7d".
func parseCap(part string) (Cap, error) {
	kind, rate := "", part
	if fields := strings.Fields(part); len(fields) == 2 {
		kind, rate = fields[0], fields[1]
	}
	many, period, ok := strings.Cut(rate, "/")
	messages, err := strconv.Atoi(many)
	days, err2 := strconv.Atoi(strings.TrimSuffix(period, "d"))
	if !ok || err != nil || err2 != nil || !strings.HasSuffix(period, "d") || messages < 1 || days < 1 || days > int(LongestPeriod/day) {
		return Cap{}, fmt.Errorf("%q: it should read messages and days, such as 2/7d or routine 1/7d, with at most %d days", part, LongestPeriod/day)
	}
	return Cap{Kind: Kind(kind), Messages: messages, Period: time.Duration(days) * day}, nil
}
