package page

import "github.com/a-h/templ"

// asked counts the follow-ups that are asked.
func asked(lines []FollowUpLine) int {
	n := 0
	for _, line := range lines {
		if !line.Off {
			n++
		}
	}
	return n
}

func phase(off bool) string {
	if off {
		return "gone"
	}
	return "ahead"
}

// describedIf ties a field to what is wrong with it.
func describedIf(id, problem string) templ.Attributes {
	if problem == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": id, "aria-invalid": "true"}
}

// hinted names a hint, and what is wrong where something is.
func hinted(hint, id, problem string) templ.Attributes {
	if problem == "" {
		return templ.Attributes{"aria-describedby": hint}
	}
	return templ.Attributes{"aria-describedby": hint + " " + id, "aria-invalid": "true"}
}
