package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// auditor looks, past all services, at what they keep.
type auditor struct {
	test   testing.TB
	client *mongo.Client
}

func (a auditor) in(service, collection string) *mongo.Collection {
	return a.client.Database("jalon_" + service).Collection(collection)
}

func (a auditor) count(service, collection string, filter ...bson.E) (int64, error) {
	n, err := a.in(service, collection).CountDocuments(a.test.Context(), append(bson.D{}, filter...))
	if err != nil {
		return 0, fmt.Errorf("counting %s of %s: %w", collection, service, err)
	}
	return n, nil
}

// expect checks how many documents match.
func (a auditor) expect(what string, want int, service, collection string, filter ...bson.E) error {
	n, err := a.count(service, collection, filter...)
	if err == nil && n != int64(want) {
		err = fmt.Errorf("%s: %d instead of %d", what, n, want)
	}
	return err
}

func all[T any](a auditor, service, collection string, filter ...bson.E) ([]T, error) {
	cursor, err := a.in(service, collection).Find(a.test.Context(), append(bson.D{}, filter...))
	if err != nil {
		return nil, fmt.Errorf("reading %s of %s: %w", collection, service, err)
	}
	var found []T
	if err := cursor.All(a.test.Context(), &found); err != nil {
		return nil, fmt.Errorf("reading %s of %s: %w", collection, service, err)
	}
	return found, nil
}

// personDoc, momentDoc, itemDoc and inboxDoc are what the audit reads of the services' documents.
type (
	personDoc struct {
		ID     string `bson:"_id"`
		Number string `bson:"number"`
	}
	momentDoc struct {
		ID        string `bson:"_id"`
		KeyMoment string `bson:"key_moment"`
		Person    string `bson:"person_id"`
		FollowUps []struct {
			Code       string `bson:"code"`
			Invitation string `bson:"invitation_id"`
		} `bson:"follow_ups"`
	}
	itemDoc struct {
		State  string `bson:"state"`
		Reason string `bson:"reason"`
	}
	messageDoc struct {
		ID    string `bson:"id"`
		State string `bson:"state"`
	}
	inboxDoc struct {
		Messages []messageDoc `bson:"messages"`
	}
)

// person finds the one person of a number.
func (a auditor) person(number string) (string, error) {
	found, err := all[personDoc](a, "directory", "people", bson.E{Key: "number", Value: number})
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%s is known %d times", number, len(found))
	}
	return found[0].ID, nil
}

// invitation is the day 1 survey of a newcomer's only onboarding.
func (a auditor) invitation(number string) (personID, invitation string, err error) {
	personID, err = a.person(number)
	if err != nil {
		return "", "", err
	}
	moments, err := all[momentDoc](a, "moments", "moments", bson.E{Key: "person_id", Value: personID}, bson.E{Key: "key_moment", Value: "onboarding"})
	if err != nil {
		return "", "", err
	}
	if len(moments) != 1 {
		return "", "", fmt.Errorf("%s has %d onboardings", number, len(moments))
	}
	for _, f := range moments[0].FollowUps {
		if f.Code == "day_1" {
			return personID, f.Invitation, nil
		}
	}
	return "", "", fmt.Errorf("%s has no follow-up on day 1", number)
}

// talksOf finds the four-weekly talks of somebody.
func talksOf(person string) bson.D {
	return bson.D{{Key: "employee_id", Value: person}, {Key: "kind", Value: "ei2d"}}
}

// newcomers checks that each of the hires was asked on day 1 exactly once and has one talk and one place in the barometer, and that
// those who answered are asked no more.
func (a auditor) newcomers(numbers []string, answered map[string]bool) error {
	invitations := map[string]bool{} // by id, whether it was answered
	for _, number := range numbers {
		person, invitation, err := a.invitation(number)
		if err != nil {
			return err
		}
		invitations[invitation] = answered[number]
		var item itemDoc
		if err := a.in("moments", "agenda").FindOne(a.test.Context(), bson.D{{Key: "_id", Value: invitation}}).Decode(&item); err != nil {
			return fmt.Errorf("reading the agenda's item of %s: %w", number, err)
		}
		if item.State != "done" {
			return fmt.Errorf("day 1 of %s is %s %s", number, item.State, item.Reason)
		}
		if err := a.expect("follow-ups of "+number, 4, "moments", "agenda", bson.E{Key: "subject", Value: person}); err != nil {
			return err
		}
		err = errors.Join(
			a.expect("talks of "+number, 1, "interviews", "talks", talksOf(person)...),
			a.expect(number+" in the barometer's register", 1, "barometer", "people", bson.E{Key: "_id", Value: person}),
		)
		if err != nil {
			return err
		}
		var inbox inboxDoc
		if err := a.in("notifications", "inboxes").FindOne(a.test.Context(), bson.D{{Key: "_id", Value: person}}).Decode(&inbox); err != nil {
			return fmt.Errorf("reading the inbox of %s: %w", number, err)
		}
		want := messageDoc{ID: invitation, State: "shown"}
		if answered[number] {
			want.State = "closed"
		}
		if len(inbox.Messages) != 1 || inbox.Messages[0] != want {
			return fmt.Errorf("the inbox of %s holds %v instead of %v", number, inbox.Messages, want)
		}
	}
	if err := a.expect("responses", len(answered), "moments", "responses"); err != nil {
		return err
	}
	return a.told(invitations)
}

