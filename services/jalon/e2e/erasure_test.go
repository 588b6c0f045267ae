package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// traces lists where any of the texts stands in any database: "directory/people: Zéphirine". It looks at the bytes of all
// documents, those of recorded events included.
func (a auditor) traces(texts ...string) (found []string, err error) {
	databases, err := a.client.ListDatabaseNames(a.test.Context(), bson.D{})
	if err != nil {
		return nil, err
	}
	for _, database := range databases {
		service, ours := strings.CutPrefix(database, "jalon_")
		if !ours {
			continue
		}
		collections, err := a.client.Database(database).ListCollectionNames(a.test.Context(), bson.D{})
		if err != nil {
			return nil, err
		}
		for _, collection := range collections {
			docs, err := all[bson.Raw](a, service, collection)
			if err != nil {
				return nil, err
			}
			for _, doc := range docs {
				for _, text := range texts {
					if strings.Contains(strings.ToLower(string(doc)), strings.ToLower(text)) {
						found = append(found, service+"/"+collection+": "+text)
					}
				}
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// TestWhoeverIsErasedIsNowhereAndWhatWasSaidInConfidenceStays walks through a person's life in Jalon, erases them, and looks at
// every document of every database.
func TestWhoeverIsErasedIsNowhereAndWhatWasSaidInConfidenceStays(t *testing.T) {
	t.Parallel()
	i := distributed(t, drillTime)
	sender := i.process("notifications") // its mail server is away: mails wait
	sender.stop()
	sender.env = append(sender.env[:len(sender.env):len(sender.env)],
		fmt.Sprintf("JALON_SMTP_URL=smtp://127.0.0.1:%d", freePort(t)), "JALON_MAIL_FROM=Jalon <jalon@exemple.fr>")
	sender.start()
	d := startDrill(t, i, 5)
	bus := d.jetStream()

	const number, given, family = "ZQ-4711", "Zéphirine", "Quatremarre"
	newcomers := hires(3, "02/11/2026")
	newcomers[1].number, newcomers[1].given, newcomers[1].family = number, given, family
	newcomers[2].manager = number
	company := append(octoberCompany(), newcomers...)
	file := export(t, "november.csv", company)
	d.accept(file, "--as-of", "2026-11-02")
	person, err := d.person(number)
	require.NoError(t, err)
	zoe, report := d.employee(number), newcomers[2].number
	zoe.answer(zoe.awaitInvitation())
	other := d.employee(newcomers[0].number)
	other.answer(other.awaitInvitation())
	_, err = d.in("moments", "responses").InsertOne(t.Context(), bson.D{ // as a survey that told so would
		{Key: "_id", Value: uuid.NewString()}, {Key: "key_moment", Value: "onboarding"}, {Key: "follow_up", Value: "day_7"}, {Key: "person_id", Value: person},
	})
	require.NoError(t, err)
	_, invitation, err := d.invitation(number)
	require.NoError(t, err)
	waitFor(t, "mails to be noted", func() error {
		return d.expect("mails", 1, "notifications", "mails", bson.E{Key: "person_id", Value: person}, bson.E{Key: "invitation_id", Value: invitation})
	})
	waitFor(t, "a talk", func() error { return d.expect("talks", 1, "interviews", "talks", talksOf(person)...) })
	d.settle(bus)
	known, err := d.traces(given, family, number, person)
	require.NoError(t, err)
	require.Subset(t, known, []string{
		"directory/people: " + given, "directory/people: " + number, "moments/moments: " + person, "moments/agenda: " + person,
		"moments/responses: " + person, "notifications/inboxes: " + person, "notifications/mails: " + person, "interviews/talks: " + person,
		"barometer/people: " + person, "portal/sessions: " + person,
	})
	confidential := bson.E{Key: "person_id", Value: bson.D{{Key: "$exists", Value: false}}}
	require.NoError(t, d.expect("confidential answers", 2, "moments", "responses", confidential))

	_, refusal, exit := d.jalon("people", "erase", number)
	require.Equal(t, 2, exit, refusal)
	_, refusal, exit = d.jalon("people", "erase", number, "--confirm")
	require.Equal(t, 2, exit)
	require.Contains(t, refusal, "has not left yet")
	said, refusal, exit := d.jalon("people", "erase", number, "--confirm", "--still-employed")
	require.Zero(t, exit, refusal)
	require.Contains(t, said, person)

	nothing := func() error {
		names, err := d.traces(given, family, number)
		if err == nil && len(names) > 0 {
			err = fmt.Errorf("%v", names)
		}
		if err != nil {
			return err
		}
		// What is left of the id: tombstones, the log of who erased, and the events of 30 days.
		left, err := d.traces(person, invitation)
		for _, place := range left {
			collection, _, _ := strings.Cut(place, ":")
			_, name, _ := strings.Cut(collection, "/")
			if name != "events" && name != "people" && collection != "directory/erased" && collection != "portal/audit" {
				return fmt.Errorf("an id in %s", place)
			}
		}
		return err
	}
	waitFor(t, "nothing to be left", nothing)
	for _, service := range []string{"barometer", "interviews", "moments", "notifications", "portal"} {
		stones, err := all[bson.M](d.auditor, service, "people", bson.E{Key: "_id", Value: person})
		require.NoError(t, err)
		require.Len(t, stones, 1, service)
		require.Len(t, stones[0], 2, "%s: an id and a version", service)
		require.NoError(t, d.expect("reports", 0, service, "people", bson.E{Key: "manager_id", Value: person}))
	}
	require.NoError(t, d.expect("confidential answers", 2, "moments", "responses", confidential))
	require.NoError(t, d.expect("named answers", 0, "moments", "responses", bson.E{Key: "person_id", Value: person}))
	status, body := zoe.get("/")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "/signin", "she is signed out")
	here := d.employee(report)
	status, body = here.get("/")
	require.Equal(t, http.StatusOK, status, "whoever reported to her lacks nothing but a manager")
	require.NotContains(t, body, given)

	// The bus forgets everything and is told it all again: old news brings nobody back.
	d.settle(bus)
	d.published("directory")
	d.wipe()
	waitFor(t, "the erasure to be published again", func() error {
		stream, err := bus.Stream(t.Context(), "DIRECTORY")
		if err != nil {
			return err
		}
		_, err = stream.GetLastMsgForSubject(t.Context(), "jalon.directory.v1.PeopleErased")
		return err
	})
	d.settle(bus)
	waitFor(t, "nothing to be left", nothing)
	require.NoError(t, d.expect("confidential answers", 2, "moments", "responses", confidential))

	// The HR system that still names her makes somebody new.
	d.accept(file, "--as-of", "2026-11-03")
	again, err := d.person(number)
	require.NoError(t, err)
	require.NotEqual(t, person, again)
}
