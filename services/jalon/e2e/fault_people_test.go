package e2e

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
)

// asHR is the moments service, asked as HR would by whoever holds the installation's service key.
func (i *installation) asHR() momentsv1connect.MomentsServiceClient {
	i.t.Helper()
	signer, err := identity.NewSigner([]byte("a-service-key-for-tests-only-0123456789ab"))
	require.NoError(i.t, err)
	token, err := signer.Sign(identity.Actor{Roles: []identity.Role{identity.HR}}, "moments")
	require.NoError(i.t, err)
	return momentsv1connect.NewMomentsServiceClient(&http.Client{Transport: withToken(token)}, i.process("moments").url)
}

type withToken string

func (token withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(token))
	return http.DefaultTransport.RoundTrip(r)
}

// followUps are what became of the follow-ups of somebody's onboarding, as HR sees it.
func (d *drill) followUps(t *testing.T, person string) map[string]string {
	t.Helper()
	list, err := d.asHR().ListMoments(t.Context(), &momentsv1.ListMomentsRequest{PersonId: person, KeyMoment: "onboarding"})
	require.NoError(t, err)
	require.Len(t, list.GetMoments(), 1)
	seen := map[string]string{}
	for _, f := range list.GetMoments()[0].GetFollowUps() {
		seen[f.GetCode()] = f.GetState().String() + " " + f.GetReason()
	}
	return seen
}

func lateAndLeft(t *testing.T, d *drill) {
	t.Helper()
	people := hires(2, "14/10/2026")
	people[0].number, people[1].number = "L0001", "L0002"
	people[1].hired, people[1].left = "02/11/2026", "02/11/2026"
	d.accept(export(t, "late.csv", people))
	late, err := d.person("L0001")
	require.NoError(t, err)
	left, err := d.person("L0002")
	require.NoError(t, err)
	waitFor(t, "the leaver's first follow-up to be called off", func() error {
		return d.expect("it", 1, "moments", "agenda", bson.E{Key: "subject", Value: left}, bson.E{Key: "state", Value: bson.D{{Key: "$ne", Value: "waiting"}}})
	})
	waitFor(t, "the newcomer who was heard of late", func() error {
		return d.expect("follow-ups", 2, "moments", "agenda", bson.E{Key: "subject", Value: late})
	})

	require.Equal(t, map[string]string{
		"day_1": "STATE_SKIPPED heard_too_late", "day_7": "STATE_SKIPPED heard_too_late",
		"day_30": "STATE_PLANNED ", "day_90": "STATE_PLANNED ",
	}, d.followUps(t, late))
	require.Equal(t, map[string]string{
		"day_1": "STATE_CANCELLED left_before", "day_7": "STATE_CANCELLED left_before",
		"day_30": "STATE_CANCELLED left_before", "day_90": "STATE_CANCELLED left_before",
	}, d.followUps(t, left))
	d.settle(d.jetStream())
	for _, person := range []string{late, left} {
		require.NoError(t, d.expect("inboxes", 0, "notifications", "inboxes", bson.E{Key: "_id", Value: person}))
	}
}

func twoTabs(t *testing.T, d *drill) {
	t.Helper()
	number := d.unanswered()
	v := d.employee(number)
	invitation := v.awaitInvitation()
	var tabs sync.WaitGroup
	for _, feeling := range []string{"confident", "anxious"} {
		tabs.Go(func() {
			if err := v.submit(invitation, feeling); err != nil {
				t.Error(err)
			}
		})
	}
	tabs.Wait()
	d.answered[number] = true
	answer := func() (feeling string) {
		t.Helper()
		var doc struct {
			Answers []struct {
				Option string `bson:"o"`
			} `bson:"answers"`
		}
		require.NoError(t, d.in("moments", "responses").FindOne(t.Context(), bson.D{{Key: "_id", Value: event.ID("response", invitation)}}).Decode(&doc))
		return doc.Answers[0].Option
	}
	first := answer()
	require.Contains(t, []string{"confident", "anxious"}, first)
	require.NoError(t, v.submit(invitation, "curious"))
	require.Equal(t, first, answer())
	d.complete()
}
