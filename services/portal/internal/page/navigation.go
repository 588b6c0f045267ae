package page

import (
	"context"
	"strings"

	"github.com/a-h/templ"
)

type navEntry struct{ section, path, label string }

// hrSections are the console's pages in the order of a working day.
var hrSections = [...]navEntry{
	{"hr", "/hr", "hr.overview"},
	{"hr.people", "/hr/people", "hr.people"},
	{"hr.moments", "/hr/moments", "hr.moments"},
	{"hr.catalogue", "/hr/catalogue", "hr.catalogue"},
	{"hr.campaigns", "/hr/campaigns", "campaign.list"},
	{"hr.questionnaires", "/hr/questionnaires", "questionnaire.title"},
	{"hr.results", "/hr/results", "hr.results"},
	{"hr.rhythm", "/hr/rhythm", "rhythm.title"},
	{"hr.contacts", "/hr/contacts", "contact.title"},
	{"hr.barometer", "/hr/barometer", "hr.barometer"},
	{"hr.barometer_results", "/barometer/results", "barometer_results.link"},
	{"hr.customers", "/hr/customers", "customers.title"},
	{"hr.units", "/hr/units", "hr.units"},
	{"hr.import", "/hr/import", "hr.import"},
	{"hr.outgoing", "/hr/outgoing", "outgoing.title"},
	{"hr.access", "/hr/access", "access.title"},
	{"hr.audit", "/hr/audit", "audit.title"},
}

// campaignPages are those about writing to groups of people.
var campaignPages = [...]navEntry{
	{"hr.campaigns", "/hr/campaigns", "campaign.list"},
	{"hr.campaigns", "/hr/campaigns/calendar", "plan.title"},
	{"hr.campaigns", "/hr/audiences", "audience.list"},
	{"hr.campaigns", "/hr/reach", "reach.title"},
}

// opens tells whether the reader may see what a tab leads to.
func opens(ctx context.Context, tab navEntry) bool {
	return may(ctx, "GET "+tab.path)
}

// may tells whether a route opens for the reader.
func may(ctx context.Context, route string) bool {
	viewer := FrameOf(ctx).Viewer
	return viewer != nil && (viewer.May == nil || viewer.May(route))
}

func isHR(section string) bool { return section == "hr" || strings.HasPrefix(section, "hr.") }

func current(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}

// liveAttributes tell the page's script to listen for prompts, and the words that it may need.
func liveAttributes(ctx context.Context) templ.Attributes {
	viewer := FrameOf(ctx).Viewer
	if viewer == nil || viewer.PersonID == "" || viewer.LiveKey == "" {
		return nil
	}
	return templ.Attributes{
		"data-live":     viewer.LiveKey,
		"data-arrived":  t(ctx, "prompt.arrived", "Title", "%"),
		"data-reminded": t(ctx, "prompt.reminded", "Title", "%"),
		"data-noted":    t(ctx, "prompt.noted", "Title", "%"),
		"data-badge-is": t(ctx, "prompt.badge"),
	}
}
