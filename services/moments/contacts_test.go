package moments_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/identity"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/survey"
)

// contactable is a catalogue whose only survey asks at its end whether one wants to be contacted.
func contactable(named bool) moments.Config {
	return moments.Config{
		Catalogue: moments.Catalogue{{Code: "visit", FollowUps: []moments.Rule{
			{Code: "now", Immediate: true, AnswerDays: 14, Questionnaire: "contactable.v1", AsksContact: true},
		}}},
		Questionnaires: []moments.Questionnaire{{
			ID: "contactable.v1", Title: survey.Wording{FR: "Votre visite", EN: "Your visit"}, Named: named,
			Questions: []survey.Question{{
				ID: "your_word", Kind: survey.ShortText, Text: survey.Wording{FR: "Un mot ?", EN: "A word?"}, MaxLength: 100, Required: true,
			}},
		}},
	}
}

func (in *installation) says(n int, invitation, word string, contactMe bool) *momentsv1.SubmitResponseResponse {
	in.t.Helper()
	res, err := in.client().SubmitResponse(in.as(personID(n)), &momentsv1.SubmitResponseRequest{
		InvitationId: invitation, ContactMe: contactMe,
		Answers: []*momentsv1.Answer{{QuestionId: "your_word", Value: &momentsv1.Answer_Text{Text: word}}},
	})
	require.NoError(in.t, err)
	return res
}

func (in *installation) wishes(ctx context.Context) []*momentsv1.ContactRequest {
	in.t.Helper()
	list, err := in.parts.Peers.Contacts().ListContactRequests(ctx, &momentsv1.ListContactRequestsRequest{})
	require.NoError(in.t, err)
	return list.GetRequests()
}

func TestWhoAsksToBeContactedIsListedAndMarkedWhenItIsDone(t *testing.T) {
	in := install(t, contactable(false))
	in.store()
	invitations := in.visited(employee(1, "2019-05-01"), employee(2, "2019-05-01"), employee(5, "2019-05-01", "company", "store-2"))
	got, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitations[0]})
	require.NoError(t, err)
	require.True(t, got.GetAsksContact())

	in.says(1, invitations[0], "un", true)
	in.says(1, invitations[0], "un", true) // the button, twice
	in.says(2, invitations[1], "deux", false)
	in.says(2, invitations[1], "deux", true) // too late: it was answered without the wish
	in.says(5, invitations[2], "trois", true)

	list := in.wishes(in.hr())
	require.Len(t, list, 2)
	local := identity.NewContext(t.Context(), identity.Actor{PersonID: personID(3), Grants: []identity.Grant{{Role: identity.LocalHR, Unit: "store-1"}}})
	list = in.wishes(local)
	require.Len(t, list, 1, "those of one's own units")
	require.Equal(t, personID(1), list[0].GetPersonId())
	require.Equal(t, "visit", list[0].GetKeyMoment())
	require.Equal(t, "2026-11-02", list[0].GetAskedOn())

	mark := func(ctx context.Context, id string, done bool) error {
		_, err := in.parts.Peers.Contacts().MarkContactRequest(ctx, &momentsv1.MarkContactRequestRequest{Id: id, Done: done})
		return err
	}
	require.NoError(t, mark(local, list[0].GetId(), true))
	require.NoError(t, mark(in.hr(), list[0].GetId(), true))
	after := in.wishes(local)
	require.Equal(t, "2026-11-02", after[0].GetDoneOn())
	require.Equal(t, personID(3), after[0].GetDoneBy(), "who did it first stays")
	require.NoError(t, mark(local, list[0].GetId(), false))
	require.Empty(t, in.wishes(local)[0].GetDoneOn())

	for _, r := range in.wishes(in.hr()) {
		if r.GetPersonId() == personID(5) {
			require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(mark(local, r.GetId(), true)))
		}
	}
	_, err = in.parts.Peers.Contacts().ListContactRequests(in.as(personID(1)), &momentsv1.ListContactRequestsRequest{})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}

