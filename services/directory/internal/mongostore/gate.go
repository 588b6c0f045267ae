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

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

// ErrBusy says that another import is going on.
var ErrBusy = errors.New("another import is running")

// errLost says that the gate was given to somebody else because this process stood still for too long.
var errLost = errors.New("lost the import gate")

const (
	gateID    = "imports"
	gateTTL   = 15 * time.Second // real time: how long the next import waits for one whose process died
	gateRenew = 4 * time.Second
)

// gateDoc is the one document through which every import passes. Who holds it may plan. That a plan was accepted is written
// here too, in one write that only its holder can do: so a plan made from a state that is no longer true is never accepted,
// and no plan is made while an accepted one is not through.
type gateDoc struct {
	Owner    string     `bson:"owner"`
	Turn     int64      `bson:"turn"` // grows each time that the gate is taken; never given twice
	Until    time.Time  `bson:"until"`
	Accepted string     `bson:"accepted"` // import that is being carried out; empty: none
	LastAsOf clock.Date `bson:"last_as_of"`
}

// Pass is the right to plan an import and carry it out.
type Pass struct {
	owner string
	turn  int64
}

// Through runs fn with the gate held, or returns ErrBusy at once. The context of fn ends when the gate is lost.
func (s *Store) Through(ctx context.Context, fn func(ctx context.Context, pass Pass) error) error {
	pass, err := s.enter(ctx)
	if err != nil {
		return err
	}
	inside, end := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		s.renew(inside, pass, end)
	}()
	err = fn(inside, pass)
	if lost := context.Cause(inside); errors.Is(lost, errLost) {
		err = errors.Join(lost, err)
	}
	end(context.Canceled)
	<-renewed
	s.leave(ctx, pass)
	return err
}

// enter takes the gate when it is free by the server's clock, or returns ErrBusy.
func (s *Store) enter(ctx context.Context) (Pass, error) {
	owner := uuid.NewString()
	free := bson.D{{Key: "$lte", Value: bson.A{bson.D{{Key: "$ifNull", Value: bson.A{"$until", "$$NOW"}}}, "$$NOW"}}}
	ifFree := func(then, otherwise any) bson.D { return bson.D{{Key: "$cond", Value: bson.A{free, then, otherwise}}} }
	turn := bson.D{{Key: "$ifNull", Value: bson.A{"$turn", int64(0)}}}
	update := mongo.Pipeline{{{Key: "$set", Value: bson.D{
		{Key: "owner", Value: ifFree(owner, "$owner")},
		{Key: "turn", Value: ifFree(bson.D{{Key: "$add", Value: bson.A{turn, int64(1)}}}, "$turn")},
		{Key: "until", Value: ifFree(inAWhile(), "$until")},
	}}}}
	var gate gateDoc
	err := s.gate.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: gateID}}, update,
		options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)).Decode(&gate)
	switch {
	case mongodb.IsDuplicate(err): // the very first two imports, at the same moment
		return Pass{}, ErrBusy
	case err != nil:
		return Pass{}, fmt.Errorf("entering the import gate: %w", err)
	case gate.Owner != owner:
		return Pass{}, ErrBusy
	}
	return Pass{owner: owner, turn: gate.Turn}, nil
}

func inAWhile() bson.D {
	return bson.D{{Key: "$add", Value: bson.A{"$$NOW", gateTTL.Milliseconds()}}}
}

// prolong keeps the gate; false when it is somebody else's or nobody's by now. It never takes it anew: others may have been
// through meanwhile, and what was planned before is no longer true.
func (s *Store) prolong(ctx context.Context, pass Pass) (bool, error) {
	result, err := s.gate.UpdateOne(ctx, held(pass), mongo.Pipeline{{{Key: "$set", Value: bson.D{{Key: "until", Value: inAWhile()}}}}})
	if err != nil {
		return false, fmt.Errorf("keeping the import gate: %w", err)
	}
	return result.MatchedCount == 1, nil
}

func held(pass Pass) bson.D {
	return bson.D{{Key: "_id", Value: gateID}, {Key: "owner", Value: pass.owner}}
}

func (s *Store) renew(ctx context.Context, pass Pass, end context.CancelCauseFunc) {
	until := time.Now().Add(gateTTL)
	ticker := time.NewTicker(gateRenew)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		asked := time.Now()
		kept, err := s.prolong(ctx, pass)
		switch {
		case err == nil && kept:
			until = asked.Add(gateTTL)
		case err == nil, time.Now().After(until):
			end(errLost)
			return
		}
	}
}

// leave opens the gate at once for the next; where that fails, it opens by itself.
func (s *Store) leave(ctx context.Context, pass Pass) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_, _ = s.gate.UpdateOne(ctx, held(pass), bson.D{{Key: "$unset", Value: bson.D{{Key: "owner", Value: ""}, {Key: "until", Value: ""}}}})
}

// Accepted is the import that is being carried out; empty: none.
func (s *Store) Accepted(ctx context.Context) (string, error) {
	gate, err := s.readGate(ctx)
	return gate.Accepted, err
}

func (s *Store) readGate(ctx context.Context) (gateDoc, error) {
	gate, err := mongodb.One[gateDoc](s.gate.FindOne(ctx, bson.D{{Key: "_id", Value: gateID}}))
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return gate, fmt.Errorf("reading the import gate: %w", err)
	}
	return gate, nil
}
