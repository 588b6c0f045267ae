package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"jalon.dev/services/jalon/internal/reactions"
)

// Who reacts to which event, as the catalogue tells it, is what the running services really do.
func TestTheCatalogueTellsWhoReacts(t *testing.T) {
	t.Parallel()
	i := distributed(t, tuesday).ready()
	connection, err := nats.Connect(i.natsURL)
	require.NoError(t, err)
	t.Cleanup(connection.Close)
	js, err := jetstream.New(connection)
	require.NoError(t, err)

	waitFor(t, "the durables that the catalogue tells of", func() error {
		if found := durables(t, js); !same(found, reactions.All()) {
			return fmt.Errorf("reactions.go says\n%s\nand the bus has\n%s", list(reactions.All()), list(found))
		}
		return nil
	})
}

// The committed catalogue is what the generator would say of who publishes and who reacts.
func TestTheCommittedCatalogueIsCurrent(t *testing.T) {
	root, err := repository()
	require.NoError(t, err)
	content, err := os.ReadFile(filepath.Join(root, "docs", "events.yaml"))
	require.NoError(t, err)
	var catalogue struct {
		Channels   map[string]struct{ Address string }
		Operations map[string]struct {
			Action  string
			Channel struct {
				Ref string `yaml:"$ref"`
			}
			Durable string `yaml:"x-durable"`
		}
	}
	require.NoError(t, yaml.Unmarshal(content, &catalogue))

	told := map[string][]string{}
	for name, operation := range catalogue.Operations {
		if operation.Action != "receive" {
			continue
		}
		require.Equal(t, name, operation.Durable)
		channel := catalogue.Channels[strings.TrimPrefix(operation.Channel.Ref, "#/channels/")]
		told[channel.Address] = append(told[channel.Address], operation.Durable)
	}
	require.True(t, same(told, reactions.All()), "run make gen: docs/events.yaml says\n%s\nand reactions.go\n%s", list(told), list(reactions.All()))
}

// durables are the consumers of the bus that last, by the type of event that they take. Each takes its replayed dead letters
// too, which is no reaction to an event.
func durables(t *testing.T, js jetstream.JetStream) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	streams := js.ListStreams(t.Context())
	for info := range streams.Info() {
		stream, err := js.Stream(t.Context(), info.Config.Name)
		require.NoError(t, err)
		consumers := stream.ListConsumers(t.Context())
		for consumer := range consumers.Info() {
			subjects := append(slices.Clone(consumer.Config.FilterSubjects), consumer.Config.FilterSubject)
			for _, subject := range subjects {
				if consumer.Config.Durable != "" && strings.HasPrefix(subject, "jalon.") {
					found[subject] = append(found[subject], consumer.Config.Durable)
				}
			}
		}
		require.NoError(t, ignoreEnd(consumers.Err()))
	}
	require.NoError(t, ignoreEnd(streams.Err()))
	return found
}

func ignoreEnd(err error) error {
	if errors.Is(err, jetstream.ErrEndOfData) {
		return nil
	}
	return err
}

func same(a, b map[string][]string) bool { return list(a) == list(b) }

// list writes reactions as sorted lines.
func list(byType map[string][]string) string {
	var lines []string
	for typ, names := range byType {
		for _, name := range names {
			lines = append(lines, typ+" → "+name)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
