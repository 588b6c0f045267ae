package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// busStreams are those of the services that publish.
var busStreams = []string{"DIRECTORY", "MOMENTS", "NOTIFICATIONS", "INTERVIEWS"}

// jetStream is the external bus, past all services.
func (i *installation) jetStream() jetstream.JetStream {
	i.t.Helper()
	args := i.process("nats").args
	nc, err := nats.Connect("nats://127.0.0.1:"+args[slices.Index(args, "--port")+1], nats.RetryOnFailedConnect(true))
	require.NoError(i.t, err)
	i.t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(i.t, err)
	return js
}

// settle waits until every handler is done with all that is on the bus.
func (d *drill) settle(js jetstream.JetStream) {
	d.t.Helper()
	waitFor(d.t, "every handler to be done", func() error {
		for _, name := range busStreams {
			stream, err := js.Stream(d.t.Context(), name)
			if err != nil {
				return fmt.Errorf("opening %s: %w", name, err)
			}
			consumers := stream.ListConsumers(d.t.Context())
			for info := range consumers.Info() {
				if info.Config.Durable != "" && info.NumPending+uint64(info.NumAckPending) > 0 {
					err = fmt.Errorf("%s has %d to do and %d in hand", info.Name, info.NumPending, info.NumAckPending)
				}
			}
			if err := errors.Join(err, consumers.Err()); err != nil {
				return err
			}
		}
		return nil
	})
}

// distributedVictims are all processes of the distributed installation.
var distributedVictims = append([]string{"nats", "engine"}, serviceNames...)

// again kills a program as a power cut would and starts it.
func (d *drill) again(name string) func() {
	p := d.process(name)
	return func() {
		p.kill()
		p.start()
		if name == "engine" { // by which the drill sees everything else
			waitFor(d.t, "the engine", func() error { return d.client.Ping(d.t.Context(), nil) })
		}
	}
}

// wipe makes the external bus one that has never heard of anything.
func (i *installation) wipe() {
	i.t.Helper()
	bus := i.process("nats")
	bus.kill()
	require.NoError(i.t, os.RemoveAll(filepath.Join(i.data, "nats")))
	bus.start()
}

// published waits until the bus has all of a service's events.
func (d *drill) published(service string) {
	d.t.Helper()
	waitFor(d.t, service+"'s events to be published", func() error {
		return d.expect("events that wait", 0, service, "events", bson.E{Key: "published", Value: false})
	})
}

func TestFaultsOfADistributedInstallation(t *testing.T) {
	t.Parallel()
	d := startDrill(t, distributed(t, drillTime), faultSeed)

	t.Run("any process killed at any step loses and doubles nothing", func(t *testing.T) {
		d.hire() // somebody has to be there who answers
		for _, f := range faults(t, distributedVictims) {
			d.suffers(f, d.again(f.victim))
		}
		d.complete()
	})

	t.Run("a portal killed under open pages is found again by them", func(t *testing.T) {
		number := d.unanswered()
		asked := d.employee(number)
		invitation := asked.awaitInvitation()
		tab := asked.listen("")
		require.Contains(t, tab.next().data, invitation)
		d.answerWith(number, stored, d.again("portal"))
		d.complete()
		require.NotContains(t, asked.listen("").next().data, invitation)
	})

	t.Run("what only the bus had is published again when it lost its data", func(t *testing.T) {
		moments := d.process("moments")
		moments.kill()
		d.hire()
		d.published("directory")
		d.wipe()
		moments.start()
		d.complete()

		notifications := d.process("notifications")
		notifications.kill()
		d.hire()
		waitFor(t, "invitations to be asked for", func() error {
			return d.expect("invitations", len(d.numbers), "moments", "agenda",
				bson.E{Key: "kind", Value: "follow_up"}, bson.E{Key: "state", Value: "done"})
		})
		d.published("moments")
		d.wipe()
		notifications.start()
		d.complete()
	})

	t.Run("everything told again in any order changes nothing", func(t *testing.T) {
		js := d.jetStream()
		d.settle(js)
		before, err := d.state(t.Context())
		require.NoError(t, err)

		var told []*nats.Msg
		for _, name := range busStreams {
			told = append(told, messages(t, js, name)...)
		}
		d.random.Shuffle(len(told), func(a, b int) { told[a], told[b] = told[b], told[a] })
		for _, msg := range told {
			_, err := js.PublishMsg(t.Context(), msg, jetstream.WithMsgID(uuid.NewString()))
			require.NoError(t, err)
		}
		d.settle(js)
		d.complete()
		after, err := d.state(t.Context())
		require.NoError(t, err)
		for at, doc := range after {
			require.Equal(t, before[at], doc, at)
		}
		require.Len(t, after, len(before))
		t.Logf("%d events told again, %d documents as before", len(told), len(after))
	})

	t.Run("late news, and somebody who left before being asked", func(t *testing.T) { lateAndLeft(t, d) })
	t.Run("two tabs answer at once", func(t *testing.T) { twoTabs(t, d) })
	t.Run("a handler that always fails", func(t *testing.T) { alwaysFails(t, d) })
	t.Run("an event that nobody can understand", func(t *testing.T) { nonsense(t, d) })
}

