package applying

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/outbox"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/mongostore"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// dying fails at the given step, before or after the step had its effect, as a process does that is killed there.
type dying struct {
	Store
	at    int
	after bool
	mu    sync.Mutex // batches are applied side by side
	step  int
}

// dieIn makes the importer die at the step.
func dieIn(i *Importer, step int, after bool) {
	d := &dying{Store: i.store, at: step, after: after}
	announce := i.announce
	i.steps = d
	i.announce = func(ctx context.Context, events ...event.Event) error {
		return d.do(func() error { return announce(ctx, events...) })
	}
}

var errKilled = errors.New("killed")

func (d *dying) do(effect func() error) error {
	d.mu.Lock()
	d.step++
	here := d.step == d.at
	d.mu.Unlock()
	if here && !d.after {
		return errKilled
	}
	if err := effect(); err != nil {
		return err
	}
	if here {
		return errKilled
	}
	return nil
}

func (d *dying) Write(ctx context.Context, b importing.Batch) error {
	return d.do(func() error { return d.Store.Write(ctx, b) })
}

func (d *dying) Done(ctx context.Context, b importing.Batch) error {
	return d.do(func() error { return d.Store.Done(ctx, b) })
}

func (d *dying) Finish(ctx context.Context, id string) error {
	return d.do(func() error { return d.Store.Finish(ctx, id) })
}

const (
	people = 12
	batch  = 10 // so that a change of everybody takes two batches
)

func file(job string, more int) []byte {
	var b strings.Builder
	b.WriteString("Matricule;Nom;Prénom;Établissement;Service;Intitulé du poste;Date d'entrée;Langue\n")
	for i := range people + more {
		fmt.Fprintf(&b, "%d;NOM;Prénom;Nantes;Vélo;%s;14/09/2017;%s\n", i, job, map[bool]string{true: "fr", false: "en"}[job == "Vendeur"])
	}
	return []byte(b.String())
}

func importer(t *testing.T, db *mongo.Database) *Importer {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	require.NoError(t, mongodb.Migrate(t.Context(), db, mongostore.Migrations()))
	settings := Settings{Company: "Entreprise", Zone: zone, Language: "fr", MaxEnded: 0.1}
	i := NewImporter(mongostore.New(db), settings, clock.NewFrozen(time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC)), zap.NewNop(),
		outbox.NewRelay(db, nil, zap.NewNop()).Append)
	i.batch = batch
	return i
}

// told counts the people in the events that wait or were published, by type.
func told(t *testing.T, db *mongo.Database) map[string]int {
	t.Helper()
	cursor, err := db.Collection("events").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	var docs []struct {
		Event event.Event `bson:"event"`
	}
	require.NoError(t, cursor.All(t.Context(), &docs))
	count := map[string]int{}
	for _, d := range docs {
		var registered directoryv1.PeopleRegistered
		var hired directoryv1.PeopleHired
		var updated directoryv1.PeopleUpdated
		switch {
		case d.Event.Decode(&registered) == nil:
			count["registered"] += len(registered.GetPeople())
		case d.Event.Decode(&hired) == nil:
			count["hired"] += len(hired.GetPeople())
		case d.Event.Decode(&updated) == nil:
			count["updated"] += len(updated.GetPeople())
		}
	}
	return count
}

func TestAnImportSurvivesBeingKilledAtAnyStep(t *testing.T) {
	for _, after := range []bool{false, true} {
		for step := 1; step <= 7; step++ { // two batches: write, announce, done; then finish
			t.Run(fmt.Sprintf("step %d, after %t", step, after), func(t *testing.T) {
				db := mongotest.Database(t)
				whole := importer(t, db)
				_, err := whole.Import(t.Context(), Request{File: file("Vendeur", 0)})
				require.NoError(t, err)

				killed := importer(t, db)
				dieIn(killed, step, after)
				_, err = killed.Import(t.Context(), Request{File: file("Vendeuse", 5)})
				require.ErrorIs(t, err, errKilled)

				require.NoError(t, importer(t, db).Resume(t.Context()), "what starts again finishes it")

				require.Equal(t, map[string]int{"registered": people, "hired": 5, "updated": people}, told(t, db))
				stored, err := db.Collection("people").CountDocuments(t.Context(), bson.D{{Key: "job_title", Value: "Vendeuse"}})
				require.NoError(t, err)
				require.Equal(t, int64(people+5), stored)
				second, err := db.Collection("people").CountDocuments(t.Context(), bson.D{{Key: "version", Value: 2}, {Key: "language", Value: "en"}})
				require.NoError(t, err)
				require.Equal(t, int64(people), second, "each change is made once")
				left, err := db.Collection("batches").CountDocuments(t.Context(), bson.D{})
				require.NoError(t, err)
				require.Zero(t, left, "names do not stay behind")
				imports, err := whole.store.Imports(t.Context(), mongostore.OfPeople, 10)
				require.NoError(t, err)
				require.Len(t, imports, 2)
				require.True(t, imports[0].Applied)

				again, err := whole.Import(t.Context(), Request{File: file("Vendeuse", 5)})
				require.NoError(t, err)
				require.Equal(t, people+5, again.Report.Unchanged)
			})
		}
	}
}

