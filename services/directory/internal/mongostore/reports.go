package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/roster"
)

// MaxProblems is how many problems are kept of an import; its counts are whole.
const MaxProblems = 1000

// What an import was of.
const (
	OfPeople = ""
	OfUnits  = "units"
	OfEdit   = "edit" // of one unit, on a screen
)

// Import is an accepted import and its report. A report without a date is not about people: it dates no file.
type Import struct {
	ID         string
	Of         string
	FileName   string
	ImportedAt time.Time
	Applied    bool // false: still being carried out
	Report     importing.Report
}

type importDoc struct {
	ID         string       `bson:"_id"`
	Of         string       `bson:"of,omitempty"`
	FileName   string       `bson:"file_name"`
	ImportedAt time.Time    `bson:"imported_at"`
	Turn       int64        `bson:"turn"`     // of the gate, in which it was planned
	Accepted   bool         `bson:"accepted"` // by the gate; not yet: a plan that may never be
	Applied    bool         `bson:"applied"`
	AsOf       clock.Date   `bson:"as_of"`
	Baseline   bool         `bson:"baseline"`
	Added      int          `bson:"added"`
	Changed    int          `bson:"changed"`
	Moved      int          `bson:"moved"`
	Ended      int          `bson:"ended"`
	Unchanged  int          `bson:"unchanged"`
	Rejected   int          `bson:"rejected"`
	Warnings   int          `bson:"warnings"`
	Absent     int          `bson:"absent"`
	Problems   []problemDoc `bson:"problems"`
}

type problemDoc struct {
	Severity int    `bson:"severity"`
	Line     int    `bson:"line"`
	Column   string `bson:"column"`
	Code     string `bson:"code"`
	Value    string `bson:"value,omitempty"`
	Expected string `bson:"expected,omitempty"`
	Reason   string `bson:"reason"`
}

func toImportDoc(i Import) importDoc {
	r := i.Report
	d := importDoc{
		ID: i.ID, Of: i.Of, FileName: i.FileName, ImportedAt: i.ImportedAt, AsOf: r.AsOf, Baseline: r.Baseline, Added: r.Added,
		Changed: r.Changed, Moved: r.Moved, Ended: r.Ended, Unchanged: r.Unchanged, Rejected: r.Rejected, Warnings: r.Warnings, Absent: r.Absent,
	}
	for _, p := range r.Foremost(MaxProblems) {
		d.Problems = append(d.Problems, problemDoc{
			Severity: int(p.Severity), Line: p.Line, Column: p.Column, Code: string(p.Code),
			Value: p.Value, Expected: p.Expected, Reason: p.Reason,
		})
	}
	return d
}

func (d importDoc) imported() Import {
	i := Import{ID: d.ID, Of: d.Of, FileName: d.FileName, ImportedAt: d.ImportedAt.UTC(), Applied: d.Applied, Report: importing.Report{
		AsOf: d.AsOf, Baseline: d.Baseline, Added: d.Added, Changed: d.Changed, Moved: d.Moved, Ended: d.Ended, Unchanged: d.Unchanged,
		Rejected: d.Rejected, Warnings: d.Warnings, Absent: d.Absent,
	}}
	for _, p := range d.Problems {
		i.Report.Problems = append(i.Report.Problems, roster.Problem{
			Severity: roster.Severity(p.Severity), Line: p.Line, Column: p.Column,
			Code: roster.Code(p.Code), Value: p.Value, Expected: p.Expected, Reason: p.Reason,
		})
	}
	return i
}

// Imports lists up to limit accepted imports of people or of units, newest first.
func (s *Store) Imports(ctx context.Context, of string, limit int) ([]Import, error) {
	var kind any // imports of people say nothing of what they are of
	if of != OfPeople {
		kind = of
	}
	cursor, err := s.imports.Find(ctx, bson.D{{Key: "accepted", Value: true}, {Key: "of", Value: kind}},
		options.Find().SetSort(bson.D{{Key: "imported_at", Value: -1}}).SetLimit(int64(limit)))
	if err != nil {
		return nil, fmt.Errorf("listing imports: %w", err)
	}
	docs, err := mongodb.All[importDoc](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing imports: %w", err)
	}
	imports := make([]Import, len(docs))
	for i, d := range docs {
		imports[i] = d.imported()
	}
	return imports, nil
}
