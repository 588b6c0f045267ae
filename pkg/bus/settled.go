package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
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
		last := stream.CachedInfo().State.LastSeq
		consumers := stream.ListConsumers(ctx)
		settled := true
		var behind []*jetstream.ConsumerInfo
		for info := range consumers.Info() {
			switch {
			case info.Config.Durable == "":
			case info.NumPending > 0 || info.NumAckPending > 0:
				settled = false // read on: the listing must be emptied
			case info.Delivered.Stream < last:
				behind = append(behind, info)
			}
		}
		if err := consumers.Err(); err != nil {
			return false, fmt.Errorf("listing the handlers of stream %s: %w", name, err)
		}
		for _, info := range behind {
			if !settled {
				break
			}
			if settled, err = hasSeenAll(ctx, stream, info); err != nil {
				return false, fmt.Errorf("asking what handler %s of stream %s has not seen: %w", info.Name, name, err)
			}
		}
		if !settled {
			return false, nil
		}
	}
	return true, nil
}

// hasSeenAll says whether nothing that is meant for a handler comes after what was delivered to it. The server acknowledges a message
// before it counts it as pending for those whom it concerns, so that on a busy machine nothing seems to wait that does.
func hasSeenAll(ctx context.Context, stream jetstream.Stream, info *jetstream.ConsumerInfo) (bool, error) {
	for _, subject := range append(info.Config.FilterSubjects, info.Config.FilterSubject) {
		if subject == "" {
			continue
		}
		msg, err := stream.GetLastMsgForSubject(ctx, subject)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return false, err
		}
		if msg.Sequence > info.Delivered.Stream {
			return false, nil
		}
	}
	return true, nil
}
