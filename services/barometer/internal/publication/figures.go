package publication

import (
	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
	"jalon.dev/services/barometer/internal/stats"
)

// Group is what is shown of a unit and all below it; of its rest, where Rest is set: of the people of the unit itself and of small units
// that voted with it.
type Group struct {
	UnitID string   `bson:"unit"`
	Path   []string `bson:"path"`
	Rest   bool     `bson:"rest,omitempty"`
	// Eligible and Ballots are how many could vote, and how many did.
	Eligible int `bson:"eligible"`
	Ballots  int `bson:"ballots"`
	// Detailed says that distributions may be shown.
	Detailed bool `bson:"detailed,omitempty"`
	// Themes and Questions are in the order of the questionnaire.
	Themes    []Figure `bson:"themes"`
	Questions []Figure `bson:"questions"`
	ENPS      ENPS     `bson:"enps"`
	// Drivers say how closely each theme goes with the recommendation, person by person; empty for groups that are too small to say.
	Drivers []stats.Correlation `bson:"drivers,omitempty"`
}

// Figure is the answers to a question, or to all of a theme.
type Figure struct {
	Favourable   int `bson:"f"`
	Neutral      int `bson:"n"`
	Unfavourable int `bson:"u"`
	// Mean is on the scale from 1 to 5.
	Mean float64 `bson:"m"`
	// Distribution is how many chose 1 to 5; empty unless the group is Detailed, and of themes.
	Distribution []int `bson:"d,omitempty"`
	// MeanInterval is the 95 % interval of the mean. It would tell the distribution: it is there when that is.
	MeanInterval *stats.Interval `bson:"mi,omitempty"`
}

// Answers is how many answers a figure is about: ballots for a question, ballots times questions for a theme.
func (f Figure) Answers() int { return f.Favourable + f.Neutral + f.Unfavourable }

// Band tells that all answers but one are of one class, or were: the figure stands for all or nearly all of them.
func (f Figure) Band() bool { return max(f.Favourable, f.Neutral, f.Unfavourable) >= f.Answers()-1 }

// ENPS is how many recommend working here. The classes would tell more than the points, and are there when a distribution is.
type ENPS struct {
	Points   int             `bson:"points"`
	Interval *stats.Interval `bson:"interval,omitempty"`
}

// groups are the node's group and those below it, those above first.
func (n *node) groups(q questionnaire.Questionnaire, all []Group) []Group {
	all = append(all, n.group(q))
	for _, c := range n.children {
		all = c.groups(q, all)
	}
	return all
}

func (n *node) group(q questionnaire.Questionnaire) Group {
	g := Group{
		UnitID: n.unit, Path: n.path, Rest: n.rest, Eligible: n.eligible, Ballots: n.ballots, Detailed: n.detailed,
		ENPS: enpsOf(n.questions[ballot.Answers], n.eligible, n.detailed),
	}
	next := 0
	for _, t := range q.Themes {
		theme, sum := Figure{}, 0
		for range t.Questions {
			f := figureOf(n.questions[next], n.eligible, n.detailed)
			g.Questions = append(g.Questions, f)
			theme.Favourable += f.Favourable
			theme.Neutral += f.Neutral
			theme.Unfavourable += f.Unfavourable
			sum += total(n.questions[next])
			next++
		}
		theme.Mean = float64(sum) / float64(theme.Answers())
		g.Themes = append(g.Themes, theme)
	}
	if n.detailed {
		g.Drivers = n.drivers(q)
	}
	return g
}

func total(a answers) int {
	sum := 0
	for answer, n := range a {
		sum += answer * n
	}
	return sum
}

func figureOf(a answers, eligible int, detailed bool) Figure {
	classes := a.classes(statementClass)
	f := Figure{Favourable: classes[high], Neutral: classes[middle], Unfavourable: classes[low]}
	f.Mean = float64(total(a)) / float64(f.Answers())
	if !detailed {
		return f
	}
	distribution := stats.Distribution(a[1 : questionnaire.Points+1])
	f.Distribution = distribution[:]
	if mean, err := distribution.Mean(eligible); err == nil { // it is an error of more ballots than people: nothing is said then
		f.MeanInterval = &mean.Interval
	}
	return f
}

func enpsOf(a answers, eligible int, detailed bool) ENPS {
	enps, err := stats.NewENPS(a, eligible)
	if err != nil {
		return ENPS{}
	}
	shown := ENPS{Points: round(enps.Points)}
	if detailed {
		shown.Interval = &enps.Interval
	}
	return shown
}

func round(x float64) int {
	if x < 0 {
		return -round(-x)
	}
	return int(x + 0.5)
}

// Share is the favourable share of a figure of the group, with what is needed to compare it.
func (g Group) Share(f Figure) (stats.Share, error) {
	group, err := stats.NewGroup(g.Ballots, g.Eligible)
	if err != nil {
		return stats.Share{}, err
	}
	return stats.NewShare(f.Favourable, f.Answers(), group)
}
