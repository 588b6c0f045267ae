package mongolocal_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"jalon.dev/pkg/mongolocal"
)

func socketOf(child *mongolocal.Child) string {
	path, _ := url.PathUnescape(strings.TrimPrefix(child.URI(), "mongodb://"))
	return path
}

// raw is a client without a driver's caution.
type raw struct {
	t    *testing.T
	conn net.Conn
}

func dial(t *testing.T, child *mongolocal.Child) raw {
	t.Helper()
	conn, err := net.Dial("unix", socketOf(child))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return raw{t, conn}
}

func (r raw) send(command bson.D) bson.M {
	r.t.Helper()
	document, err := bson.Marshal(command)
	require.NoError(r.t, err)
	message := binary.LittleEndian.AppendUint32(nil, uint32(21+len(document)))
	message = append(message, 1, 0, 0, 0, 0, 0, 0, 0)
	message = binary.LittleEndian.AppendUint32(message, 2013)
	message = append(message, 0, 0, 0, 0, 0)
	_, err = r.conn.Write(append(message, document...))
	require.NoError(r.t, err)
	return r.receive()
}

func (r raw) receive() bson.M {
	r.t.Helper()
	head := make([]byte, 21)
	_, err := io.ReadFull(r.conn, head)
	require.NoError(r.t, err)
	body := make([]byte, int(binary.LittleEndian.Uint32(head))-len(head))
	_, err = io.ReadFull(r.conn, body)
	require.NoError(r.t, err)
	var reply bson.M
	require.NoError(r.t, bson.Unmarshal(body, &reply))
	return reply
}

func TestCommandsThatWouldCrashTheEngineAreRefused(t *testing.T) {
	child := start(t, config(t))
	pid := child.PID()
	client := dial(t, child)
	session := bson.A{bson.D{{Key: "id", Value: bson.Binary{Subtype: 4, Data: make([]byte, 16)}}}}
	for _, command := range []bson.D{
		{{Key: "saslStart", Value: 1}, {Key: "mechanism", Value: "PLAIN"}, {Key: "payload", Value: "x"}},
		{{Key: "saslContinue", Value: 1}},
		{{Key: "authenticate", Value: 1}},
		{{Key: "startSession", Value: 1}},
		{{Key: "STARTSESSION", Value: 1}},
		{{Key: "endSessions", Value: session}},
		{{Key: "refreshSessions", Value: session}},
		{{Key: "killSessions", Value: session}},
		{{Key: "commitTransaction", Value: 1}},
		{{Key: "insert", Value: "x"}, {Key: "documents", Value: bson.A{bson.D{}}}, {Key: "startTransaction", Value: true}},
	} {
		reply := client.send(append(command, bson.E{Key: "$db", Value: "admin"}))
		require.EqualValues(t, 0, reply["ok"], command)
		require.Contains(t, reply["errmsg"], "not available on the local MongoDB engine", command)
	}
	require.EqualValues(t, 1, client.send(bson.D{{Key: "ping", Value: 1}, {Key: "$db", Value: "admin"}})["ok"])
	require.Equal(t, pid, child.PID())
}

func TestAGreetingOffersNoSessionsAndNoWaitingForChanges(t *testing.T) {
	child := start(t, config(t))
	reply := dial(t, child).send(bson.D{
		{Key: "hello", Value: 1},
		{Key: "topologyVersion", Value: bson.D{{Key: "processId", Value: bson.NewObjectID()}, {Key: "counter", Value: int64(0)}}},
		{Key: "maxAwaitTimeMS", Value: 10000},
		{Key: "compression", Value: bson.A{"zstd"}},
		{Key: "client", Value: bson.D{{Key: "driver", Value: bson.D{{Key: "name", Value: "x"}, {Key: "version", Value: "1"}}}}},
		{Key: "$db", Value: "admin"},
	})
	require.EqualValues(t, 1, reply["ok"])
	require.Equal(t, true, reply["isWritablePrimary"])
	require.NotContains(t, reply, "logicalSessionTimeoutMinutes")
	require.NotContains(t, reply, "topologyVersion")
	require.NotContains(t, reply, "compression")
}

func TestAMessageThatFollowsNoProtocolEndsItsConnectionOnly(t *testing.T) {
	child := start(t, config(t))
	pid := child.PID()
	rude := dial(t, child)
	_, err := rude.conn.Write([]byte(strings.Repeat("GET / HTTP/1.1\r\n", 10)))
	require.NoError(t, err)
	_, err = io.ReadAll(rude.conn)
	if err != nil {
		require.ErrorContains(t, err, "reset")
	}
	require.EqualValues(t, 1, dial(t, child).send(bson.D{{Key: "ping", Value: 1}, {Key: "$db", Value: "admin"}})["ok"])
	require.Equal(t, pid, child.PID())
}

func TestTheLargestBatchesAndDocumentsPass(t *testing.T) {
	cfg := config(t)
	core, complaints := observer.New(zap.WarnLevel)
	cfg.Log = zap.New(core)
	child := start(t, cfg)
	things := connect(t, child).Collection("things")

	batch := make([]any, 6000)
	for i := range batch {
		batch[i] = bson.D{{Key: "_id", Value: i}, {Key: "text", Value: strings.Repeat("x", 10_000)}}
	}
	_, err := things.InsertMany(t.Context(), batch)
	require.NoError(t, err)
	n, err := things.CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.EqualValues(t, len(batch), n)

	large := bson.D{{Key: "_id", Value: "large"}, {Key: "text", Value: strings.Repeat("x", 16<<20-100)}}
	_, err = things.InsertOne(t.Context(), large)
	require.NoError(t, err)
	var back bson.D
	require.NoError(t, things.FindOne(t.Context(), bson.D{{Key: "_id", Value: "large"}}).Decode(&back))
	require.Equal(t, large, back)

	_, err = things.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "too large"}, {Key: "text", Value: strings.Repeat("x", 17<<20)}})
	require.Error(t, err)
	require.Empty(t, complaints.All())
}

func TestADriverIsToldThatThereAreNoTransactions(t *testing.T) {
	child := start(t, config(t))
	client := connect(t, child).Client()
	session, err := client.StartSession()
	if err == nil {
		defer session.EndSession(t.Context())
		err = mongo.WithSession(t.Context(), session, func(ctx context.Context) error { return client.Ping(ctx, nil) })
	}
	require.ErrorContains(t, err, "sessions")
}
