// Package mongodb holds the few habits that every use of MongoDB in Jalon shares: durable writes, optimistic locking,
// idempotent inserts, migrations, leases and page tokens. It relies on nothing that a standalone server lacks: no
// transactions, change streams or TTL deletion.
package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

const (
	// callTimeout bounds every operation. The driver passes it on to the server, which would otherwise go on with a
	// query whose client is gone.
	callTimeout = 30 * time.Second
	// selectTimeout is how long an operation waits for a server that can take it: longer than an election.
	selectTimeout = 15 * time.Second
)

// ClientOptions are the options of every client: writes are acknowledged once a majority has them in its journal, since
// the default loses acknowledged writes when a server dies.
func ClientOptions(uri string) *options.ClientOptions {
	journal := true
	return options.Client().
		ApplyURI(uri).
		SetAppName("jalon").
		SetWriteConcern(&writeconcern.WriteConcern{W: writeconcern.WCMajority, Journal: &journal}).
		SetRetryWrites(true).
		SetRetryReads(true).
		SetServerSelectionTimeout(selectTimeout).
		SetTimeout(callTimeout).
		SetBSONOptions(&options.BSONOptions{NilSliceAsEmpty: true, NilMapAsEmpty: true})
}

// Option changes the options of a client before it connects.
type Option func(*options.ClientOptions)

// AppName names the client in the server's log.
func AppName(name string) Option {
	return func(o *options.ClientOptions) { o.SetAppName(name) }
}

// Connect returns a client that has reached its server. The caller disconnects it.
func Connect(ctx context.Context, uri string, opts ...Option) (*mongo.Client, error) {
	o := ClientOptions(uri)
	for _, opt := range opts {
		opt(o)
	}
	client, err := mongo.Connect(o)
	if err != nil {
		return nil, fmt.Errorf("configuring the MongoDB client: %w", err)
	}
	if err := client.Ping(ctx, nil); err != nil {
		err = fmt.Errorf("reaching MongoDB: %w", err)
		return nil, errors.Join(err, client.Disconnect(context.WithoutCancel(ctx)))
	}
	return client, nil
}
