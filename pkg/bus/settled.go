package bus

import (
	"context"
	"fmt"
	"strings"
)

// Settled says whether every handler of every service is done with all that was published: nothing waits, nothing is in
// hand.
func (b *Bus) Settled(ctx context.Context) (bool, error) {
	names := b.js.StreamNames(ctx)
	var streams []string
	for name := range names.Name() {
		if name != deadLetterStream && !strings.HasPrefix(name, "KV_") {
			streams = append(streams, name)
		}
	}
	if err := names.Err(); err != nil {
		return false, fmt.Errorf("listing streams: %w", err)
	}
	for _, name := range streams {
		stream, err := b.js.Stream(ctx, name)
		if err != nil {
			return false, fmt.Errorf("opening stream %s: %w", name, err)
		}
		consumers := stream.ListConsumers(ctx)
		settled := true
		for info := range consumers.Info() {
			if info.Config.Durable != "" && (info.NumPending > 0 || info.NumAckPending > 0) {
				settled = false // read on: the listing must be emptied
			}
		}
		if err := consumers.Err(); err != nil {
			return false, fmt.Errorf("listing the handlers of stream %s: %w", name, err)
		}
		if !settled {
			return false, nil
		}
	}
	return true, nil
}
