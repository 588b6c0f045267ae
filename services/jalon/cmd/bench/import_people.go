package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

const (
	importedPeople = 100_000
	importPatience = 10 * time.Minute
	rawBatch       = 1000
)

// importPeople measures how long an HR file of 100,000 people takes from the call until the bus has acknowledged the last event:
// into an empty directory and, a month later, with one in twenty changed, both together. Directory is by itself, as in a process of its
// own: in one process the others plan and ask meanwhile.
func importPeople(ctx context.Context) (_ []figure, err error) {
	l, err := loneDirectory(ctx, noon)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.end()) }()

	today := clock.DateOf(noon, time.UTC)
	var took, limit time.Duration
	detail := map[string]any{"people": importedPeople}
	told := map[string]bool{}
	for _, month := range []struct {
		name    string
		changed bool
		asOf    clock.Date
	}{{"first", false, today.AddDays(-30)}, {"again", true, today}} {
		file := hrFile(month.changed)
		runtime.GC()
		memory := watchMemory()
		lasted, err := l.importTimed(ctx, file, month.asOf)
		heap := memory.stop()
		if err != nil {
			return nil, err
		}
		peak, err := residentPeak()
		if err != nil {
			return nil, err
		}
		if err := l.settle(ctx); err != nil {
			return nil, err
		}
		bare, err := l.importAgain(ctx, month.changed, told)
		if err != nil {
			return nil, err
		}
		took, limit = took+lasted, limit+bare.took
		detail[month.name] = map[string]any{
			"s": lasted.Seconds(), "limit_s": bare.took.Seconds(), "documents": bare.documents, "events": bare.events,
			"heap_peak_mib": heap, "process_peak_mib": peak,
		}
	}
	f := figure{Name: "import_people", Value: took.Seconds(), Unit: "s", Detail: detail}
	return []figure{f.over(limit.Seconds(),
		"the official clients writing the same documents of people and publishing the same events, 1,000 at a time")}, nil
}

// hrFile is the export of 100,000 people; a month later one in twenty is another: hired, gone, moved, or with another job.
func hrFile(monthLater bool) []byte {
	var file bytes.Buffer
	file.WriteString("Matricule;Nom;Prénom;E-mail professionnel;Matricule du manager;Établissement;Service;Intitulé du poste;Type de contrat;Date d'entrée;Date de sortie;Langue\n")
	people := importedPeople
	if monthLater {
		people += importedPeople / 100
	}
	for i := range people {
		store, job, hired, left := i/50%(importedPeople/50), "Vendeur", "06/01/2020", ""
		if i >= importedPeople {
			hired = "16/02/2026"
		} else if monthLater {
			switch i % 100 {
			case 20:
				left = "20/02/2026"
			case 40:
				store = (store + 1) % (importedPeople / 50)
			case 60, 80:
				job = "Responsable"
			}
		}
		fmt.Fprintf(&file, "%07d;Nom%d;Prénom%d;p%d@example.com;%07d;Magasin %d;Service %d;%s;CDI;%s;%s;fr\n",
			i+1, i, i, i, i/12, store, i%5, job, hired, left)
	}
	return file.Bytes()
}

// importTimed imports a file and waits until the bus has the last of its events.
func (l *lone) importTimed(ctx context.Context, file []byte, asOf clock.Date) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, importPatience)
	defer cancel()
	begin := time.Now()
	answer, err := l.peers.Directory().ImportPeople(identity.AsOperator(ctx), &directoryv1.ImportPeopleRequest{File: file, AsOf: asOf.String()})
	if err != nil {
		return 0, fmt.Errorf("importing %d people: %w", importedPeople, err)
	}
	if report := answer.GetReport(); report.GetOutcome() != directoryv1.ImportReport_OUTCOME_APPLIED {
		return 0, fmt.Errorf("importing %d people: refused, %v", importedPeople, report.GetRefusal())
	}
	for {
		batches, err := l.db.Collection("batches").CountDocuments(ctx, bson.D{{Key: "applied", Value: false}})
		if err != nil {
			return 0, err
		}
		events, err := l.db.Collection("events").CountDocuments(ctx, bson.D{{Key: "published", Value: false}})
		if err != nil {
			return 0, err
		}
		if batches == 0 && events == 0 {
			return time.Since(begin), nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("waiting for the last event: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// written is what a bare import wrote, and how long that took.
type written struct {
	took              time.Duration
	documents, events int
}

// importAgain writes what Jalon's import wrote, read back from its database, with the official clients. Reading is not counted.
func (l *lone) importAgain(ctx context.Context, changedOnly bool, told map[string]bool) (out written, err error) {
	filter := bson.D{}
	if changedOnly {
		filter = bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "version", Value: bson.D{{Key: "$gt", Value: 1}}}},
			bson.D{{Key: "number", Value: bson.D{{Key: "$gt", Value: fmt.Sprintf("%07d", importedPeople)}}}},
		}}}
	}
	err = chunks(ctx, l.db.Collection("people"), filter, func(docs []bson.Raw) error {
		writes := make([]mongo.WriteModel, len(docs))
		for i, d := range docs {
			id := bson.D{{Key: "_id", Value: d.Lookup("_id")}}
			if changedOnly {
				writes[i] = mongo.NewReplaceOneModel().SetFilter(id).SetReplacement(d).SetUpsert(true)
			} else {
				writes[i] = mongo.NewInsertOneModel().SetDocument(d)
			}
		}
		begin := time.Now()
		_, err := l.collection.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
		out.took += time.Since(begin)
		out.documents += len(docs)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("writing people with the bare client: %w", err)
	}
	err = chunks(ctx, l.db.Collection("events"), bson.D{}, func(docs []bson.Raw) error {
		var contents [][]byte
		for _, d := range docs {
			id := d.Lookup("_id").StringValue()
			_, content := d.Lookup("event", "data").Binary()
			if !told[id] {
				told[id] = true
				contents = append(contents, content)
			}
		}
		begin := time.Now()
		for _, content := range contents {
			if _, err := l.stream.PublishAsync(rawSubject, content); err != nil {
				return err
			}
		}
		select {
		case <-l.stream.PublishAsyncComplete():
		case <-ctx.Done():
			return ctx.Err()
		}
		out.took += time.Since(begin)
		out.events += len(contents)
		return nil
	})
	if err != nil {
		return out, fmt.Errorf("publishing events with the bare client: %w", err)
	}
	return out, nil
}

// chunks calls fn with the documents that match, so many at a time.
func chunks(ctx context.Context, from *mongo.Collection, filter bson.D, fn func([]bson.Raw) error) error {
	cursor, err := from.Find(ctx, filter, options.Find().SetBatchSize(rawBatch))
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(ctx) }()
	var some []bson.Raw
	for cursor.Next(ctx) {
		some = append(some, bytes.Clone(cursor.Current))
		if len(some) == rawBatch {
			if err := fn(some); err != nil {
				return err
			}
			some = nil
		}
	}
	if err := cursor.Err(); err != nil || len(some) == 0 {
		return err
	}
	return fn(some)
}

// residentPeak is the most memory in MiB that this process ever had, the engine's process apart.
func residentPeak() (int, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("reading this process's memory: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			var kilobytes int
			_, err := fmt.Sscan(rest, &kilobytes)
			return kilobytes >> 10, err
		}
	}
	return 0, errors.New("this process does not tell its peak of memory")
}