func TestASurveyWithNamesDoesNotAskWhetherToContact(t *testing.T) {
	in := install(t, contactable(true))
	in.store()
	invitation := in.visited(employee(1, "2019-05-01"))[0]
	got, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitation})
	require.NoError(t, err)
	require.False(t, got.GetAsksContact())
	in.says(1, invitation, "un", true)
	require.Empty(t, in.wishes(in.hr()))
}

func TestAskingForContactIsOffUntilHRTurnsItOn(t *testing.T) {
	in := install(t, moments.Config{})
	entry, err := in.client().GetKeyMoment(in.hr(), &momentsv1.GetKeyMomentRequest{Code: "training"})
	require.NoError(t, err)
	for _, f := range entry.GetKeyMoment().GetFollowUps() {
		require.False(t, f.GetAsksContact())
		f.AsksContact = f.GetCode() == "day_60"
	}
	_, err = in.client().UpdateKeyMoment(in.hr(), &momentsv1.UpdateKeyMomentRequest{
		Code: "training", Texts: entry.GetTexts(), FollowUps: entry.GetKeyMoment().GetFollowUps(),
	})
	require.NoError(t, err)
	entry, err = in.client().GetKeyMoment(in.hr(), &momentsv1.GetKeyMomentRequest{Code: "training"})
	require.NoError(t, err)
	require.False(t, entry.GetKeyMoment().GetFollowUps()[0].GetAsksContact())
	require.True(t, entry.GetKeyMoment().GetFollowUps()[1].GetAsksContact())
}

// Whoever reads the whole database finds nothing that leads from a wish to an answer: no value in common but the day and the
// key moment, and no order.
func TestNothingLeadsFromAWishToAnAnswer(t *testing.T) {
	in := install(t, contactable(false))
	in.store()
	people := employees(10, 40, "2019-05-01")
	for i, invitation := range in.visited(people...) {
		in.says(10+i, invitation, fmt.Sprintf("word %02d", i), true)
	}
	in.settle()

	wishes, answered := in.dump("contact_requests"), in.dump("responses")
	require.Len(t, wishes, len(people))
	require.Len(t, answered, len(people))
	shared := map[string]bool{}
	values := map[string]bool{}
	for _, doc := range answered {
		for _, v := range leaves(doc) {
			values[v] = true
		}
	}
	var order []string
	for _, doc := range wishes {
		for _, v := range leaves(doc) {
			if values[v] {
				shared[v] = true
			}
		}
		order = append(order, doc.Lookup("person_id").StringValue())
	}
	require.Equal(t, map[string]bool{"2026-11-02": true, "visit": true}, shared)
	cast := make([]string, len(people))
	for i, p := range people {
		cast[i] = p.GetId()
	}
	require.NotEqual(t, cast, order, "they are not read back in the order in which they came")
	var ids []string
	for _, doc := range wishes {
		ids = append(ids, doc.Lookup("_id").StringValue())
	}
	require.IsIncreasing(t, ids, "but in that of ids that tell nothing")
	for _, collection := range []string{"agenda", "events", "requests", "drafts"} {
		for _, doc := range in.dump(collection) {
			require.NotContains(t, strings.ToLower(doc.String()), "contact_me")
			for _, id := range ids {
				require.NotContains(t, doc.String(), id, "nothing else speaks of the wish")
			}
		}
	}
}

// dump is a collection as it lies on disk.
func (in *installation) dump(collection string) []bson.Raw {
	in.t.Helper()
	cursor, err := in.db.Collection(collection).Find(in.t.Context(), bson.D{})
	require.NoError(in.t, err)
	var docs []bson.Raw
	require.NoError(in.t, cursor.All(in.t.Context(), &docs))
	return docs
}

// leaves are the values of a document, with those inside it, without what is empty.
func leaves(doc bson.Raw) []string {
	var found []string
	elements, _ := doc.Elements()
	for _, e := range elements {
		switch v := e.Value(); v.Type {
		case bson.TypeEmbeddedDocument:
			found = append(found, leaves(v.Document())...)
		case bson.TypeArray:
			found = append(found, leaves(bson.Raw(v.Array()))...)
		case bson.TypeString:
			if v.StringValue() != "" {
				found = append(found, v.StringValue())
			}
		default:
			found = append(found, v.String())
		}
	}
	return found
}
