package moments_test

import (
	"encoding/json"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

func (in *installation) draft(n int, invitation string, given ...*momentsv1.Answer) error {
	_, err := in.client().SaveDraft(in.as(personID(n)), &momentsv1.SaveDraftRequest{InvitationId: invitation, Answers: given})
	return err
}

func (in *installation) drafts() []bson.M {
	in.t.Helper()
	cursor, err := in.db.Collection("drafts").Find(in.t.Context(), bson.D{})
	require.NoError(in.t, err)
	var docs []bson.M
	require.NoError(in.t, cursor.All(in.t.Context(), &docs))
	return docs
}

func TestADraftIsItsWritersUntilItIsSent(t *testing.T) {
	in := install(t, visits())
	invitations := in.visited(employees(1, 2, "2019-05-01")...)
	require.NoError(t, in.draft(1, invitations[0], answers("curious", 9, "Pas fini")...))
	kept := func() []*momentsv1.Answer {
		res, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitations[0]})
		require.NoError(t, err)
		return res.GetDraft()
	}
	require.Len(t, kept(), 4, "all but the point that the scale does not have")
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(in.draft(2, invitations[0])))
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(func() error {
		_, err := in.client().SaveDraft(in.hr(), &momentsv1.SaveDraftRequest{InvitationId: invitations[0]})
		return err
	}()))
	text, err := json.Marshal(in.drafts())
	require.NoError(t, err)
	require.NotContains(t, string(text), personID(1))
	require.NotContains(t, string(text), invitations[0])
	n, err := in.db.Collection("responses").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.Zero(t, n)

	_, err = in.answer(1, invitations[0], answers("curious", 5, "Fini"))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(in.drafts()) == 0 }, patience, 5*time.Millisecond)
	require.NoError(t, in.draft(1, invitations[0], answers("curious", 4, "Trop tard")...), "an older page may still send what it holds")
	require.Empty(t, in.drafts())
	require.Empty(t, kept())
}

func TestADraftThatIsNeverSentGoesWhenTheInvitationExpires(t *testing.T) {
	in := install(t, visits())
	invitation := in.visited(employee(1, "2019-05-01"))[0]
	require.NoError(t, in.draft(1, invitation, answers("curious", 5, "Merci")...))
	in.stop()
	in.clock.Advance(15 * 24 * time.Hour)
	in.start()
	require.Eventually(t, func() bool { return len(in.drafts()) == 0 }, patience, 5*time.Millisecond)
	require.NoError(t, in.draft(1, invitation, answers("curious", 5, "Merci")...))
	require.Empty(t, in.drafts())
}
