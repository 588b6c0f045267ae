package web

import (
	"fmt"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
)

// hoursInWords are the company's hours, a line for each day on which people may be asked.
func hoursInWords(words *i18n.Words, company []*notificationsv1.DayHours) []string {
	if len(company) == 0 {
		return []string{words.T("limits.always")}
	}
	lines := make([]string, len(company))
	for i, day := range company {
		lines[i] = words.T("limits.day", "Day", words.T(fmt.Sprintf("preferences.day_%d", day.GetWeekday())),
			"Hours", words.T("preferences.day_hours", "From", day.GetFrom(), "To", day.GetTo()))
	}
	return lines
}

// limitsInWords are the company's limits on how often somebody is asked, a line for each.
func limitsInWords(words *i18n.Words, limits []*notificationsv1.PressureLimit) []string {
	if len(limits) == 0 {
		return []string{words.T("limits.none")}
	}
	lines := make([]string, len(limits))
	for i, limit := range limits {
		what := words.T("limits.all")
		if limit.GetKind() != "" {
			what = words.Or("limits."+limit.GetKind(), limit.GetKind())
		}
		lines[i] = words.N("limits.rate", int(limit.GetDays()), "What", what, "Messages", words.Number(int(limit.GetMessages())))
	}
	return lines
}
