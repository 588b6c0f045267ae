package bus

import (
	"context"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// delivery is what the server says about a message in hand.
type delivery struct {
	Stream     string
	Sequence   uint64 // in the stream
	Subject    string
	MessageID  string
	Deliveries uint64 // this one included
}

type deliveryKey struct{}

func withDelivery(ctx context.Context, d delivery) context.Context {
	return context.WithValue(ctx, deliveryKey{}, d)
}

func deliveryOf(ctx context.Context) delivery {
	d, _ := ctx.Value(deliveryKey{}).(delivery)
	return d
}

// fromNATS makes a Watermill message; of a header with several values it takes the first.
func fromNATS(in jetstream.Msg) (*message.Message, delivery) {
	headers := in.Headers()
	msg := message.NewMessage(headers.Get(nats.MsgIdHdr), in.Data())
	for key, values := range headers {
		if key != nats.MsgIdHdr && len(values) > 0 {
			msg.Metadata.Set(key, values[0])
		}
	}
	d := delivery{Subject: in.Subject(), MessageID: msg.UUID}
	if meta, err := in.Metadata(); err == nil {
		d.Stream, d.Sequence, d.Deliveries = meta.Stream, meta.Sequence.Stream, meta.NumDelivered
	}
	return msg, d
}
