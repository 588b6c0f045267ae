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
	{"hr.results", "/hr/results", "hr.results"},
	{"hr.barometer", "/hr/barometer", "hr.barometer"},
	{"hr.import", "/hr/import", "hr.import"},
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
	if viewer == nil || viewer.PersonID == "" {
		return nil
	}
	return templ.Attributes{
		"data-live":     viewer.LiveKey,
		"data-arrived":  t(ctx, "prompt.arrived", "Title", "%"),
		"data-badge-is": t(ctx, "prompt.badge"),
	}
}
