package survey

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Version is one version of a questionnaire that HR wrote: a draft until it is published, and the same for ever from then on.
type Version struct {
	ID     string `bson:"_id"`
	Code   string `bson:"code"`
	Number int    `bson:"number"`
	// Revision counts the changes of all versions of the code.
	Revision  int64         `bson:"version"`
	Content   Questionnaire `bson:",inline"`
	ChangedAt time.Time     `bson:"changed_at"`
	// ChangedBy is a person's id; empty where that was no person.
	ChangedBy string `bson:"changed_by,omitempty"`
	Published bool   `bson:"published"`
}

// VersionID is what follow-ups and responses call a version of a questionnaire.
func VersionID(code string, number int) string { return code + ".v" + strconv.Itoa(number) }

// ReadVersionID is the way back from a version's id.
func ReadVersionID(id string) (code string, number int, ok bool) {
	at := strings.LastIndex(id, ".v")
	if at < 0 {
		return "", 0, false
	}
	number, err := strconv.Atoi(id[at+2:])
	return id[:at], number, err == nil && number > 0
}

// Newest are the last versions of questionnaires whose ids carry one, sorted by id.
func (qs Questionnaires) Newest() []Questionnaire {
	newest := map[string]int{}
	for id := range qs {
		if code, number, ok := ReadVersionID(id); ok {
			newest[code] = max(newest[code], number)
		}
	}
	var all []Questionnaire
	for code, number := range newest {
		all = append(all, qs[VersionID(code, number)])
	}
	slices.SortFunc(all, func(a, b Questionnaire) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Questionnaire is the version's content under its id.
func (v Version) Questionnaire() Questionnaire {
	q := v.Content
	q.ID = v.ID
	return q
}

// Holds tells that the version says just this already.
func (v Version) Holds(q Questionnaire) bool {
	q.ID = v.Content.ID
	return reflect.DeepEqual(v.Content, q)
}

// Settle gives each question the id under which its answers are read. Questions with one id are one question, and their answers
// are read together; so a question keeps its id only where it is word for word the question that is known under it, and any
// other is called by what it says.
func (q Questionnaire) Settle(known Questionnaires) Questionnaire {
	meant := map[string]Question{}
	for _, other := range known {
		for _, question := range other.Questions {
			meant[question.ID] = question
		}
	}
	settled := q
	settled.Questions = slices.Clone(q.Questions)
	names := map[string]string{}
	for i := range settled.Questions {
		question := &settled.Questions[i]
		draft := question.ID
		if same, ok := meant[draft]; !ok || !question.same(same) {
			question.ID = question.fingerprint()
		}
		names[draft] = question.ID
	}
	for i := range settled.Questions {
		if c := settled.Questions[i].ShowIf; c != nil {
			moved := *c
			moved.Question = names[c.Question]
			settled.Questions[i].ShowIf = &moved
		}
	}
	return settled
}

// fingerprint is the same for questions that same calls the same, and for no others.
func (q Question) fingerprint() string {
	// Nothing in these types can fail to be written as JSON.
	content, _ := json.Marshal([]any{q.Kind, q.Text, q.Points, q.Measure, q.Low, q.High, q.Options})
	sum := sha256.Sum256(content)
	return fmt.Sprintf("q_%s", hex.EncodeToString(sum[:10]))
}
