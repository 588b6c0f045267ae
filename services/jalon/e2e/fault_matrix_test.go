package e2e

import (
	"cmp"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// faultSeed says which sample of the faults a run takes; JALON_FAULT_SEED takes another one. The same seed takes the same.
const faultSeed = 4

// hiring and answering are the steps of the path, in order.
var (
	hiring    = []step{planned, registered, announced, opened, scheduled, talked, counted, requested, decided, shown}
	answering = []step{stored, closed}
)

// fault is somebody killed at a step.
type fault struct {
	victim string
	step   step
}

// faults are those that a run goes through: with JALON_FULL_FAULTS everybody killed at each step, else a sample in which each
// step and each victim has its turn.
func faults(t *testing.T, victims []string) []fault {
	t.Helper()
	if os.Getenv("JALON_FULL_FAULTS") != "" {
		return everyFault(victims)
	}
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("JALON_FAULT_SEED"), strconv.Itoa(faultSeed)), 10, 64)
	require.NoError(t, err, "JALON_FAULT_SEED")
	t.Logf("the sample of seed %d; JALON_FULL_FAULTS=1 goes through all of them", seed)
	return sampleOfFaults(victims, seed)
}

func everyFault(victims []string) (all []fault) {
	for _, victim := range victims {
		for _, s := range slices.Concat(hiring, answering) {
			all = append(all, fault{victim, s})
		}
	}
	return all
}

// sampleOfFaults deals the victims out to the steps, as a pack of cards, shuffled anew when it is used up.
func sampleOfFaults(victims []string, seed uint64) (sample []fault) {
	random := rand.New(rand.NewPCG(seed, uint64(len(victims))))
	var pack []string
	for _, s := range slices.Concat(hiring, answering) {
		if len(pack) == 0 {
			pack = slices.Clone(victims)
			random.Shuffle(len(pack), func(a, b int) { pack[a], pack[b] = pack[b], pack[a] })
		}
		sample = append(sample, fault{pack[0], s})
		pack = pack[1:]
	}
	return sample
}

// suffers goes through a fault in the midst of a hire or of an answer, once the installation has recovered from the last one: what
// is refused at the door comes to no step.
func (d *drill) suffers(f fault, kill func()) {
	d.t.Helper()
	d.ready()
	began := time.Now()
	if slices.ContainsFunc(answering, func(s step) bool { return s.name == f.step.name }) {
		d.answerWith(d.unanswered(), f.step, kill)
	} else {
		d.hireWith(f.step, kill)
	}
	d.t.Logf("%s killed when %s: %s", f.victim, f.step.name, time.Since(began).Round(time.Millisecond))
}

// unanswered is one of the newcomers who has not answered yet.
func (d *drill) unanswered() string {
	d.t.Helper()
	at := slices.IndexFunc(d.numbers, func(number string) bool { return !d.answered[number] })
	require.GreaterOrEqual(d.t, at, 0, "somebody is left to answer")
	return d.numbers[at]
}

func TestASampleOfFaultsHasEachStepAndEachVictimAndIsTheSameEachTime(t *testing.T) {
	for _, victims := range [][]string{standaloneVictims, distributedVictims} {
		sample := sampleOfFaults(victims, faultSeed)
		require.Equal(t, sample, sampleOfFaults(victims, faultSeed))
		steps, hit := map[string]bool{}, map[string]bool{}
		for _, f := range sample {
			steps[f.step.name], hit[f.victim] = true, true
		}
		require.Len(t, steps, len(hiring)+len(answering))
		require.Len(t, hit, len(victims))
	}
	require.Len(t, everyFault(distributedVictims), len(distributedVictims)*(len(hiring)+len(answering)))
}
