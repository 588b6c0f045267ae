package web

import (
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
)

// inShort says in two sentences what a director must know: what is strong and what is weak, what rose and what fell.
func inShort(words *i18n.Words, res *barometerv1.GetResultsResponse) []string {
	sentences := []string{strongAndWeak(words, res)}
	if moved := moved(words, res); moved != "" {
		sentences = append(sentences, moved)
	}
	return sentences
}

// strongAndWeak names both ends, unless chance alone could have put them there.
func strongAndWeak(words *i18n.Words, res *barometerv1.GetResultsResponse) string {
	figures := res.GetUnit().GetThemes()
	strong, weak := 0, 0
	for i, f := range figures {
		if f.GetShare() > figures[strong].GetShare() {
			strong = i
		}
		if f.GetShare() < figures[weak].GetShare() {
			weak = i
		}
	}
	if strong == weak || !apart(figureAt(figures, strong), figureAt(figures, weak)) {
		return words.T("barometer_results.close")
	}
	return words.T("barometer_results.strong_and_weak",
		"Strong", res.GetThemes()[strong].GetName(), "StrongShare", percentTold(words, figures[strong]),
		"Weak", res.GetThemes()[weak].GetName(), "WeakShare", percentTold(words, figures[weak]))
}

// apart tells whether two shares are further from each other than their intervals reach.
func apart(strong, weak *barometerv1.Figure) bool {
	low, high := shareShown(strong), shareShown(weak)
	if i := strong.GetShareInterval(); i != nil && !strong.GetBand() {
		low = 100 * i.GetLow()
	}
	if i := weak.GetShareInterval(); i != nil && !weak.GetBand() {
		high = 100 * i.GetHigh()
	}
	return low > high
}

// moved says what became of the themes since the edition before.
func moved(words *i18n.Words, res *barometerv1.GetResultsResponse) string {
	if res.GetComparedWith() == "" {
		return words.T("barometer_results.nothing_before")
	}
	var rose, fell []string
	compared, stable := false, false
	for i, f := range res.GetUnit().GetThemes() {
		if i >= len(res.GetThemes()) {
			break
		}
		name := words.T("barometer_results.quoted", "Name", res.GetThemes()[i].GetName())
		compared = compared || f.GetChange() != nil
		switch f.GetChange().GetVerdict() {
		case barometerv1.Change_VERDICT_RISING:
			rose = append(rose, name)
		case barometerv1.Change_VERDICT_FALLING:
			fell = append(fell, name)
		case barometerv1.Change_VERDICT_STABLE:
			stable = true
		}
	}
	before := res.GetComparedWith()
	switch {
	case !compared:
		return words.T("barometer_results.new_here", "Before", before)
	case len(rose) > 0 && len(fell) > 0:
		return words.T("barometer_results.rose_and_fell", "Before", before, "Rose", words.List(rose), "Fell", words.List(fell))
	case len(rose) > 0:
		return words.T("barometer_results.rose", "Before", before, "Rose", words.List(rose))
	case len(fell) > 0:
		return words.T("barometer_results.fell", "Before", before, "Fell", words.List(fell))
	case stable:
		return words.T("barometer_results.nothing_moved", "Before", before)
	default:
		return words.T("barometer_results.cannot_say", "Before", before)
	}
}
