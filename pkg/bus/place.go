package bus

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Place is where an event stands on the bus. The life is part of it because a bus that lost its data counts anew: the same
// number then means another event.
type Place struct {
	// Life tells one making of the stream from another.
	Life uint64
	// Sequence counts the events of that life from 1.
	Sequence uint64
}

// lifeOf is the life of the stream that was made then.
func lifeOf(created time.Time) uint64 { return uint64(created.UnixNano()) }

// IsZero tells the place before everything.
func (p Place) IsZero() bool { return p == Place{} }

// String writes the place for whoever shall say later how far they have come: "dq0y3kz1x6ps-42".
func (p Place) String() string {
	return strconv.FormatUint(p.Life, 36) + "-" + strconv.FormatUint(p.Sequence, 10)
}

// ErrNoPlace says that a text is not one that String writes.
var ErrNoPlace = errors.New("not a place on the bus")

// ParsePlace reads what String wrote.
func ParsePlace(text string) (Place, error) {
	life, sequence, _ := strings.Cut(text, "-")
	var (
		p    Place
		errs [2]error
	)
	p.Life, errs[0] = strconv.ParseUint(life, 36, 64)
	p.Sequence, errs[1] = strconv.ParseUint(sequence, 10, 64)
	if errors.Join(errs[:]...) != nil {
		return Place{}, fmt.Errorf("%w: %q", ErrNoPlace, text)
	}
	return p, nil
}
