package notifications_test

import (
	"regexp"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

var images = regexp.MustCompile(`<img src=3D"([^"]+)"`)

// campaignMail asks people in the name of one, in a variant.
func (w *world) campaignMail(piece string, people ...string) *momentsv1.InvitationsRequested {
	msg := &momentsv1.InvitationsRequested{}
	for _, person := range people {
		msg.Invitations = append(msg.Invitations, &momentsv1.Invitation{
			Id: uuid.NewString(), PersonId: person, KeyMoment: "campaign", FollowUp: "survey", Piece: piece,
			ExpiresAt: w.clock.Now().AddDate(0, 0, 14).Format(time.RFC3339),
		})
	}
	w.publish("moments", msg)
	return msg
}

func (w *world) opened(piece string, machine bool) {
	w.t.Helper()
	_, err := w.peers.Opens().CountOpen(identity.AsService(w.t.Context(), "portal"), &notificationsv1.CountOpenRequest{Piece: piece, Machine: machine})
	require.NoError(w.t, err)
}

func TestByDefaultNoMailHasAnImageAndNothingIsCounted(t *testing.T) {
	cfg, boxes := withMail(t)
	w := start(t, cfg)
	ada, id := uuid.NewString(), uuid.NewString()
	w.hire(asIs, ada)
	w.campaignMail(id, ada)
	w.settle()
	require.Len(t, boxes.all(), 1)
	require.NotContains(t, boxes.all()[0], "<img")
	w.opened(id, false)
	n, err := w.db.Collection("mail_opens").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.Zero(t, n)
	res, err := w.peers.Opens().GetOpens(w.as(uuid.NewString(), identity.HR), &notificationsv1.GetOpensRequest{CampaignId: id})
	require.NoError(t, err)
	require.False(t, res.GetEnabled())
}

func TestTurnedOnOneImageForEachVariantCountsWithoutKnowingWho(t *testing.T) {
	cfg, boxes := withMail(t)
	cfg.Mail.Opens = "on"
	w := start(t, cfg)
	people := make([]string, 15)
	for i := range people {
		people[i] = uuid.NewString()
	}
	w.hire(asIs, people...)
	id := uuid.NewString()
	w.campaignMail(id+".a", people[:11]...)
	w.campaignMail(id+".b", people[11:]...)
	w.publish("moments", w.invite(people[0])) // no campaign's
	discreet := w.invite(people[1])
	discreet.GetInvitations()[0].Discreet, discreet.GetInvitations()[0].Piece = true, uuid.NewString()
	w.publish("moments", discreet) // whose exact number is not told
	w.settle()
	addresses := map[string]int{}
	for _, mail := range boxes.all() {
		found := images.FindAllStringSubmatch(regexp.MustCompile("=\r\n").ReplaceAllString(mail, ""), -1)
		for _, image := range found {
			addresses[image[1]]++
		}
	}
	require.Equal(t, map[string]int{
		"https://jalon.example.com/mail/open/" + id + ".a.gif": 11, "https://jalon.example.com/mail/open/" + id + ".b.gif": 4,
	}, addresses, "the same address for everybody, and none elsewhere")
	require.Len(t, boxes.all(), 17)
	require.Contains(t, boxes.all()[0]+boxes.all()[1], "image compte combien de fois ce message", "the mail says it")

	for range 6 {
		w.opened(id+".a", false)
	}
	w.opened(id+".a", true)
	w.opened(id+".b", false)
	w.opened(uuid.NewString(), false)
	res, err := w.peers.Opens().GetOpens(w.as(uuid.NewString(), identity.HR), &notificationsv1.GetOpensRequest{CampaignId: id})
	require.NoError(t, err)
	require.True(t, res.GetEnabled())
	require.Len(t, res.GetPieces(), 2)
	require.EqualValues(t, 11, res.GetPieces()[0].GetDelivered())
	require.EqualValues(t, 6, res.GetPieces()[0].GetLoads())
	require.EqualValues(t, 1, res.GetPieces()[0].GetMachineLoads())
	require.Equal(t, "b", res.GetPieces()[1].GetVariant())
	require.Nil(t, res.GetPieces()[1].Loads, "of four, it would tell of each of them")

	cursor, err := w.db.Collection("mail_opens").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	for cursor.Next(t.Context()) {
		for _, person := range people {
			require.NotContains(t, string(cursor.Current), person)
		}
		require.NotContains(t, string(cursor.Current), ":00", "no time of day")
	}
	_, err = w.peers.Opens().CountOpen(w.as(people[0]), &notificationsv1.CountOpenRequest{Piece: id})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
}
