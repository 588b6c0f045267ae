package bus

import (
	"context"
	"time"
)

// Incarnation tells which stream of a service there is now, making it where there is none, and which run of the server
// keeps it. A stream that was lost comes back as another one. After a power cut, which begins another run, the stream may
// lack its last moments: the server does not sync its files for each message.
func (b *Bus) Incarnation(ctx context.Context, service string) (stream, server string, err error) {
	// The server first: where it changes before the stream is asked, the next look sees it.
	server = b.nc.ConnectedServerId()
	f := follower{bus: b, service: service}
	found, err := f.stream(ctx)
	if err != nil {
		return "", "", err
	}
	return found.CachedInfo().Created.UTC().Format(time.RFC3339Nano), server, nil
}