func TestTheNextImportFinishesAnInterruptedOneFirst(t *testing.T) {
	db := mongotest.Database(t)
	killed := importer(t, db)
	dieIn(killed, 4, false)
	_, err := killed.Import(t.Context(), Request{File: file("Vendeur", 0)})
	require.ErrorIs(t, err, errKilled)

	result, err := importer(t, db).Import(t.Context(), Request{File: file("Vendeur", 3)})
	require.NoError(t, err)
	require.False(t, result.Report.Baseline)
	require.Equal(t, 3, result.Report.Added)
	require.Equal(t, people, result.Report.Unchanged)
	require.Equal(t, map[string]int{"registered": people, "hired": 3}, told(t, db))
}

func TestAPlanWhoseTurnIsOverIsNeverAccepted(t *testing.T) {
	db := mongotest.Database(t)
	slow := importer(t, db)
	err := slow.store.Through(t.Context(), func(ctx context.Context, pass mongostore.Pass) error {
		// The process stands still; its time runs out, and another import goes through.
		_, err := db.Collection("gate").UpdateOne(ctx, bson.D{}, bson.D{{Key: "$set", Value: bson.D{{Key: "until", Value: time.Unix(0, 0)}}}})
		require.NoError(t, err)
		_, err = importer(t, db).Import(ctx, Request{File: file("Vendeur", 0)})
		require.NoError(t, err)

		// It wakes and goes on with what it planned on an empty directory.
		var r Result
		r.ID = uuid.NewString()
		return slow.store.Accept(ctx, pass, r.Import, nil)
	})
	require.Error(t, err)
	accepted, err := slow.store.Accepted(t.Context())
	require.NoError(t, err)
	require.Empty(t, accepted)
	imports, err := slow.store.Imports(t.Context(), mongostore.OfPeople, 10)
	require.NoError(t, err)
	require.Len(t, imports, 1)
}

// remembering keeps the batches that were written, as a process does that stands still in the middle of one.
type remembering struct {
	Store
	mu      sync.Mutex
	batches []importing.Batch
}

func (r *remembering) Write(ctx context.Context, b importing.Batch) error {
	r.mu.Lock()
	r.batches = append(r.batches, b)
	r.mu.Unlock()
	return r.Store.Write(ctx, b)
}

func TestABatchThatIsWrittenLateChangesNothing(t *testing.T) {
	db := mongotest.Database(t)
	slow := importer(t, db)
	memory := &remembering{Store: slow.store}
	slow.steps = memory
	for _, job := range []string{"Vendeur", "Vendeuse"} {
		_, err := slow.Import(t.Context(), Request{File: file(job, 0)})
		require.NoError(t, err)
	}
	_, err := importer(t, db).Import(t.Context(), Request{File: file("Responsable", 0)})
	require.NoError(t, err)
	state := func() []bson.M {
		cursor, err := db.Collection("people").Find(t.Context(), bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
		require.NoError(t, err)
		var docs []bson.M
		require.NoError(t, cursor.All(t.Context(), &docs))
		return docs
	}
	before := state()
	for _, b := range memory.batches {
		require.NoError(t, slow.store.Write(t.Context(), b))
	}
	require.Equal(t, before, state())
}

func TestOneImportAtATime(t *testing.T) {
	db := mongotest.Database(t)
	one, other := importer(t, db), importer(t, db)
	require.NoError(t, one.store.Through(t.Context(), func(ctx context.Context, _ mongostore.Pass) error {
		_, err := other.Import(ctx, Request{File: file("Vendeur", 0)})
		require.ErrorIs(t, err, mongostore.ErrBusy)
		_, err = other.Import(ctx, Request{File: file("Vendeur", 0), DryRun: true})
		require.NoError(t, err, "trying a file waits for nobody")
		return nil
	}))
	_, err := other.Import(t.Context(), Request{File: file("Vendeur", 0)})
	require.NoError(t, err, "the gate opens at once")
}

func TestRedoingABatchTellsTheSameEvents(t *testing.T) {
	batch := importing.Batch{ImportID: uuid.NewString(), Seq: 3, AsOf: clock.Date{Year: 2026, Month: 11, Day: 2}, At: time.Unix(1, 0)}
	change := importing.Change{Tells: importing.Tells{Moved: true, Left: true}}
	change.Person.ID, change.Person.Version = uuid.NewString(), 2
	batch.Changes = append(batch.Changes, change)
	first, err := events(t.Context(), batch)
	require.NoError(t, err)
	second, err := events(t.Context(), batch)
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.Len(t, first, 2, "somebody may move and leave in one file")
	require.NotEqual(t, first[0].ID, first[1].ID)
}
