package bus

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

var errSubscriberClosed = errors.New("the subscriber is closed")

// pullGrace lets a pull that is under way bring its message, so that it can be given back at once; a message that arrives
// after its pull was cancelled would be stuck until AckWait passes.
const pullGrace = 100 * time.Millisecond

// subscriber is one durable consumer as Watermill's subscriber: one message at a time, in order as long as none fails, unless
// it may have several in hand.
type subscriber struct {
	provision    func(ctx context.Context, topic string) (jetstream.Consumer, error) // makes the consumer, again if need be
	over         <-chan struct{}                                                     // closed with the connection
	session      func() context.Context                                              // ends at a reconnect
	log          *zap.Logger
	ackWait      time.Duration
	closeTimeout time.Duration                              // how long a message's context outlives the subscription
	redeliver    func(deliveries uint64) time.Duration      // how long after a nack
	acknowledge  func(context.Context, jetstream.Msg) error // plain or confirmed
	hands        int                                        // how many messages it may have in hand

	mu      sync.Mutex
	closed  bool
	closing chan struct{}
	running sync.WaitGroup
}

// Subscribe implements message.Subscriber.
func (s *subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	consumer, err := s.provision(ctx, topic)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errSubscriberClosed
	}
	// Pulling and handling end by steps of their own after ctx ended.
	alive, die := context.WithCancel(context.WithoutCancel(ctx))
	f := &feed{
		subscriber: s, topic: topic, consumer: consumer,
		stopping: make(chan struct{}), alive: alive, out: make(chan *message.Message), inHand: make(chan struct{}, s.hands),
	}
	s.running.Go(func() { //nolint:contextcheck // messages in hand outlive ctx: see alive
		defer die()
		f.run()
	})
	s.running.Go(func() {
		select {
		case <-ctx.Done():
		case <-s.closing:
		case <-s.over:
		}
		close(f.stopping)
		defer die()
		pause(alive, s.closeTimeout)
	})
	return f.out, nil
}

// Close implements message.Subscriber: it stops pulling, waits for the message in flight and returns.
func (s *subscriber) Close() error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.closing)
	}
	s.mu.Unlock()
	s.running.Wait()
	return nil
}

// feed is one subscription: it closes out once it has no message in hand.
type feed struct {
	*subscriber
	topic    string
	consumer jetstream.Consumer
	stopping chan struct{}
	alive    context.Context // of messages in hand; ends closeTimeout after stopping
	out      chan *message.Message
	inHand   chan struct{} // holds one for each message in hand
	holding  sync.WaitGroup
	backoff  time.Duration // before the next try to make the consumer; grows until pulling works
}

func (f *feed) run() {
	defer func() {
		f.holding.Wait()
		close(f.out)
	}()
	pulling, stopPulling := context.WithCancel(f.alive)
	defer stopPulling()
	go func() {
		select {
		case <-f.stopping:
			pause(pulling, pullGrace)
			stopPulling()
		case <-pulling.Done():
		}
	}()
	for !f.stopped() {
		session, end := context.WithCancel(pulling)
		stop := context.AfterFunc(f.session(), func() {
			pause(session, pullGrace)
			end()
		})
		err := f.pull(session)
		stop()
		end()
		if f.stopped() {
			return
		}
		f.log.Warn("subscription is interrupted; making sure that its consumer is there", zap.String("topic", f.topic), zap.Error(err))
		f.reprovision(pulling)
	}
}

// pull hands over message after message until something breaks.
func (f *feed) pull(session context.Context) error {
	for !f.stopped() {
		select {
		case f.inHand <- struct{}{}:
		case <-session.Done():
			return session.Err()
		}
		msg, err := f.consumer.Next(jetstream.FetchContext(session))
		if err != nil {
			<-f.inHand
		}
		switch {
		case err == nil:
			f.backoff = 0
			f.holding.Go(func() { //nolint:contextcheck // a message in hand outlives the session: see alive
				defer func() { <-f.inHand }()
				f.deliver(msg)
			})
		case session.Err() != nil:
			return session.Err()
		case errors.Is(err, nats.ErrTimeout): // nothing came in a while
			f.backoff = 0
		default:
			return err
		}
	}
	return nil
}

func (f *feed) reprovision(ctx context.Context) {
	for !f.stopped() {
		f.backoff = min(max(2*f.backoff, 25*time.Millisecond), 5*time.Second)
		pause(ctx, f.backoff)
		consumer, err := f.provision(ctx, f.topic)
		if err == nil {
			f.consumer = consumer
			return
		}
		if ctx.Err() == nil {
			f.log.Warn("consumer cannot be made yet", zap.String("topic", f.topic), zap.Error(err))
		}
	}
}

func (f *feed) stopped() bool {
	select {
	case <-f.stopping:
		return true
	default:
		return false
	}
}

// deliver hands one message over and stays with it until it is acknowledged, refused or out of time.
func (f *feed) deliver(in jetstream.Msg) {
	msg, trip := fromNATS(in)
	ctx, cancel := context.WithCancel(withDelivery(f.alive, trip))
	defer cancel()
	msg.SetContext(ctx)

	heartbeat := time.NewTicker(f.ackWait / 3)
	defer heartbeat.Stop()
	for handedOver := false; !handedOver; {
		select {
		case f.out <- msg:
			handedOver = true
		case <-heartbeat.C:
			f.report("keeping a message", in.InProgress())
		case <-f.stopping:
			f.report("giving a message back", in.Nak())
			return
		}
	}
	for {
		select {
		case <-msg.Acked():
			f.report("acknowledging a message", f.acknowledge(f.alive, in))
			return
		case <-msg.Nacked():
			f.report("giving a message back", in.NakWithDelay(f.redeliver(trip.Deliveries)))
			return
		case <-heartbeat.C:
			f.report("keeping a message", in.InProgress())
		case <-f.alive.Done():
			return // redelivered after AckWait
		}
	}
}

// report logs what is not worth more: the server redelivers whatever it did not hear about.
func (f *feed) report(doing string, err error) {
	if err != nil {
		f.log.Warn(doing, zap.String("topic", f.topic), zap.Error(err))
	}
}

func plainAck(_ context.Context, msg jetstream.Msg) error { return msg.Ack() }

func confirmedAck(ctx context.Context, msg jetstream.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	return msg.DoubleAck(ctx)
}
