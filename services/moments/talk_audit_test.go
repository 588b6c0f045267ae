package moments_test

import (
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	eventv1 "jalon.dev/proto/gen/jalon/event/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

// intervalOfLooks is how often a test looks whether something has come.
const intervalOfLooks = 5 * time.Millisecond

// audited asks people about their talks on a day, and returns their invitations by person.
func (in *installation) audited(on string, people ...int) map[string]string {
	in.t.Helper()
	due := &interviewsv1.AuditDue{AuditOn: on}
	for _, n := range people {
		due.PersonIds = append(due.PersonIds, personID(n))
	}
	in.hear(due)
	in.settle()
	in.moveTo(on + "T10:00:00Z")
	return in.auditInvitations(on, len(people))
}

// auditInvitations waits until so many are asked from the day on.
func (in *installation) auditInvitations(on string, n int) map[string]string {
	in.t.Helper()
	found := map[string]string{}
	require.Eventually(in.t, func() bool {
		in.mu.Lock()
		defer in.mu.Unlock()
		clear(found)
		for _, ev := range in.events {
			var requested momentsv1.InvitationsRequested
			if ev.Type != typeOf(&requested) || ev.Time.Format(time.DateOnly) < on {
				continue
			}
			require.NoError(in.t, ev.Decode(&requested))
			for _, i := range requested.GetInvitations() {
				require.Equal(in.t, "talk_audit", i.GetKeyMoment())
				require.Equal(in.t, "every_four_months", i.GetFollowUp(), "the same to everybody else, whichever audit it is")
				found[i.GetPersonId()] = i.GetId()
			}
		}
		return len(found) == n
	}, patience, intervalOfLooks)
	return found
}

func audit(held string, decisions, skills int32) []*momentsv1.Answer {
	given := []*momentsv1.Answer{{QuestionId: "talks_held", Value: &momentsv1.Answer_OptionId{OptionId: held}}}
	if held != "0" {
		given = append(given,
			&momentsv1.Answer{QuestionId: "talks_decisions", Value: &momentsv1.Answer_Number{Number: decisions}},
			&momentsv1.Answer{QuestionId: "talks_skills", Value: &momentsv1.Answer_Number{Number: skills}})
	}
	return given
}

// auditResults is what interviews reads.
func (in *installation) auditResults(unit, on string) *momentsv1.GetResultsResponse {
	in.t.Helper()
	res, err := in.client().CompareUnits(identity.NewContext(in.t.Context(), in.interviews()), &momentsv1.CompareUnitsRequest{
		KeyMoment: "talk_audit", FollowUp: on, UnitIds: []string{"unknown", unit}, Language: "en",
	})
	require.NoError(in.t, err)
	require.True(in.t, res.GetUnits()["unknown"].GetTooFew())
	of, err := in.client().GetResults(in.hr(), &momentsv1.GetResultsRequest{KeyMoment: "talk_audit", FollowUp: on, UnitId: unit, Language: "en"})
	require.NoError(in.t, err)
	require.True(in.t, proto.Equal(of, res.GetUnits()[unit]), "as HR is told")
	return res.GetUnits()[unit]
}

// twoStores are persons 1 to 8 in store-1 and 11 to 16 in store-2.
func (in *installation) twoStores() {
	in.t.Helper()
	in.tell(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{
		{Id: "company", Version: 1, Kind: "company"}, {Id: "store-1", Version: 1, ParentId: "company"}, {Id: "store-2", Version: 1, ParentId: "company"},
	}})
	in.tell(&directoryv1.PeopleRegistered{
		People: append(employees(1, 8, "2019-05-01"), employees(11, 6, "2019-05-01", "company", "store-2")...), AsOf: "2026-11-02",
	})
	in.settle()
}

func TestTheAuditCountsTalksAndWhatCameOfThemByUnit(t *testing.T) {
	in := install(t, moments.Config{})
	in.twoStores()
	invitations := in.audited("2026-11-04", 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16)
	give := func(answers map[int][]*momentsv1.Answer) {
		for n, given := range answers {
			_, err := in.answer(n, invitations[personID(n)], given)
			require.NoError(t, err)
		}
		in.nightfall()
	}
	give(map[int][]*momentsv1.Answer{
		1: audit("0", 0, 0), 2: audit("4", 5, 2), 3: audit("4", 4, 2), 4: audit("5", 3, 2), 5: audit("1", 4, 2), 6: audit("4", 4, 5),
		11: audit("2", 1, 1), 12: audit("0", 0, 0), 13: audit("2", 1, 1),
	})
	require.True(t, in.auditResults("store-2", "2026-11-04").GetTooFew(), "three answered")
	require.True(t, in.auditResults("store-1", "2026-11-04").GetTooFew(), "the rest of the company would be three")
	require.EqualValues(t, 9, in.auditResults("", "2026-11-04").GetResponses())
	give(map[int][]*momentsv1.Answer{
		7: audit("4", 5, 1), 8: audit("4", 5, 1), 14: audit("2", 1, 1), 15: audit("2", 1, 1), 16: audit("2", 5, 1),
	})

	store := in.auditResults("store-2", "2026-11-04")
	require.EqualValues(t, 6, store.GetResponses())
	require.EqualValues(t, 6, store.GetInvited())
	counts := map[string]int32{}
	for _, c := range store.GetQuestions()[0].GetCounts() {
		counts[c.GetId()] = c.GetCount()
	}
	require.Equal(t, map[string]int32{"0": 1, "1": 0, "2": 5, "3": 0, "4": 0, "5": 0}, counts)
	require.EqualValues(t, 5, store.GetQuestions()[1].GetN(), "whoever had none is not asked")
	require.InDelta(t, 0.2, store.GetQuestions()[1].GetFavourable(), 1e-9)
	require.InDelta(t, 0, store.GetQuestions()[2].GetFavourable(), 1e-9)

	_, err := in.client().GetResults(in.as(personID(1)), &momentsv1.GetResultsRequest{KeyMoment: "talk_audit"})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	_, err = in.client().GetResults(in.hr(), &momentsv1.GetResultsRequest{KeyMoment: "talk_audit", FollowUp: "every_four_months"})
	require.Equal(t, "follow_up", rpc.Violations(err)[0].Field)
}

