package page

import "github.com/a-h/templ"

func hiddenIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"hidden": true}
}

func checkedIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"checked": true}
}

func selectedIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"selected": true}
}

func openIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"open": true}
}

func requiredIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"required": true}
}
