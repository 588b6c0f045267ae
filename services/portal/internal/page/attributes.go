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

// unlearnedIf is for a text on a device that others use: its keyboard shall neither mend words by what was written there before nor
// have them looked up elsewhere.
func unlearnedIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"autocomplete": "off", "autocorrect": "off", "autocapitalize": "sentences", "spellcheck": "false"}
}
