package bus

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/tests"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"jalon.dev/pkg/natslocal"
)

// connect gives a bus on a server of its own, for tests of what the package keeps to itself.
func connect(t *testing.T) *Bus {
	t.Helper()
	server, err := natslocal.Start(natslocal.Config{Dir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(server.Shutdown)
	b, err := Connect(t.Context(), Config{InProcess: server, Name: t.Name()}, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// topicStream lets Watermill's suite, which knows nothing of our types, use any topic.
func topicStream(b *Bus) func(context.Context, string) error {
	return func(ctx context.Context, topic string) error {
		_, err := b.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name: plainName(topic), Subjects: []string{topic}, Storage: jetstream.MemoryStorage,
		})
		return err
	}
}

func plainName(s string) string { return strings.NewReplacer(".", "_", "-", "_").Replace(s) }

func (b *Bus) topicPublisher() message.Publisher {
	p := b.newPublisher()
	p.restore = topicStream(b)
	return p
}

func (b *Bus) topicSubscriber(group string) *topicSubscriber {
	const ackWait = 2 * time.Second
	ensure := topicStream(b)
	return &topicSubscriber{ensure: ensure, subscriber: &subscriber{
		hands: 1,
		provision: func(ctx context.Context, topic string) (jetstream.Consumer, error) {
			if err := ensure(ctx, topic); err != nil {
				return nil, err
			}
			durable := group
			if durable == "" {
				durable = watermill.NewShortUUID()
			}
			return b.js.CreateOrUpdateConsumer(ctx, plainName(topic), jetstream.ConsumerConfig{
				Durable: plainName(durable), FilterSubject: topic, AckPolicy: jetstream.AckExplicitPolicy,
				AckWait: ackWait, MaxDeliver: -1,
			})
		},
		over: b.closed, session: b.session, log: zap.NewNop(), ackWait: ackWait, closeTimeout: 300 * time.Millisecond,
		redeliver:   func(uint64) time.Duration { return 10 * time.Millisecond },
		acknowledge: plainAck, closing: make(chan struct{}),
	}}
}

type topicSubscriber struct {
	*subscriber
	ensure func(context.Context, string) error
}

func (s *topicSubscriber) SubscribeInitialize(topic string) error {
	return s.ensure(context.Background(), topic)
}

func TestItIsAWatermillPubSub(t *testing.T) {
	// The full sizes take minutes under the race detector; they are for whoever changes the adapter.
	short := os.Getenv("FULL_CONFORMANCE") == ""
	for name, c := range map[string]struct {
		durable  string
		features tests.Features
	}{
		"with a durable that all subscribers share, as replicas do": {"shared", tests.Features{
			ConsumerGroups: true, GuaranteedOrderWithSingleSubscriber: true, Persistent: true, ForceShort: short,
		}},
		"with a durable for each subscriber": {"", tests.Features{
			ConsumerGroups: true, GuaranteedOrder: true, GuaranteedOrderWithSingleSubscriber: true,
			Persistent: true, NewSubscriberReceivesOldMessages: true, ForceShort: true,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := connect(t)
			tests.TestPubSub(t, c.features,
				func(*testing.T) (message.Publisher, message.Subscriber) {
					return b.topicPublisher(), b.topicSubscriber(c.durable)
				},
				func(_ *testing.T, group string) (message.Publisher, message.Subscriber) {
					return b.topicPublisher(), b.topicSubscriber(group)
				})
		})
	}
}