// Of the same few people, two audits are not ten answers.
func TestTheAnswersOfTwoAuditsAreNotCountedTogether(t *testing.T) {
	in := install(t, moments.Config{})
	in.twoStores()
	for _, on := range []string{"2026-11-04", "2027-03-03"} {
		invitations := in.audited(on, 1, 2, 3)
		for n := 1; n <= 3; n++ {
			_, err := in.answer(n, invitations[personID(n)], audit("1", 4, 4))
			require.NoError(t, err)
		}
	}
	in.nightfall()
	require.True(t, in.auditResults("", "").GetTooFew())
}

func TestTheAuditIsAskedOnceOfThoseWhoAreStillThereAndAnsweredForTwoWeeks(t *testing.T) {
	in := install(t, moments.Config{})
	in.twoStores()
	due := in.hear(&interviewsv1.AuditDue{AuditOn: "2026-11-04", PersonIds: []string{personID(1), personID(2), personID(3)}})
	in.hear(&interviewsv1.AuditDue{AuditOn: "2026-11-04", PersonIds: []string{personID(3), personID(2)}})
	in.settle()
	in.again(due, 8004)
	leaver := employee(1, "2019-05-01")
	leaver.Version, leaver.LeftOn = 2, "2026-11-03"
	in.tell(&directoryv1.PeopleLeft{People: []*directoryv1.Employee{leaver}, AsOf: "2026-11-02"})
	in.tell(&directoryv1.PeopleErased{PersonIds: []string{personID(2)}})
	in.settle()
	for who := range in.invitations() {
		require.NotContains(t, who, "every_four_months", "not before its day")
	}

	in.moveTo("2026-11-04T09:00:00Z")
	in.again(due, 8005)
	in.settle()
	invitations := in.auditInvitations("2026-11-04", 1)
	require.Equal(t, 1, in.invitations()[personID(3)+" every_four_months"])

	survey := func() *momentsv1.GetSurveyResponse {
		res, err := in.client().GetSurvey(in.as(personID(3)), &momentsv1.GetSurveyRequest{InvitationId: invitations[personID(3)]})
		require.NoError(t, err)
		return res
	}
	require.Equal(t, "every_four_months", survey().GetFollowUp())
	require.True(t, survey().GetConfidential())
	require.Len(t, survey().GetQuestions(), 3)
	require.Equal(t, "Vos entretiens avec votre manager", survey().GetTitle())
	in.moveTo("2026-11-18T08:59:59Z")
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_OPEN, survey().GetState())
	in.moveTo("2026-11-18T09:00:00Z")
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_EXPIRED, survey().GetState())
}

func TestNoEventTellsOfWhatWasAnsweredInAnAudit(t *testing.T) {
	in := install(t, moments.Config{})
	in.twoStores()
	invitations := in.audited("2026-11-04", 1, 2)
	_, err := in.answer(1, invitations[personID(1)], audit("3", 2, 2))
	require.NoError(t, err)
	in.settle()
	require.Eventually(t, func() bool { return in.closed()[invitations[personID(1)]] > 0 }, patience, intervalOfLooks)

	require.Empty(t, in.momentsOf(personID(1)), "HR is shown no moment by which to follow one person's audit")
	cursor, err := in.db.Collection("events").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	var told []struct {
		Event event.Event `bson:"event"`
	}
	require.NoError(t, cursor.All(t.Context(), &told))
	require.Len(t, told, 2)
	for _, one := range told {
		class, err := event.ClassOf(one.Event.Type)
		require.NoError(t, err)
		require.Equal(t, eventv1.Class_CLASS_INNER, class, "nothing that may leave Jalon: %s", one.Event.Type)
		require.NotContains(t, string(one.Event.Data), "talks_", "no question, and no answer")
	}
}

func TestTheAuditIsNoKeyMomentThatAnybodyDeclaresOrEdits(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	_, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "talk_audit", PersonId: personID(2)})
	require.Equal(t, "key_moment", rpc.Violations(err)[0].Field)
	_, err = in.client().UpdateKeyMoment(in.hr(), &momentsv1.UpdateKeyMomentRequest{Code: "talk_audit"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	list, err := in.client().ListKeyMoments(in.hr(), &momentsv1.ListKeyMomentsRequest{})
	require.NoError(t, err)
	for _, km := range list.GetKeyMoments() {
		require.NotEqual(t, "talk_audit", km.GetCode())
	}
}
