package importing

import (
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/unit"
)

// BatchSize is how many people, or units, are written and told of at once: the most that an event carries.
const BatchSize = 1000

// Batch is the part of a plan that is written together and told in events of its own. It holds units or changes, not both.
type Batch struct {
	ImportID string
	Seq      int
	AsOf     clock.Date
	At       time.Time // when the import was accepted, by the service's clock
	Units    []unit.Unit
	Changes  []Change
}

// Batches cuts the plan into parts of at most size, units first: nobody should hear of people in a unit that is not there.
func (p Plan) Batches(size int, importID string, asOf clock.Date, at time.Time) []Batch {
	var batches []Batch
	add := func(b Batch) {
		b.ImportID, b.Seq, b.AsOf, b.At = importID, len(batches), asOf, at
		batches = append(batches, b)
	}
	for units := range slices.Chunk(p.Units, size) {
		add(Batch{Units: units})
	}
	for changes := range slices.Chunk(p.Changes, size) {
		add(Batch{Changes: changes})
	}
	return batches
}
