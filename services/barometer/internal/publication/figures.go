package publication

import "jalon.dev/pkg/stats"

// Group is what is shown of a unit and all below it; of its rest, where Rest is set: of the people of the unit itself and of small units
// that voted with it.
type Group struct {
	UnitID string   `bson:"unit"`
	Path   []string `bson:"path"`
	Rest   bool     `bson:"rest,omitempty"`
	// Eligible and Ballots are how many could vote, and how many did.
	Eligible int `bson:"eligible"`
	Ballots  int `bson:"ballots"`
	// Detailed says that distributions may be shown, and Withheld otherwise why not.
	Detailed bool     `bson:"detailed,omitempty"`
	Withheld Withheld `bson:"withheld,omitempty"`
	// Themes and Questions are in the order of the questionnaire.
	Themes    []Figure `bson:"themes"`
	Questions []Figure `bson:"questions"`
	ENPS      ENPS     `bson:"enps"`
	// Drivers say how closely each theme goes with the recommendation, person by person; empty for groups that are too small to say.
	Drivers []stats.Correlation `bson:"drivers,omitempty"`
}

// Withheld is why a group's distributions and comments are not shown.
type Withheld string

const (
	// TooFew says that the group has fewer ballots than details need.
	TooFew Withheld = "few"
	// Remainder says that too few would be left of the group above: its own less this one's.
	Remainder Withheld = "remainder"
)

// Figure is the answers to a question, or to all of a theme.
type Figure struct {
	Favourable   int `bson:"f"`
	Neutral      int `bson:"n"`
	Unfavourable int `bson:"u"`
	// Mean is on the scale from 1 to 5. Unless the group is Detailed, it is estimated from the classes: see meanOf.
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

// Told is the favourable share, in percent, as it may be told: of a band its edge, in tens, which says no more than that nearly all are
// favourable, or that nearly none are.
func (f Figure) Told() float64 {
	n := max(f.Answers(), 1)
	if !f.Band() {
		return float64(100*f.Favourable) / float64(n)
	}
	edge := 10 * (10 * (n - 1) / n)
	if f.Favourable > f.Neutral && f.Favourable > f.Unfavourable {
		return float64(edge)
	}
	return float64(100 - edge)
}

// ENPS is how many recommend working here. The classes would tell more than the points, and are there when a distribution is.
type ENPS struct {
	Points   int             `bson:"points"`
	Interval *stats.Interval `bson:"interval,omitempty"`
}

// Share is the favourable share of a figure of the group, with what is needed to compare it.
func (g Group) Share(f Figure) (stats.Share, error) {
	group, err := stats.NewGroup(g.Ballots, g.Eligible)
	if err != nil {
		return stats.Share{}, err
	}
	return stats.NewShare(f.Favourable, f.Answers(), group)
}
