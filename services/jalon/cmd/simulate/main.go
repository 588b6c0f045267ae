// Command simulate lets the sample company live a year with a whole Jalon under a clock that it moves, breaks things on the way,
// and checks after every half day that what Jalon promises still holds. The same seed lives the same life; when a fault strikes
// inside a step, the machine decides.
//
//	simulate -seed 7 -days 365 -people 200
//
// It ends with 1 at the first broken promise, and says which, when, who and the seed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"jalon.dev/pkg/mongolocal"
	"jalon.dev/services/jalon/internal/standalone"
)

// See cmd/jalon: the engine's process is this program again.
func init() { runtime.LockOSThread() }

func main() {
	if len(os.Args) > 1 && os.Args[1] == standalone.EngineArgument {
		os.Exit(mongolocal.ServeMain(os.Args[2:]))
	}
	runtime.UnlockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(1)
	}
}

// plan is what a run is to be.
type plan struct {
	seed   uint64
	days   int
	people int
	// importDays is how many days lie between two exports of HR.
	importDays int
	// faultsOften is in how many half days one sees a fault strike; 0 is never.
	faultsOften int
	// outages is after how many days one sees Jalon stand still for a few; 0 is never.
	outages int
	// each makes every fault strike once, in turn, before chance decides.
	each bool
	log  string
}

func run(ctx context.Context, args []string, out io.Writer) error {
	p := plan{each: true}
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.Uint64Var(&p.seed, "seed", 0, "what decides everything; drawn when 0")
	flags.IntVar(&p.days, "days", 365, "how many days to live")
	flags.IntVar(&p.people, "people", 200, "about how many people to begin with")
	flags.IntVar(&p.importDays, "import-days", 30, "days between two exports of HR")
	flags.IntVar(&p.faultsOften, "faults", 8, "a fault strikes in one of so many half days; 0 for none")
	flags.IntVar(&p.outages, "outages", 40, "Jalon is off for some days after one of so many; 0 for never")
	flags.StringVar(&p.log, "log", "fatal", "what Jalon logs on standard error: debug, info, warn, error, fatal")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if p.days < 1 || p.people < 50 || p.importDays < 1 || p.faultsOften < 0 || p.outages < 0 {
		return errors.New("days and import-days must be positive, people at least 50, faults and outages not negative")
	}
	if p.seed == 0 {
		p.seed = rand.Uint64N(1_000_000) + 1
	}
	return simulate(ctx, p, out)
}
