package rpc

import (
	"jalon.dev/pkg/stats"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/publication"
)

func resultView(r mongostore.Result) *barometerv1.UnitResult {
	view := &barometerv1.UnitResult{
		Unit: &barometerv1.UnitName{Id: r.UnitID, Name: r.Name, Kind: r.Kind}, Rest: r.Rest, Eligible: int32(r.Eligible), Ballots: int32(r.Ballots),
		Detailed: r.Detailed, Below: int32(r.Below),
		Enps: &barometerv1.Enps{Points: int32(r.ENPS.Points), Interval: intervalView(r.ENPS.Interval)},
	}
	for i, f := range r.Themes {
		theme := figureView(r, f, i)
		if i < len(r.Places) {
			theme.Place = &barometerv1.Place{Best: int32(r.Places[i].Best), Worst: int32(r.Places[i].Worst), Of: int32(r.Among)}
		}
		view.Themes = append(view.Themes, theme)
	}
	for i, f := range r.Questions {
		view.Questions = append(view.Questions, figureView(r, f, len(r.Themes)+i))
	}
	for _, d := range r.Drivers {
		view.Drivers = append(view.Drivers, &barometerv1.Driver{R: d.R, Interval: intervalView(&d.Interval)})
	}
	return view
}

func figureView(r mongostore.Result, f publication.Figure, at int) *barometerv1.Figure {
	view := &barometerv1.Figure{
		Favourable: int32(f.Favourable), Neutral: int32(f.Neutral), Unfavourable: int32(f.Unfavourable),
		Mean: f.Mean, MeanInterval: intervalView(f.MeanInterval), Band: f.Band(),
	}
	if share, err := r.Share(f); err == nil { // an error of more ballots than people, of whom nothing is said then
		interval := share.Interval()
		view.Share, view.ShareInterval = share.Value(), intervalView(&interval)
	}
	for _, n := range f.Distribution {
		view.Distribution = append(view.Distribution, int32(n))
	}
	if at < len(r.Changes) {
		c := r.Changes[at]
		view.Change = &barometerv1.Change{
			Verdict: verdicts[c.Verdict], Points: c.Points, Interval: intervalView(&c.Interval), Detectable: c.Detectable,
		}
	}
	return view
}

var verdicts = map[stats.Verdict]barometerv1.Change_Verdict{
	stats.Rising:      barometerv1.Change_VERDICT_RISING,
	stats.Stable:      barometerv1.Change_VERDICT_STABLE,
	stats.Falling:     barometerv1.Change_VERDICT_FALLING,
	stats.TooFewToSay: barometerv1.Change_VERDICT_TOO_FEW_TO_SAY,
}

func intervalView(i *stats.Interval) *barometerv1.Interval {
	if i == nil {
		return nil
	}
	return &barometerv1.Interval{Low: i.Low, High: i.High}
}
