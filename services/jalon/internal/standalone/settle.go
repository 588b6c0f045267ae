package standalone

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/rpc"
)

// Asking is work too: the longer there was something to do, the longer it waits before it asks again.
const (
	shortestPause = 5 * time.Millisecond
	longestPause  = 40 * time.Millisecond
)

// Settle returns when every service has done what is due by its clock and every event was handled. Work hops from service to
// service, and one look at each of them in turn can miss it in between; it cannot hide from two looks in a row.
func (j *Jalon) Settle(ctx context.Context) error {
	pause := shortestPause
	for quiet := 0; quiet < 2; {
		settled, err := j.settled(ctx)
		if err != nil {
			return err
		}
		if settled {
			quiet++
			continue
		}
		quiet = 0
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause = min(2*pause, longestPause)
		}
	}
	return nil
}

func (j *Jalon) settled(ctx context.Context) (bool, error) {
	for _, s := range j.services {
		settled, err := s.Settled(ctx)
		if err != nil {
			return false, fmt.Errorf("asking %s whether it is done: %w", s.parts.Name, err)
		}
		if !settled {
			return false, nil
		}
	}
	return j.bus.Settled(ctx)
}

// Peers calls the services in this process.
func (j *Jalon) Peers() rpc.Peers { return j.peers }

// Mongo is the database's client.
func (j *Jalon) Mongo() *mongo.Client { return j.mongo }

// Bus is the process's connection to the bus.
func (j *Jalon) Bus() *bus.Bus { return j.bus }

// OperatorKey is the key of the data folder.
func (j *Jalon) OperatorKey() string { return j.folder.OperatorKey }
