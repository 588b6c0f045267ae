package publication

import (
	"math"

	"jalon.dev/pkg/stats"
	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// groups are the node's group and those below it, those above first. detailed is the nearest above of which distributions are shown.
func (n *node) groups(q questionnaire.Questionnaire, detailed *node, all []Group) []Group {
	if n.detailed {
		detailed = n
	}
	all = append(all, n.group(q, detailed))
	for _, c := range n.children {
		all = c.groups(q, detailed, all)
	}
	return all
}

// group is what is shown of the node. detailed is itself, or the nearest above of which distributions are shown; nil where none is.
func (n *node) group(q questionnaire.Questionnaire, detailed *node) Group {
	g := Group{
		UnitID: n.unit, Path: n.path, Rest: n.rest, Eligible: n.eligible, Ballots: n.ballots, Detailed: n.detailed, Withheld: n.withheld,
		Themes: make([]Figure, 0, len(q.Themes)), Questions: make([]Figure, 0, ballot.Answers),
		ENPS: enpsOf(n.questions[ballot.Answers], n.eligible, n.detailed),
	}
	next := 0
	for _, t := range q.Themes {
		theme := Figure{}
		for range t.Questions {
			f := n.figure(next, detailed)
			g.Questions = append(g.Questions, f)
			theme.Favourable += f.Favourable
			theme.Neutral += f.Neutral
			theme.Unfavourable += f.Unfavourable
			theme.Mean += f.Mean / float64(len(t.Questions))
			next++
		}
		g.Themes = append(g.Themes, theme)
	}
	if n.detailed {
		g.Drivers = n.drivers(q)
	}
	return g
}

func (n *node) figure(question int, detailed *node) Figure {
	a := n.questions[question]
	classes := a.classes(statementClass)
	f := Figure{Favourable: classes[high], Neutral: classes[middle], Unfavourable: classes[low]}
	if !n.detailed {
		f.Mean = meanOf(classes, question, detailed)
		return f
	}
	distribution := stats.Distribution(a[1 : questionnaire.Points+1])
	f.Distribution = distribution[:]
	f.Mean = a.mean(n.ballots)
	if mean, err := distribution.Mean(n.eligible); err == nil { // it is an error of more ballots than people: no interval is told then
		f.MeanInterval = &mean.Interval
	}
	return f
}

// meanOf is the mean of a group whose distribution is not shown: what it would be if the group's favourable answers were as those of the
// detailed group above, and its unfavourable ones too. The exact mean beside the counts of the classes would often be the distribution
// itself: of five ballots without an unfavourable one, it tells how many chose 5. This one tells nothing that those counts and
// the distribution above do not. Where nothing above is detailed, a class is worth its middle.
func meanOf(classes [3]int, question int, detailed *node) float64 {
	worth := [3]float64{low: 1.5, middle: 3, high: 4.5}
	if detailed != nil {
		sums, counts := [3]int{}, [3]int{}
		for answer, n := range detailed.questions[question] {
			c := statementClass(answer)
			sums[c], counts[c] = sums[c]+answer*n, counts[c]+n
		}
		for c, n := range counts {
			if n > 0 {
				worth[c] = float64(sums[c]) / float64(n)
			}
		}
	}
	sum, ballots := 0.0, 0
	for c, n := range classes {
		sum, ballots = sum+worth[c]*float64(n), ballots+n
	}
	return sum / float64(ballots)
}

func enpsOf(a answers, eligible int, detailed bool) ENPS {
	enps, err := stats.NewENPS(a, eligible)
	if err != nil {
		return ENPS{}
	}
	shown := ENPS{Points: int(math.Round(enps.Points))}
	if detailed {
		shown.Interval = &enps.Interval
	}
	return shown
}
