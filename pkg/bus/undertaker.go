package bus

import (
	"strconv"
	"strings"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"jalon.dev/pkg/event"
)

// The headers of a dead letter, beside those of the event itself.
const (
	headerReason     = "jalon-dead-reason"
	headerHandler    = "jalon-dead-handler"
	headerStream     = "jalon-dead-stream"
	headerSequence   = "jalon-dead-sequence"
	headerMessageID  = "jalon-dead-message-id"
	headerDeliveries = "jalon-dead-deliveries"
	headerDiedAt     = "jalon-dead-at"

	reasonLimit = 1000 // bytes
)

// undertaker publishes what Watermill's poison queue hands it as a dead letter: under an id of its own (with the event's id
// the server could take it for a repetition and drop it), on the subject of the durable that failed.
type undertaker struct {
	*publisher
	tel instruments
	log *zap.Logger
}

// Publish implements message.Publisher.
func (u *undertaker) Publish(topic string, messages ...*message.Message) error {
	for _, msg := range messages {
		durable := msg.Metadata.Get(middleware.PoisonedHandlerKey)
		letter := burial(msg, durable)
		if err := u.publisher.Publish(topic+durable, letter); err != nil {
			return err
		}
		u.tel.deadLetters.Add(msg.Context(), 1, metric.WithAttributes(attribute.String("handler", durable)))
		u.log.Error("message put aside as dead letter", zap.String("durable", durable), zap.String("type", event.TypeOf(msg)),
			zap.String("message", msg.UUID), zap.String("reason", letter.Metadata.Get(headerReason)))
	}
	return nil
}

func burial(msg *message.Message, durable string) *message.Message {
	trip := deliveryOf(msg.Context())
	sequence := strconv.FormatUint(trip.Sequence, 10)
	// Told twice after a lost acknowledgement, the same death makes the same letter.
	letter := message.NewMessage(event.ID("dead letter", durable, trip.Stream, sequence, msg.UUID), msg.Payload)
	letter.SetContext(msg.Context())
	reason := msg.Metadata.Get(middleware.ReasonForPoisonedKey)
	for key, value := range msg.Metadata {
		if !strings.HasSuffix(key, "_poisoned") && !strings.HasPrefix(key, "Nats-") {
			letter.Metadata.Set(key, value)
		}
	}
	if len(reason) > reasonLimit {
		reason = reason[:reasonLimit]
	}
	letter.Metadata.Set(headerReason, strings.Join(strings.Fields(strings.ToValidUTF8(reason, "")), " "))
	letter.Metadata.Set(headerHandler, durable)
	letter.Metadata.Set(headerStream, trip.Stream)
	letter.Metadata.Set(headerSequence, sequence)
	letter.Metadata.Set(headerMessageID, msg.UUID)
	letter.Metadata.Set(headerDeliveries, strconv.FormatUint(trip.Deliveries, 10))
	letter.Metadata.Set(headerDiedAt, time.Now().UTC().Format(time.RFC3339Nano))
	return letter
}
