package talk

import (
	"time"
)

// PointKind is what somebody prepares to speak of.
type PointKind string

// The kinds of points.
const (
	Pleasure    PointKind = "pleasure"
	Displeasure PointKind = "displeasure"
	// Expectation is what is expected of the other one.
	Expectation PointKind = "expectation"
	Subject     PointKind = "subject"
)

// Point is one thing that somebody prepares to say.
type Point struct {
	ID    string    `json:"id"`
	Kind  PointKind `json:"kind"`
	Text  string    `json:"text"`
	Skill string    `json:"skill,omitempty"`
}

// Part is what a text of a talk is.
type Part string

// The parts of a talk.
const (
	PartPreparation Part = "preparation"
	PartShared      Part = "shared_notes"
	PartOwn         Part = "own_notes"
)

// Preparation is what somebody wants to speak of.
type Preparation struct {
	Points []Point `json:"points"`
}

// Text is one text of a talk: the preparation or the notes of one of the two, or the notes that they share. What it says lies
// sealed; when it was last saved does not.
type Text struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
	TalkID  string `bson:"talk_id"`
	// EmployeeID is whom the talk is about: whoever is erased takes the key along. Of a recruitment it is the talk's id.
	EmployeeID string `bson:"employee_id"`
	Part       Part   `bson:"part"`
	// AuthorID is empty for the shared notes.
	AuthorID string `bson:"author_id,omitempty"`
	// ManagerID is with whom: another manager later sees nothing of it.
	ManagerID string `bson:"manager_id"`
	// SharedAt is when the author let the other one read it.
	SharedAt time.Time `bson:"shared_at,omitempty"`
	Sealed   []byte    `bson:"sealed"`

	// Content is what Sealed holds.
	Content []byte `bson:"-"`
}

// NewText is a text that nobody has written yet. Notes that are shared belong to the pair: another manager begins others.
func NewText(t Talk, part Part, authorID string) Text {
	text := Text{TalkID: t.ID, EmployeeID: t.Secret(), Part: part, AuthorID: authorID, ManagerID: t.ManagerID}
	whose := authorID
	if part == PartShared {
		text.AuthorID, whose = "", t.ManagerID
	}
	text.ID = t.ID + "/" + string(part) + "/" + whose
	return text
}

// Share lets the other one of the talk read the text from now on; it was shared before if that is the same one.
func (x *Text) Share(t Talk, now time.Time) (changed bool) {
	if !x.SharedAt.IsZero() && x.ManagerID == t.ManagerID {
		return false
	}
	x.ManagerID, x.SharedAt = t.ManagerID, now
	return true
}

// Secret names the key under which what is said in the talk is sealed: the employee's, so that erasing the employee erases it.
func (t Talk) Secret() string {
	if t.EmployeeID == "" {
		return t.ID
	}
	return t.EmployeeID
}

// ReadableBy tells whether the person may read the text, as far as the text goes: whose talk it is, the talk tells.
func (x Text) ReadableBy(t Talk, personID string) bool {
	if !t.Of(personID) || x.TalkID != t.ID {
		return false
	}
	with := x.ManagerID == t.ManagerID
	switch x.Part {
	case PartShared:
		return with
	case PartPreparation:
		return x.AuthorID == personID || with && !x.SharedAt.IsZero()
	default:
		return x.AuthorID == personID
	}
}
