package survey

import (
	"cmp"
	"maps"
	"slices"

	"jalon.dev/pkg/clock"
)

// Scope says whose answers are asked about. Whatever is empty limits nothing.
type Scope struct {
	FollowUp string
	UnitID   string
	// From and To are the first and the last month, as YYYY-MM. An answer belongs to the month in which it began to count.
	From, To string
	// Until is the first day whose answers do not count yet; see Complete.
	Until clock.Date
}

// Result is what may be shown of a group's answers.
type Result struct {
	// TooFew: the group is too small to be spoken of. Nothing else is set then.
	TooFew    bool
	Responses int
	// SeveralVersions: the answers are to more than one version of a questionnaire.
	SeveralVersions bool
	// FollowUps are those with answers that count, sorted.
	FollowUps []string
	// Answered is how many of their answers count by now, in whatever month they began to, by the month in which people were asked.
	Answered  map[string]int
	Questions []QuestionResult
}

// QuestionResult is what may be shown of the answers to one question.
type QuestionResult struct {
	Question Question
	// TooFew: too few people answered this question. Nothing else is set then.
	TooFew bool
	Figures
	// Comments in an order that says nothing.
	Comments []string
	// Trend is the question's figures by month, the oldest first; a month in which no figure grew is missing.
	Trend []Month
}

// Month is a point of a trend.
type Month struct {
	// Name is YYYY-MM.
	Name string
	Figures
}

// Summarise computes what may be shown of a key moment's responses, all of which it needs to be told. Questions come in the order
// of the questionnaires given, one that several of them ask once.
//
// Each follow-up is released by itself, its named answers apart from the confidential ones, and each question of it: nobody answers one twice, so its answers count people, where
// four follow-ups may be four answers of a single newcomer.
func Summarise(asked []Questionnaire, responses []Response, scope Scope) Result {
	parts := map[part][]int{}
	for i, r := range responses {
		if scope.FollowUp == "" || scope.FollowUp == r.FollowUp {
			of := part{r.FollowUp, r.PersonID != ""}
			parts[of] = append(parts[of], i)
		}
	}
	result := Result{Answered: map[string]int{}}
	answered := map[string]bool{} // questionnaires
	var counting [][]int
	for _, of := range slices.SortedFunc(maps.Keys(parts), part.compare) {
		entries := make([]entry, len(parts[of]))
		for i, at := range parts[of] {
			entries[i] = responses[at].entry(at)
		}
		n := 0
		for _, s := range scope.steps(entries, LeastForFigures) {
			n += len(s.members)
			for _, at := range s.members {
				answered[responses[at].Questionnaire] = true
			}
		}
		if n > 0 {
			result.Responses += n
			for _, s := range release(entries, scope.UnitID, scope.Until, LeastForFigures) {
				for _, at := range s.members {
					result.Answered[responses[at].askedIn()]++
				}
			}
			result.FollowUps = append(result.FollowUps, of.followUp)
			counting = append(counting, parts[of])
		}
	}
	result.FollowUps = slices.Compact(result.FollowUps)
	if result.Responses == 0 {
		return Result{TooFew: true}
	}
	for _, question := range questions(asked, answered) {
		t := tally{question: question, asks: askedIn(asked, question.ID), responses: responses}
		for _, of := range counting {
			t.count(of, scope)
		}
		result.Questions = append(result.Questions, t.result())
	}
	result.SeveralVersions = severalVersions(answered)
	return result
}

// part is what is released by itself. HR can read the named answers one by one: counted together with confidential ones, they
// could be taken away from the figures, and what is left would be of few people.
type part struct {
	followUp string
	named    bool
}

func (p part) compare(other part) int {
	return cmp.Or(cmp.Compare(p.followUp, other.followUp), cmp.Compare(p.ordinal(), other.ordinal()))
}

func (p part) ordinal() int {
	if p.named {
		return 1
	}
	return 0
}

func severalVersions(questionnaires map[string]bool) bool {
	codes := map[string]bool{}
	for id := range questionnaires {
		code, _, ok := ReadVersionID(id)
		if ok && codes[code] {
			return true
		}
		codes[code] = ok
	}
	return false
}

func (r Response) entry(at int) entry { return entry{path: r.UnitPath, on: r.AnsweredOn, at: at} }

// steps are those of the scope's unit in the scope's months.
func (s Scope) steps(entries []entry, least int) []step {
	return slices.DeleteFunc(release(entries, s.UnitID, s.Until, least), func(one step) bool {
		month := monthOf(one.on)
		return s.From != "" && month < s.From || s.To != "" && month > s.To
	})
}

func monthOf(day clock.Date) string { return day.String()[:len("2006-01")] }

// questions are those that the answered questionnaires ask, each once.
func questions(asked []Questionnaire, answered map[string]bool) []Question {
	var all []Question
	seen := map[string]bool{}
	for _, q := range asked {
		for _, question := range q.Questions {
			if answered[q.ID] && !seen[question.ID] {
				seen[question.ID] = true
				all = append(all, question)
			}
		}
	}
	return all
}

func askedIn(asked []Questionnaire, question string) map[string]Questionnaire {
	in := map[string]Questionnaire{}
	for _, q := range asked {
		if _, ok := q.Question(question); ok {
			in[q.ID] = q
		}
	}
	return in
}
