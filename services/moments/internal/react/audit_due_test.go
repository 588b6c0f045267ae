package react_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/react"
)

// audited is the follow-up of somebody's audit; its zero value where none is planned.
func (w world) audited(t *testing.T, personID string, on clock.Date) agenda.Item {
	t.Helper()
	id := moment.InvitationID(moment.ID(moment.TalkAudit, personID, on), on.String())
	items, err := w.agenda.Get(t.Context(), id)
	require.NoError(t, err)
	return items[id]
}

func (w world) agendaSize(t *testing.T) int64 {
	t.Helper()
	n, err := w.db.Collection("agenda").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	return n
}

func TestAnAuditPlansOneQuestioningAPersonHoweverOftenItIsTold(t *testing.T) {
	w, ada, bob := newWorld(t), uuid.NewString(), uuid.NewString()
	w.knows(t, ada, bob)
	both := told(t, &interviewsv1.AuditDue{AuditOn: "2026-11-04", PersonIds: []string{ada, bob}})
	one := told(t, &interviewsv1.AuditDue{AuditOn: "2026-11-04", PersonIds: []string{bob}})
	for range 2 {
		require.NoError(t, w.hearTalk(t.Context(), one))
		require.NoError(t, w.hearTalk(t.Context(), both))
	}
	require.EqualValues(t, 2, w.agendaSize(t))
	f, err := followup.Read(w.audited(t, ada, today.AddDays(2)))
	require.NoError(t, err)
	require.Equal(t, "2026-11-04T09:00:00Z", f.Due.UTC().Format("2006-01-02T15:04:05Z"), "ten in the morning in Paris")
	require.Equal(t, "talk_audit.v1", f.Questionnaire)
	require.Equal(t, 14, f.AnswerDays)
	require.Equal(t, []string{"u"}, f.Moment.UnitPath)

	next := told(t, &interviewsv1.AuditDue{AuditOn: "2027-03-04", PersonIds: []string{ada, bob}})
	require.NoError(t, w.hearTalk(t.Context(), next))
	require.EqualValues(t, 4, w.agendaSize(t), "the next audit asks anew")

	require.Empty(t, w.planned(t, ada), "it is no moment of anybody's")
	require.Empty(t, w.events(t), "and nobody is told of it before it is asked")
}

func TestAnAuditHeardOfTooLateAsksNobody(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.knows(t, who)
	require.NoError(t, w.hearTalk(t.Context(), told(t, &interviewsv1.AuditDue{AuditOn: "2026-10-18", PersonIds: []string{who}})))
	require.Zero(t, w.agendaSize(t))
	require.NoError(t, w.hearTalk(t.Context(), told(t, &interviewsv1.AuditDue{AuditOn: "2026-10-19", PersonIds: []string{who}})))
	require.EqualValues(t, 1, w.agendaSize(t))
}

func TestAnAuditWaitsForPeopleOfWhomNothingWasHeardYet(t *testing.T) {
	w, known, later := newWorld(t), uuid.NewString(), uuid.NewString()
	w.knows(t, known)
	due := told(t, &interviewsv1.AuditDue{AuditOn: "2026-11-04", PersonIds: []string{later, known}})
	require.True(t, react.Passes(w.hearTalk(t.Context(), due)))
	require.EqualValues(t, 1, w.agendaSize(t), "the others do not wait")
	w.knows(t, later)
	require.NoError(t, w.hearTalk(t.Context(), due))
	require.EqualValues(t, 2, w.agendaSize(t))
}

func TestAnAuditWithoutADayIsRefused(t *testing.T) {
	w := newWorld(t)
	ev := told(t, &interviewsv1.AuditDue{AuditOn: "2026-02-31"})
	require.ErrorContains(t, w.hearTalk(t.Context(), ev), "when to ask about talks")
}
