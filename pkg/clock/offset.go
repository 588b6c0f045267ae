package clock

import (
	"context"
	"time"
)

// Shifted is the machine's clock moved by a fixed offset. Processes that share an offset agree on the time, and one that is
// started again finds it where it left it: drills run in it on a day of their choice.
func Shifted(offset time.Duration) Clock {
	if offset == 0 {
		return System()
	}
	return shifted{system{}, offset}
}

type shifted struct {
	system
	offset time.Duration
}

func (s shifted) Now() time.Time { return s.system.Now().Add(s.offset) }

func (s shifted) Wait(ctx context.Context, until time.Time) error {
	return s.system.Wait(ctx, until.Add(-s.offset))
}
