package standalone

import (
	"os"
	"runtime/debug"
)

// gcPercent makes collections of garbage half as frequent as usual, at the price of memory while there is much to do.
const gcPercent = 300

// spareTheEngine lets garbage lie for longer than Go would: while it is collected on all cores, the engine beside us, which
// shares them, answers three times as slowly. Whoever sets GOGC decides otherwise.
func spareTheEngine() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