// told checks that each invitation was asked for, by more than one event only where the first one's cause was redone, was shown
// by one event, and was closed if it was answered.
func (a auditor) told(invitations map[string]bool) error {
	requested, shown, closed := map[string]int{}, map[string]int{}, map[string]int{}
	err := errors.Join(
		each(a, "moments", &momentsv1.InvitationsRequested{}, func(m *momentsv1.InvitationsRequested) {
			for _, i := range m.GetInvitations() {
				requested[i.GetId()]++
			}
		}),
		each(a, "notifications", &notificationsv1.PromptsShown{}, func(m *notificationsv1.PromptsShown) {
			for _, p := range m.GetPrompts() {
				if !p.GetReminder() {
					shown[p.GetInvitationId()]++
				}
			}
		}),
		each(a, "notifications", &notificationsv1.PromptsClosed{}, func(m *notificationsv1.PromptsClosed) {
			for _, p := range m.GetPrompts() {
				closed[p.GetInvitationId()]++
			}
		}),
	)
	for id, answered := range invitations {
		if requested[id] == 0 || shown[id] > 1 || shown[id] == 0 && closed[id] == 0 || answered != (closed[id] > 0) {
			err = errors.Join(err, fmt.Errorf("invitation %s (answered: %t) was asked for by %d events, shown by %d, closed by %d",
				id, answered, requested[id], shown[id], closed[id]))
		}
	}
	return err
}

// each decodes the kept events of one type.
func each[T proto.Message](a auditor, service string, kind T, fn func(T)) error {
	kept, err := all[struct {
		Event event.Event `bson:"event"`
	}](a, service, "events", bson.E{Key: "event.type", Value: string(kind.ProtoReflect().Descriptor().FullName())})
	if err != nil {
		return err
	}
	for _, k := range kept {
		msg := kind.ProtoReflect().New().Interface().(T)
		if err := k.Event.Decode(msg); err != nil {
			return err
		}
		fn(msg)
	}
	return nil
}

// drained checks that no event waits to be published, no import to be carried out and no answer to be closed.
func (a auditor) drained() error {
	var errs []error
	for _, service := range []string{"directory", "moments", "notifications", "interviews"} {
		errs = append(errs, a.expect("events of "+service+" that wait", 0, service, "events", bson.E{Key: "published", Value: false}))
	}
	return errors.Join(append(errs,
		a.expect("batches to be applied", 0, "directory", "batches", bson.E{Key: "applied", Value: false}),
		a.expect("answered invitations to be closed", 0, "moments", "responses", bson.E{Key: "closing", Value: true}),
	)...)
}

// state is everything that the services keep of the path, by collection and id, as text that can be compared.
func (a auditor) state(ctx context.Context) (map[string]string, error) {
	state := map[string]string{}
	for _, place := range []string{
		"directory.people", "directory.units", "directory.events", "moments.moments", "moments.agenda", "moments.responses",
		"moments.people", "moments.events", "notifications.inboxes", "notifications.people", "notifications.agenda",
		"notifications.events", "interviews.talks", "interviews.events", "barometer.people",
	} {
		service, collection, _ := strings.Cut(place, ".")
		cursor, err := a.in(service, collection).Find(ctx, bson.D{})
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", place, err)
		}
		for cursor.Next(ctx) {
			id, _ := cursor.Current.Lookup("_id").StringValueOK()
			state[place+" "+id] = cursor.Current.String()
		}
		if err := errors.Join(cursor.Err(), cursor.Close(ctx)); err != nil {
			return nil, fmt.Errorf("reading %s: %w", place, err)
		}
	}
	return state, nil
}

// noDeadLetters asks the command line.
func (i *installation) noDeadLetters() {
	i.t.Helper()
	stdout, stderr, exit := i.jalon("deadletters", "list")
	require.Zero(i.t, exit, stderr)
	require.Contains(i.t, stdout, "No dead letters")
}