// messages are all that a stream holds, as they were published.
func messages(t *testing.T, js jetstream.JetStream, stream string) (told []*nats.Msg) {
	t.Helper()
	s, err := js.Stream(t.Context(), stream)
	require.NoError(t, err)
	info, err := s.Info(t.Context())
	require.NoError(t, err)
	for sequence := info.State.FirstSeq; sequence <= info.State.LastSeq; sequence++ {
		raw, err := s.GetMsg(t.Context(), sequence)
		require.NoError(t, err)
		again := nats.NewMsg(raw.Subject)
		again.Data = raw.Data
		for key, values := range raw.Header {
			if !strings.HasPrefix(key, "Nats-") {
				again.Header[key] = values
			}
		}
		told = append(told, again)
	}
	return told
}

// alwaysFails has moments refuse what began on the first of November, by an index of its database over two arrays, until that is
// dropped.
func alwaysFails(t *testing.T, d *drill) {
	t.Helper()
	indexes := d.in("moments", "moments").Indexes()
	name, err := indexes.CreateOne(t.Context(), mongo.IndexModel{
		Keys:    bson.D{{Key: "unit_path", Value: 1}, {Key: "follow_ups", Value: 1}},
		Options: options.Index().SetPartialFilterExpression(bson.D{{Key: "happens_on", Value: "2026-11-01"}}),
	})
	require.NoError(t, err)
	people, unlucky := d.newcomers()
	for i := range people {
		people[i].hired = "01/11/2026"
	}
	d.accept(export(t, "unlucky.csv", people))
	letter := d.letter("moments-people-hired")
	// The others had the same event, and later ones flow past the letter.
	person, err := d.person(unlucky[0])
	require.NoError(t, err)
	waitFor(t, "notifications to know the unlucky", func() error {
		return d.expect("people", 1, "notifications", "people", bson.E{Key: "_id", Value: person})
	})
	d.hire()
	waitFor(t, "the others to be complete", func() error { return d.auditor.newcomers(d.numbers, d.answered) })
	require.NoError(t, d.expect("moments of the unlucky", 0, "moments", "moments", bson.E{Key: "person_id", Value: person}))

	stdout, stderr, exit := d.jalon("deadletters", "show", letter)
	require.Zero(t, exit, stderr)
	require.Contains(t, stdout, person)
	require.NoError(t, indexes.DropOne(t.Context(), name))
	stdout, stderr, exit = d.jalon("deadletters", "replay", letter)
	require.Zero(t, exit, stderr)
	require.Contains(t, stdout, "1 given back")
	d.numbers = append(d.numbers, unlucky...)
	d.complete()
}

// nonsense publishes a move on a day that does not exist.
func nonsense(t *testing.T, d *drill) {
	t.Helper()
	person, err := d.person(d.numbers[0])
	require.NoError(t, err)
	move, err := event.New(t.Context(), "directory", "", drillTime, &directoryv1.PeopleMoved{
		Moves: []*directoryv1.PeopleMoved_Move{{
			Person:  &directoryv1.Employee{Id: person, Version: 1, TimeZone: "Europe/Paris", Language: "fr", HiredOn: "2026-11-02"},
			MovedOn: "2026-13-45",
		}},
		AsOf: "2026-11-03",
	})
	require.NoError(t, err)
	msg := nats.NewMsg(event.Topic(move.Type))
	out := event.ToMessage(move)
	msg.Data = out.Payload
	for key, value := range out.Metadata {
		msg.Header.Set(key, value)
	}
	_, err = d.jetStream().PublishMsg(t.Context(), msg)
	require.NoError(t, err)

	letter := d.letter("moments-people-moved")
	stdout, stderr, exit := d.jalon("deadletters", "show", letter)
	require.Zero(t, exit, stderr)
	require.Contains(t, stdout, "2026-13-45")
	_, stderr, exit = d.jalon("deadletters", "replay")
	require.Zero(t, exit, stderr)
	waitFor(t, "the letter to come back", func() error {
		if again := d.letter("moments-people-moved"); again == letter {
			return errors.New("it is still the old one")
		}
		return nil
	})
	d.hire()
	waitFor(t, "the others to be complete", func() error { return d.auditor.newcomers(d.numbers, d.answered) })
}

// letter waits for the dead letter of a handler and returns its id.
func (d *drill) letter(handler string) (id string) {
	d.t.Helper()
	waitFor(d.t, "a dead letter of "+handler, func() error {
		stdout, stderr, exit := d.jalon("deadletters", "list")
		if exit != 0 {
			return errors.New(stderr)
		}
		for line := range strings.Lines(stdout) {
			if strings.Contains(line, " "+handler+" ") {
				id = strings.Fields(line)[0]
				return nil
			}
		}
		return errors.New(stdout)
	})
	return id
}
