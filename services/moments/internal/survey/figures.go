package survey

import (
	"crypto/rand"
	"maps"
	"math"
	mathrand "math/rand/v2"
	"slices"
)

// Figures sum the answers of a group to one question up. The whole distribution is kept, so that whoever doubts a figure can
// compute another.
type Figures struct {
	// N is how many people answered.
	N int
	// Counts are per option in the question's order, or per point from the lowest up.
	Counts []int
	// Mean of a scale's or a rating's points.
	Mean float64
	// Score of a scale is round((mean - 1) / (points - 1) * 100).
	Score int
	// Top is the share, 0 to 1, of the points that the scale's measure counts as good: the top two of 5, the top three of 7.
	Top float64
	// Promoters is, for a rating, the share of 9 and 10 less that of 0 to 6, in percent of all who answered: the eNPS.
	Promoters int
}

// The points of a scale that count as good.
const (
	topOfFive  = 2
	topOfSeven = 3
)

// figures computes the figures of a distribution of n people's answers.
func (q Question) figures(n int, counts []int) Figures {
	f := Figures{N: n, Counts: counts}
	if n == 0 || q.Kind != Scale && q.Kind != Rating {
		return f
	}
	sum := 0
	for i, c := range counts {
		sum += c * (q.lowest() + i)
	}
	f.Mean = float64(sum) / float64(n)
	if q.Kind == Rating {
		good, poor := count(counts[9:]), count(counts[:7])
		f.Promoters = int(math.Round(100 * float64(good-poor) / float64(n)))
		return f
	}
	f.Score = int(math.Round((f.Mean - 1) / float64(q.Points-1) * 100))
	switch q.Points {
	case 5:
		f.Top = float64(count(counts[len(counts)-topOfFive:])) / float64(n)
	case 7:
		f.Top = float64(count(counts[len(counts)-topOfSeven:])) / float64(n)
	}
	return f
}

func count(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

func (q Question) lowest() int {
	if q.Kind == Rating {
		return 0
	}
	return 1
}

// classes is how many different answers a distribution has.
func (q Question) classes() int {
	switch {
	case q.Kind.Choice():
		return len(q.Options)
	case q.Kind == Scale:
		return q.Points
	default:
		return HighestRating + 1
	}
}

// tally gathers the answers to one question.
type tally struct {
	question  Question
	asks      map[string]Questionnaire
	responses []Response

	months   map[string]*sum
	released bool
	comments []string
}

type sum struct {
	n      int
	counts []int
}

// count adds what is released of a follow-up's responses.
func (t *tally) count(of []int, scope Scope) {
	var entries []entry
	for _, at := range of {
		if t.takesPart(t.responses[at]) {
			entries = append(entries, t.responses[at].entry(at))
		}
	}
	least := LeastForFigures
	if t.question.Kind.Free() {
		least = LeastForComments
	}
	for _, s := range scope.steps(entries, least) {
		t.released = true
		for _, at := range s.members {
			if a, ok := find(t.responses[at].Answers, t.question.ID); ok {
				t.add(monthOf(s.on), a)
			}
		}
	}
}

// takesPart tells whether a response stands behind the question's figures: who answered it, or for comments, who was asked:
// whoever wrote one hides among the silent ones.
func (t *tally) takesPart(r Response) bool {
	q, asked := t.asks[r.Questionnaire]
	if !asked {
		return false
	}
	if !t.question.Kind.Free() {
		a, ok := find(r.Answers, t.question.ID)
		return ok && t.question.refuse(a) == "" && !a.empty()
	}
	question, _ := q.Question(t.question.ID)
	return question.ShowIf == nil || q.Shown(r.Answers)[question.ID]
}

func (t *tally) add(month string, a Answer) {
	if t.question.Kind.Free() {
		t.comments = append(t.comments, a.Text)
		return
	}
	if t.months == nil {
		t.months = map[string]*sum{}
	}
	s := t.months[month]
	if s == nil {
		s = &sum{counts: make([]int, t.question.classes())}
		t.months[month] = s
	}
	s.n++
	switch {
	case a.Number != nil:
		s.counts[*a.Number-t.question.lowest()]++
	default:
		for i, o := range t.question.Options {
			if o.ID == a.Option || slices.Contains(a.Options, o.ID) {
				s.counts[i]++
			}
		}
	}
}

func (t *tally) result() QuestionResult {
	r := QuestionResult{Question: t.question, TooFew: !t.released}
	if r.TooFew {
		return r
	}
	if t.question.Kind.Free() {
		r.N, r.Comments = len(t.comments), shuffled(t.comments)
		return r
	}
	whole := make([]int, t.question.classes())
	n := 0
	for _, month := range slices.Sorted(maps.Keys(t.months)) {
		s := t.months[month]
		r.Trend = append(r.Trend, Month{month, t.question.figures(s.n, s.counts)})
		n += s.n
		for i, c := range s.counts {
			whole[i] += c
		}
	}
	r.Figures = t.question.figures(n, whole)
	return r
}

// shuffled draws the order from the system's randomness: a seed that could be guessed would give the order of arrival back.
func shuffled(comments []string) []string {
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // never fails: the runtime ends the program if the system has no randomness
	order := mathrand.New(mathrand.NewChaCha8(seed))
	order.Shuffle(len(comments), func(i, j int) { comments[i], comments[j] = comments[j], comments[i] })
	return comments
}
