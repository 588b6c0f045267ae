// Package mongotest gives tests a real MongoDB: the engine of package mongolocal inside the test's own process, or the
// server that MONGODB_URI names.
//
//	func TestMain(m *testing.M) { mongotest.Main(m) }
//
//	func TestSomething(t *testing.T) {
//		db := mongotest.Database(t) // empty, and dropped when the test ends
//	}
package mongotest

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongolocal"
	"jalon.dev/pkg/mongolocal/install"
)

// The engine opens on the main thread only, where init functions, and then TestMain, run.
func init() { runtime.LockOSThread() }

// shared is the client of the package under test; TestMain is the only place that tests have to make it in.
var shared *mongo.Client

// patience is how long reaching and leaving the database, and dropping a test's, may take.
const patience = 30 * time.Second

// cacheMiB is plenty for tests, of which several packages run at a time.
const cacheMiB = 64

// Main runs a package's tests with a database and ends the process. Without an installed engine, and without MONGODB_URI,
// it fails: tests are never skipped silently. What tests share besides is closed by after.
func Main(m *testing.M, after ...func()) {
	code, err := run(m)
	for _, fn := range after {
		fn()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mongotest:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	uri, dial := os.Getenv("MONGODB_URI"), func(*options.ClientOptions) {}
	if uri == "" {
		engine, done, err := open()
		if err != nil {
			return 0, err
		}
		defer done()
		uri, dial = "mongodb://in-memory", func(o *options.ClientOptions) { o.SetDialer(engine) }
	}
	// The tests themselves have no use for the main thread.
	runtime.UnlockOSThread()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if shared, err = mongodb.Connect(ctx, uri, mongodb.AppName("jalon-test"), dial); err != nil {
		return 0, err
	}
	defer disconnect()
	return m.Run(), nil
}

func open() (engine *mongolocal.Engine, done func(), err error) {
	library, err := install.Find()
	if err != nil {
		return nil, nil, fmt.Errorf("%w (or set MONGODB_URI to use another MongoDB)", err)
	}
	dir, remove, err := dataDir()
	if err != nil {
		return nil, nil, err
	}
	engine, err = mongolocal.Open(mongolocal.Options{Library: library, Dir: dir, CacheMiB: cacheMiB, Log: complain})
	if err != nil {
		remove()
		return nil, nil, err
	}
	done = func() {
		if err := engine.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "mongotest:", err)
		}
		remove()
	}
	return engine, done, nil
}

// complain shows what the engine says when something is really wrong.
func complain(m mongolocal.Message) {
	if m.Severity <= mongolocal.Error {
		fmt.Fprintf(os.Stderr, "mongotest: engine: %s %d: %s\n", m.Component, m.ID, m.Text)
	}
}

func disconnect() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := shared.Disconnect(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "mongotest: disconnecting:", err)
	}
}

// Client returns the client that all tests of the package share.
func Client(t testing.TB) *mongo.Client {
	t.Helper()
	if shared == nil {
		t.Fatal("no database: the package needs func TestMain(m *testing.M) { mongotest.Main(m) }")
	}
	return shared
}

// Database returns an empty database of the test's own, which is dropped when the test ends.
func Database(t testing.TB) *mongo.Database {
	t.Helper()
	db := Client(t).Database("test_" + uuid.NewString()[:13])
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
		defer cancel()
		if err := db.Drop(ctx); err != nil {
			t.Errorf("dropping the test's database: %v", err)
		}
	})
	return db
}
