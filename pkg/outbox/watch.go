package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/zap"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

const (
	// markCollection holds one document: the bus that has all the published events.
	markCollection = "relay"
	// glance is how often the bus is asked whether it still is the same.
	glance = 2 * time.Second
	// unsure is how much of the past the bus may have forgotten when its server's machine lost power: a server that is not
	// told otherwise syncs its files every two minutes. The bus recognises repetitions for longer.
	unsure = 3 * time.Minute
)

// Streams tells which stream of a service there is now, and which run of the server keeps it; a stream that lost its data
// is another one. Where a Publisher can tell, the relay notices that and publishes again what it kept.
type Streams interface {
	Incarnation(ctx context.Context, service string) (stream, server string, err error)
}

// mark is the bus as it was when it had everything.
type mark struct {
	ID     string `bson:"_id"`
	Stream string `bson:"stream"`
	Server string `bson:"server"`
}

const busMark = "bus"

// watch publishes events again that the bus lost: all that are kept when its stream is another one, and the last
// minutes' when only its server is. The bus drops what it still has, consumers know the rest.
func (r *Relay) watch(ctx context.Context) error {
	streams, ok := r.pub.(Streams)
	if !ok || time.Since(r.looked) < glance {
		return nil
	}
	newest, err := r.newest(ctx)
	if err != nil || newest.ID == "" { // nothing was published, nothing can be lost
		return err
	}
	began := time.Now()
	var now mark
	now.ID = busMark
	if now.Stream, now.Server, err = streams.Incarnation(ctx, event.Service(newest.Event.Type)); err != nil {
		return fmt.Errorf("asking the bus whether it still is the same: %w", err)
	}
	if r.mark.ID == "" {
		if r.mark, err = r.readMark(ctx); err != nil {
			return err
		}
	}
	if now != r.mark {
		if err := r.makeUp(ctx, now, newest.KeptAt); err != nil {
			return err
		}
		r.mark = now
	}
	r.looked = began
	return nil
}

func (r *Relay) makeUp(ctx context.Context, now mark, newest time.Time) error {
	var since time.Time
	if now.Stream == r.mark.Stream {
		since = newest
		if !r.looked.IsZero() && r.looked.Before(since) {
			since = r.looked
		}
		since = since.Add(-unsure)
	}
	n, err := r.Republish(ctx, since)
	if err != nil {
		return fmt.Errorf("publishing again what the bus may have lost: %w", err)
	}
	if since.IsZero() && r.mark.Stream != "" {
		r.log.Warn("the bus had lost its data: everything kept was published again", zap.Int("events", n))
	}
	_, err = r.db.Collection(markCollection).ReplaceOne(ctx, bson.D{{Key: "_id", Value: now.ID}}, now, options.Replace().SetUpsert(true))
	if err != nil {
		return fmt.Errorf("noting that the bus has everything: %w", err)
	}
	return nil
}

// newest is the event that was published last; the zero value where none was.
func (r *Relay) newest(ctx context.Context) (kept, error) {
	var k kept
	err := r.events().FindOne(ctx, bson.D{{Key: "published", Value: true}}, options.FindOne().
		SetSort(bson.D{{Key: "kept_at", Value: -1}}).
		SetProjection(bson.D{{Key: "event.type", Value: 1}, {Key: "kept_at", Value: 1}})).Decode(&k)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return kept{}, fmt.Errorf("reading the newest published event: %w", err)
	}
	return k, nil
}

func (r *Relay) readMark(ctx context.Context) (mark, error) {
	m, err := mongodb.One[mark](r.db.Collection(markCollection).FindOne(ctx, bson.D{{Key: "_id", Value: busMark}}))
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return mark{}, fmt.Errorf("reading which bus has everything: %w", err)
	}
	return m, nil
}
