package mongolocal_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"jalon.dev/pkg/mongolocal"
)

func TestAKilledEngineComesBackOnTheSameAddressWithAllThatWasAcknowledged(t *testing.T) {
	cfg := config(t)
	cfg.Log = zap.NewNop()
	restarts := make(chan error, 100)
	cfg.OnRestart = func(cause error) { restarts <- cause }
	child := start(t, cfg)
	uri := child.URI()
	db := connect(t, child)

	const writers, kills = 4, 5
	ctx, stop := context.WithCancel(t.Context())
	acknowledged := make([][]int64, writers)
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() { acknowledged[w] = write(ctx, db.Collection("written"), int64(w)) })
	}
	for range kills {
		// Each kill hits an engine that is taking writes.
		before, err := db.Collection("written").EstimatedDocumentCount(t.Context())
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			now, err := db.Collection("written").EstimatedDocumentCount(t.Context())
			return err == nil && now > before+50
		}, 20*time.Second, 5*time.Millisecond)
		pid := child.PID()
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
		require.Error(t, <-restarts)
		awaitRestart(t, child, pid)
	}
	stop()
	writing.Wait()

	require.Equal(t, uri, child.URI())
	require.NoError(t, child.Ready())
	total := 0
	for _, ids := range acknowledged {
		found, err := db.Collection("written").CountDocuments(t.Context(), bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
		require.NoError(t, err)
		require.EqualValues(t, len(ids), found, "acknowledged writes are kept")
		total += len(ids)
	}
	require.Greater(t, total, kills*50)
}

// write inserts documents until ctx ends and returns the ids of those that were acknowledged.
func write(ctx context.Context, into *mongo.Collection, writer int64) (acknowledged []int64) {
	for n := int64(0); ctx.Err() == nil; n++ {
		id := writer<<32 | n
		if _, err := into.InsertOne(ctx, bson.D{{Key: "_id", Value: id}}); err == nil {
			acknowledged = append(acknowledged, id)
		}
	}
	return acknowledged
}

func TestStoppingEndsTheProcessAndMayBeDoneTwice(t *testing.T) {
	child := start(t, config(t))
	pid := child.PID()

	var stopping sync.WaitGroup
	for range 3 {
		stopping.Go(child.Stop)
	}
	stopping.Wait()
	child.Stop()

	require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
	require.Error(t, child.Ready())
	require.Zero(t, child.PID())
	require.NoFileExists(t, socketOf(child))
}

func TestADataFolderOutlivesItsEngine(t *testing.T) {
	cfg := config(t)
	first := start(t, cfg)
	_, err := connect(t, first).Collection("kept").InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}})
	require.NoError(t, err)
	first.Stop()

	second := start(t, cfg)

	require.NoError(t, connect(t, second).Collection("kept").FindOne(t.Context(), bson.D{{Key: "_id", Value: 1}}).Err())
}

func TestADataFolderInUseIsRefusedByName(t *testing.T) {
	cfg := config(t)
	first := start(t, cfg)

	_, err := mongolocal.StartChild(t.Context(), cfg)

	var inUse *mongolocal.InUseError
	require.ErrorAs(t, err, &inUse)
	require.Equal(t, cfg.DataDir, inUse.Dir)
	require.ErrorContains(t, err, cfg.DataDir)
	require.NoError(t, connect(t, first).Client().Ping(t.Context(), nil), "the first engine is unharmed")
}

func TestTheEngineEndsWithAKilledParentAndItsFolderCanBeOpenedAtOnce(t *testing.T) {
	cfg := config(t)
	parent := startParent(t, cfg.DataDir)
	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait()

	start(t, cfg)
}

func TestAnEngineThatDoesNotStopIsKilled(t *testing.T) {
	cfg := config(t)
	cfg.StopPatience = 50 * time.Millisecond
	child := start(t, cfg)
	pid := child.PID()
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))

	child.Stop()

	require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
}

func TestALibraryThatCannotBeLoadedIsNamed(t *testing.T) {
	cfg := config(t)
	cfg.Library = filepath.Join(t.TempDir(), "absent.so")
	_, err := mongolocal.StartChild(t.Context(), cfg)
	require.ErrorContains(t, err, cfg.Library)
}

func TestStartingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := mongolocal.StartChild(ctx, config(t))
	require.ErrorIs(t, err, context.Canceled)
}

func TestALongFolderForTemporaryFilesIsNoHindrance(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 100))
	require.NoError(t, os.Mkdir(long, 0o700))
	t.Setenv("XDG_RUNTIME_DIR", "")
	t.Setenv("TMPDIR", long)
	child := start(t, config(t))
	require.NoError(t, connect(t, child).Client().Ping(t.Context(), nil))
	left, err := os.ReadDir(long)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestNoContentOfDocumentsReachesTheLog(t *testing.T) {
	cfg := config(t)
	core, lines := observer.New(zap.DebugLevel)
	cfg.Log = zap.New(core)
	child := start(t, cfg)
	people := connect(t, child).Collection("people")
	_, err := people.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}, {Key: "name", Value: "Zéphyrine"}})
	require.NoError(t, err)
	_, err = people.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}, {Key: "name", Value: "Zéphyrine"}})
	require.True(t, mongo.IsDuplicateKeyError(err))
	_, err = people.UpdateOne(t.Context(), bson.D{{Key: "name", Value: "Zéphyrine"}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "name", Value: 1}}}})
	require.Error(t, err)
	child.Stop()
	for _, line := range lines.All() {
		require.NotContains(t, line.Message, "Zéphyrine")
		require.NotContains(t, line.ContextMap(), "Zéphyrine")
	}
}
