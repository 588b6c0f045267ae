package interviews_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/vault"
	"jalon.dev/services/interviews"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

const planted = "Zibeline-secret-7c1f"

// A word that is written in every place of a talk is in no document, no event, no log and no trace. What the files of the engine and
// the bus hold, the walk through a month of the practice looks at.
func TestWhatIsWrittenIsNowhereInClear(t *testing.T) {
	p := newPair(t)
	id := p.talk()
	p.prepare(p.employee, id, 0,
		&interviewsv1.Point{Id: "1", Kind: interviewsv1.Point_KIND_DISPLEASURE, Text: planted, Skill: planted},
		point("2", interviewsv1.Point_KIND_EXPECTATION, planted))
	_, err := p.client.SharePreparation(p.as(p.employee), &interviewsv1.SharePreparationRequest{TalkId: id})
	require.NoError(t, err)
	for _, who := range []string{p.employee, p.manager} {
		_, err = p.client.SaveNotes(p.as(who), &interviewsv1.SaveNotesRequest{TalkId: id, Text: planted})
		require.NoError(t, err)
	}
	_, err = p.client.SaveNotes(p.as(p.employee), &interviewsv1.SaveNotesRequest{TalkId: id, Shared: true, Text: planted})
	require.NoError(t, err)
	request := p.open(p.manager, id).GetCommitments()[0]
	promised, err := p.client.PromiseRequest(p.as(p.manager), &interviewsv1.PromiseRequestRequest{CommitmentId: request.GetId(), Answer: planted, Version: request.GetVersion()})
	require.NoError(t, err)
	_, err = p.client.SettleCommitment(p.as(p.manager), &interviewsv1.SettleCommitmentRequest{
		CommitmentId: request.GetId(), State: interviewsv1.Commitment_STATE_DROPPED, Outcome: planted, Version: promised.GetVersion(),
	})
	require.NoError(t, err)
	_, err = p.client.SaveCommitment(p.as(p.manager), &interviewsv1.SaveCommitmentRequest{
		TalkId: id, CommitmentId: uuid.NewString(), Kind: interviewsv1.Commitment_KIND_SKILL, Text: planted, OwnerId: p.employee,
	})
	require.NoError(t, err)
	p.held(p.employee, id, "2026-11-03")
	p.settle()
	require.Contains(t, p.open(p.manager, id).String(), planted, "the two read it")

	names, err := p.parts.DB.ListCollectionNames(t.Context(), bson.D{})
	require.NoError(t, err)
	require.Contains(t, names, "texts")
	for _, name := range names {
		cursor, err := p.parts.DB.Collection(name).Find(t.Context(), bson.D{})
		require.NoError(t, err)
		for cursor.Next(t.Context()) {
			require.NotContains(t, string(cursor.Current), planted, "in the collection %s", name)
		}
	}
	p.mu.Lock()
	for _, msg := range p.heard {
		require.NotContains(t, msg.(interface{ String() string }).String(), planted)
	}
	p.mu.Unlock()
	for _, line := range p.logs.All() {
		require.NotContains(t, fmt.Sprint(line.Message, line.ContextMap()), planted)
	}
	require.NotEmpty(t, p.spans.Ended())
	for _, span := range p.spans.Ended() {
		require.NotContains(t, fmt.Sprint(span.Name(), span.Attributes(), span.Events(), span.Status()), planted)
	}

	// Erased, it is readable for nobody: neither from what is left nor with the master key from a copy.
	var copied []bson.M
	cursor, err := p.parts.DB.Collection("texts").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	require.NoError(t, cursor.All(t.Context(), &copied))
	require.NotEmpty(t, copied)
	p.publish(&directoryv1.PeopleErased{PersonIds: []string{p.employee}})
	for _, name := range []string{"texts", "commitments", "keys", "talks"} {
		n, err := p.parts.DB.Collection(name).CountDocuments(t.Context(), bson.D{{Key: "employee_id", Value: bson.D{{Key: "$ne", Value: p.manager}}}})
		require.NoError(t, err)
		require.Zero(t, n, name)
	}
	masters, err := vault.ParseMasters(vault.Use{Label: "jalon talks"}, masterKey)
	require.NoError(t, err)
	fresh, err := vault.New(p.parts.DB, masters).Key(t.Context(), p.employee)
	require.NoError(t, err)
	_, err = fresh.Open(copied[0]["_id"].(string), copied[0]["sealed"].(bson.Binary).Data)
	require.ErrorIs(t, err, vault.ErrSealed, "a key that is made anew opens nothing that was sealed before")
	require.False(t, bytes.Contains(copied[0]["sealed"].(bson.Binary).Data, []byte(planted)))
}

// A master key that went missing is told of at the start, and not when two people meet; it can be given up.
func TestAMissingMasterKeyIsNoticedAtTheStart(t *testing.T) {
	p := newPair(t)
	id := p.talk()
	p.prepare(p.employee, id, 0, point("1", interviewsv1.Point_KIND_PLEASURE, planted))
	require.NoError(t, p.service.Migrate(t.Context()))

	again := func(cfg interviews.Config) error {
		service, err := interviews.New(p.parts, cfg)
		require.NoError(t, err)
		return service.Migrate(t.Context())
	}
	const another = "another master key as that of a new data folder"
	err := again(interviews.Config{Keys: another})
	require.ErrorContains(t, err, "keys (1 of them)")
	require.ErrorContains(t, err, "JALON_TALKS_LOST=forget")
	require.NoError(t, again(interviews.Config{Keys: another + "," + masterKey}))

	_, err = interviews.New(p.parts, interviews.Config{Keys: another, Lost: "yes"})
	require.ErrorContains(t, err, "JALON_TALKS_LOST")
	require.NoError(t, again(interviews.Config{Keys: another, Lost: "forget"}))
	require.NoError(t, again(interviews.Config{Keys: another}))
	n, err := p.parts.DB.Collection("texts").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.Zero(t, n)
	require.NotNil(t, p.open(p.employee, id), "the talk itself stays")
}
