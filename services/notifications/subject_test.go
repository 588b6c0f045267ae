package notifications_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func TestHRsOwnLineIsOnThePromptAndWhereItIsExplained(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	person := uuid.NewString()
	w.hire(asIs, person)
	request := w.invite(person, person)
	own, other := request.GetInvitations()[0], request.GetInvitations()[1]
	own.KeyMoment, own.FollowUp, own.Subject = "campaign", "survey", &momentsv1.Subject{Fr: "Votre avis compte", En: "Your view counts"}
	w.publish("moments", request)

	w.move(w.clock.Now().Add(24 * time.Hour)) // Tuesday
	res, err := w.peers.Notifications().ListPrompts(w.as(person), &notificationsv1.ListPromptsRequest{PersonId: person})
	require.NoError(t, err)
	require.NotEmpty(t, res.GetPrompts())
	for _, p := range res.GetPrompts() {
		if p.GetInvitationId() == own.GetId() {
			require.Equal(t, "Votre avis compte", p.GetSubject().GetFr())
			require.Equal(t, "Your view counts", p.GetSubject().GetEn())
		}
	}
	require.Nil(t, w.why(person, other.GetId()).GetSubject(), "others are announced by what they are about")
	require.Equal(t, "Your view counts", w.why(person, own.GetId()).GetSubject().GetEn())
}
