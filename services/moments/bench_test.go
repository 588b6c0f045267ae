package moments_test

import (
	"fmt"
	"os"
	"runtime/pprof"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments"
)

func TestFigures(t *testing.T) {
	t.Run("due", func(t *testing.T) {
		in := install(t, moments.Config{})
		begin := time.Now()
		for b := range 20 {
			in.tell(&directoryv1.PeopleHired{People: employees(1000*b, 1000, "2026-11-02"), AsOf: "2026-11-02"})
		}
		in.settle()
		fmt.Println("20,000 hires opened in", time.Since(begin))
		begin = time.Now()
		c0 := cpu()
		pf, _ := os.Create("/tmp/mo.due.prof")
		_ = pprof.StartCPUProfile(pf)
		in.clock.Set(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC))
		in.settle()
		fmt.Println("20,000 due released in", time.Since(begin))
		in.settle()
		pprof.StopCPUProfile()
		fmt.Println("  settled", time.Since(begin), "cpu us per follow-up", (cpu()-c0)/20_000)
	})
	t.Run("answers", func(t *testing.T) {
		in := install(t, visits())
		const n = 6000
		var invitations []string
		for b := range n / 1000 {
			people := employees(1000*b+1, 1000, "2019-05-01")
			in.tell(&directoryv1.PeopleRegistered{People: people, AsOf: "2026-11-02"})
		}
		in.settle()
		begin := time.Now()
		var wg sync.WaitGroup
		work := make(chan int)
		invitations = make([]string, n)
		for range 64 {
			wg.Go(func() {
				for i := range work {
					invitations[i] = in.declare(personID(i + 1))
				}
			})
		}
		for i := range n {
			work <- i
		}
		close(work)
		wg.Wait()
		fmt.Println("declared/s", float64(n)/time.Since(begin).Seconds())
		in.settle()
		begin = time.Now()
		c0 := cpu()
		pf, _ := os.Create("/tmp/mo.ans.prof")
		_ = pprof.StartCPUProfile(pf)
		work = make(chan int)
		for range 64 {
			wg.Go(func() {
				for i := range work {
					_, err := in.answer(i+1, invitations[i], answers("curious", 3, "hello"))
					require.NoError(t, err)
				}
			})
		}
		for i := range n {
			work <- i
		}
		close(work)
		wg.Wait()
		took := time.Since(begin).Seconds()
		pprof.StopCPUProfile()
		in.settle()
		fmt.Println("cpu us per answer", (cpu()-c0)/n)
		c0 = cpu()
		begin = time.Now()
		work = make(chan int)
		for range 64 {
			wg.Go(func() {
				for range work {
					_, err := in.db.Collection("raw").InsertOne(t.Context(), bson.D{{Key: "_id", Value: uuid.NewString()}, {Key: "a", Value: "curious"}})
					require.NoError(t, err)
				}
			})
		}
		for i := range n {
			work <- i
		}
		close(work)
		wg.Wait()
		raw := time.Since(begin).Seconds()
		fmt.Println("cpu us per raw", (cpu()-c0)/n)
		fmt.Println("answers/s", n/took, "raw inserts/s", n/raw, "ratio", raw/took)
	})
}

func cpu() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano()/1000 + u.Stime.Nano()/1000
}
