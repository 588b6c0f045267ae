package cli

import (
	"context"
	"fmt"
	"strings"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// examineHolidays looks for units whose calendar of public holidays nobody configured: people there are asked on their holidays,
// and left alone on those of France.
func examineHolidays(ctx context.Context) finding {
	f := finding{what: "public holidays"}
	jalon, err := runningServer()
	if err != nil {
		f.err = err
		return f
	}
	list, err := jalon.directory.ListUnits(ctx, &directoryv1.ListUnitsRequest{})
	switch {
	case err != nil:
		f.err = err
	case len(list.GetUnknownCalendars()) > 0:
		f.err = unknownCalendars(list)
	default:
		f.verdict = "every calendar that a unit names is known"
	}
	return f
}

func unknownCalendars(list *directoryv1.ListUnitsResponse) error {
	var named []string
	for _, calendar := range list.GetUnknownCalendars() {
		units := 0
		for _, unit := range list.GetUnits() {
			if unit.GetHolidayCalendar() == calendar {
				units++
			}
		}
		named = append(named, fmt.Sprintf("%s (units: %d)", calendar, units))
	}
	return fmt.Errorf("nobody configured %s, so that France's hold there: correct the names on Units, or give their dates in JALON_HOLIDAYS",
		strings.Join(named, ", "))
}
