package page

import "context"

func whyTitle(ctx context.Context, view WhyView) string {
	if view.Name == "" {
		return t(ctx, "why.title")
	}
	return t(ctx, "why.hr_title", "Name", view.Name)
}

func whySection(view WhyView) string {
	if view.Name == "" {
		return "why"
	}
	return "hr.people"
}
