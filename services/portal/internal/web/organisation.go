package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// organisation is the tree of units with the people in it.
type organisation struct {
	units  []*directoryv1.Unit
	byID   map[string]*directoryv1.Unit
	people map[string]int // in the unit and beneath it
	// unknown are holiday calendars that units name and nobody configured.
	unknown []string
}

func (s *Site) organisation(r *http.Request) (organisation, error) {
	list, err := s.Peers.Directory().ListUnits(r.Context(), &directoryv1.ListUnitsRequest{CountOn: s.today(r)})
	if err != nil {
		return organisation{}, err
	}
	org := organisation{units: list.GetUnits(), byID: map[string]*directoryv1.Unit{}, people: map[string]int{}, unknown: list.GetUnknownCalendars()}
	for _, unit := range org.units {
		org.byID[unit.GetId()] = unit
	}
	for id, n := range list.GetPeople() {
		for _, above := range org.path(id) {
			org.people[above.GetId()] += int(n)
		}
	}
	return org, nil
}

// path are the units from the unit itself up to the company.
func (o organisation) path(id string) []*directoryv1.Unit {
	var path []*directoryv1.Unit
	for unit := o.byID[id]; unit != nil && !slices.Contains(path, unit); unit = o.byID[unit.GetParentId()] {
		path = append(path, unit)
	}
	return path
}

// above is the nearest setting over the unit.
func (o organisation) above(unit *directoryv1.Unit, setting func(*directoryv1.Unit) string) string {
	for _, up := range o.path(unit.GetParentId()) {
		if value := setting(up); value != "" {
			return value
		}
	}
	return ""
}

func (o organisation) row(words *i18n.Words, unit *directoryv1.Unit, depth int) page.UnitRow {
	about := words.Or("unit_kind."+unit.GetKind(), unit.GetKind())
	if unit.GetCode() != "" {
		about += " · " + unit.GetCode()
	}
	own := slices.DeleteFunc([]string{unit.GetTimeZone(), unit.GetHolidayCalendar()}, func(s string) bool { return s == "" })
	return page.UnitRow{
		ID: unit.GetId(), Name: unit.GetName(), About: about, Own: strings.Join(own, " · "), Depth: depth,
		Unplaced: unit.GetUnplaced(), People: o.people[unit.GetId()],
	}
}

// view is a unit's page: what is known of it, and the form filled with what is wanted.
func (o organisation) view(words *i18n.Words, known, want *directoryv1.Unit) page.UnitView {
	view := page.UnitView{
		ID: known.GetId(), Code: known.GetCode(), Version: strconv.FormatInt(want.GetVersion(), 10),
		Known: known.GetName(), Name: want.GetName(), Unplaced: known.GetUnplaced(), Company: known.GetKind() == "company",
		Zone: want.GetTimeZone(), Holidays: want.GetHolidayCalendar(), People: o.people[known.GetId()],
		ZoneAbove:     o.above(known, (*directoryv1.Unit).GetTimeZone),
		HolidaysAbove: o.above(known, (*directoryv1.Unit).GetHolidayCalendar),
		Zones:         zonesOffered, Calendars: calendarsOffered,
		UnknownCalendar: slices.Contains(o.unknown, known.GetHolidayCalendar()),
	}
	var path []string
	for _, up := range slices.Backward(o.path(known.GetParentId())) {
		path = append(path, up.GetName())
	}
	view.Path = strings.Join(path, " › ")
	for _, kind := range []string{"region", "store", "team"} {
		view.Kinds = append(view.Kinds, page.Choice{Value: kind, Label: words.T("unit_kind." + kind), Chosen: kind == want.GetKind()})
	}
	if !view.Company {
		view.Parents = o.parents(words, known, want)
	}
	return view
}

// parents are the units beneath which a unit may stand: neither itself nor what is beneath it, and no team unless it is one.
func (o organisation) parents(words *i18n.Words, known, want *directoryv1.Unit) []page.Choice {
	team := known.GetKind() == "team" || want.GetKind() == "team"
	possible := slices.DeleteFunc(slices.Clone(o.units), func(unit *directoryv1.Unit) bool {
		return slices.Contains(o.path(unit.GetId()), known) || unit.GetKind() == "team" && !team
	})
	return teamChoices(words, possible, want.GetParentId())
}

// What the form offers; any other that exists is taken too.
var (
	zonesOffered = []string{
		"Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea",
		"Pacific/Tahiti", "America/Miquelon", "Europe/Brussels", "Europe/Luxembourg", "Europe/Zurich", "Europe/Madrid", "Europe/Lisbon",
		"Europe/Rome", "Europe/Berlin", "Europe/Amsterdam", "Europe/London", "America/Montreal", "America/New_York",
	}
	calendarsOffered = []string{"FR", "FR-57"}
)
