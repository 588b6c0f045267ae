package mongostore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/barometer/internal/customers"
)

const (
	wavesCollection      = "customer_waves"
	customersCollection  = "customer_counts"
	benchmarksCollection = "benchmarks"
)

// Wave is a wave of the customer panel that is kept.
type Wave struct {
	Name customers.Wave `bson:"_id"`
	// Import names the counts that hold: those of an import that was replaced, or did not come to its end, have another.
	Import      string    `bson:"import"`
	ImportedAt  time.Time `bson:"imported_at"`
	FileName    string    `bson:"file_name,omitempty"`
	Stores      int       `bson:"stores"`
	Respondents int       `bson:"respondents"`
}

type keptCounts struct {
	ID               string `bson:"_id"`
	Import           string `bson:"import"`
	customers.Counts `bson:",inline"`
}

// Customers keeps what is counted of the customer panel. It knows stores and no customer.
type Customers struct {
	waves, counts *mongo.Collection
	lease         *mongodb.Lease
}

// NewCustomers returns the store of the database.
func NewCustomers(db *mongo.Database) *Customers {
	return &Customers{db.Collection(wavesCollection), db.Collection(customersCollection), mongodb.NewLease(db, "customers")}
}

// CustomersMigration indexes what is kept of the customer panel.
func CustomersMigration(version int) mongodb.Migration {
	return mongodb.Migration{Version: version, Name: "index customers by wave and store", Up: func(ctx context.Context, db *mongo.Database) error {
		for _, keys := range []bson.D{{{Key: "wave", Value: 1}, {Key: "import", Value: 1}}, {{Key: "store", Value: 1}}} {
			if _, err := db.Collection(customersCollection).Indexes().CreateOne(ctx, mongo.IndexModel{Keys: keys}); err != nil {
				return fmt.Errorf("indexing %s: %w", customersCollection, err)
			}
		}
		return nil
	}}
}

// Keep takes waves in, each in place of what is kept of it. A wave changes all at once: its counts are written first, and hold when the
// wave names them. Those that held until then stay for whoever is reading them, until the wave is replaced again.
func (s *Customers) Keep(ctx context.Context, at time.Time, fileName string, counts []customers.Counts) error {
	kept := Wave{Import: uuid.NewString(), ImportedAt: at, FileName: fileName}
	byWave := map[customers.Wave][]any{}
	respondents := map[customers.Wave]int{}
	for _, c := range counts {
		byWave[c.Wave] = append(byWave[c.Wave], keptCounts{ID: uuid.NewString(), Import: kept.Import, Counts: c})
		respondents[c.Wave] += c.Respondents
	}
	return s.lease.Hold(ctx, func(ctx context.Context) error {
		for name, docs := range byWave {
			kept.Name, kept.Stores, kept.Respondents = name, len(docs), respondents[name]
			if err := s.replace(ctx, kept, docs); err != nil {
				return fmt.Errorf("keeping wave %s: %w", name, err)
			}
		}
		return nil
	})
}

func (s *Customers) replace(ctx context.Context, w Wave, docs []any) error {
	before, err := mongodb.One[Wave](s.waves.FindOne(ctx, bson.D{{Key: "_id", Value: w.Name}}))
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return err
	}
	// Redone after the lease was lost, the attempt before is cleared too.
	stale := bson.D{{Key: "wave", Value: w.Name}, {Key: "import", Value: bson.D{{Key: "$ne", Value: before.Import}}}}
	if before.Import != w.Import {
		if _, err := s.counts.DeleteMany(ctx, stale); err != nil {
			return err
		}
		if _, err := mongodb.InsertNew(ctx, s.counts, docs); err != nil {
			return err
		}
	}
	_, err = s.waves.ReplaceOne(ctx, bson.D{{Key: "_id", Value: w.Name}}, w, options.Replace().SetUpsert(true))
	return err
}

// Remove forgets a wave; one that is not kept is forgotten already.
func (s *Customers) Remove(ctx context.Context, name customers.Wave) error {
	return s.lease.Hold(ctx, func(ctx context.Context) error {
		if _, err := s.waves.DeleteOne(ctx, bson.D{{Key: "_id", Value: name}}); err != nil {
			return fmt.Errorf("removing wave %s: %w", name, err)
		}
		if _, err := s.counts.DeleteMany(ctx, bson.D{{Key: "wave", Value: name}}); err != nil {
			return fmt.Errorf("removing the counts of wave %s: %w", name, err)
		}
		return nil
	})
}

// Waves returns the waves that are kept, in no order: a panel has three a year.
func (s *Customers) Waves(ctx context.Context) ([]Wave, error) {
	cursor, err := s.waves.Find(ctx, bson.D{})
	if err != nil {
		return nil, fmt.Errorf("reading the waves of customers: %w", err)
	}
	waves, err := mongodb.All[Wave](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading the waves of customers: %w", err)
	}
	return waves, nil
}

// Of returns what is counted in the waves, of all stores.
func (s *Customers) Of(ctx context.Context, waves ...Wave) ([]customers.Counts, error) {
	return s.find(ctx, waves, bson.D{})
}

// OfStores returns what is counted in the waves, of some stores.
func (s *Customers) OfStores(ctx context.Context, stores []string, waves ...Wave) ([]customers.Counts, error) {
	return s.find(ctx, waves, bson.D{{Key: "store", Value: bson.D{{Key: "$in", Value: stores}}}})
}

func (s *Customers) find(ctx context.Context, waves []Wave, filter bson.D) ([]customers.Counts, error) {
	if len(waves) == 0 {
		return nil, nil
	}
	holds := make([]bson.D, len(waves))
	for i, w := range waves {
		holds[i] = bson.D{{Key: "wave", Value: w.Name}, {Key: "import", Value: w.Import}}
	}
	cursor, err := s.counts.Find(ctx, append(filter, bson.E{Key: "$or", Value: holds}), options.Find().SetBatchSize(10_000))
	if err != nil {
		return nil, fmt.Errorf("reading what customers said: %w", err)
	}
	counts, err := mongodb.All[customers.Counts](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading what customers said: %w", err)
	}
	return counts, nil
}
