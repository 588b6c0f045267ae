package mail

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// SentAbout returns about which of the invitations a mail was sent.
func (m *Mailer) SentAbout(ctx context.Context, invitationIDs []string) (map[string]bool, error) {
	sent := make(map[string]bool, len(invitationIDs))
	if len(invitationIDs) == 0 {
		return sent, nil
	}
	ids := make([]string, len(invitationIDs))
	for i, invitation := range invitationIDs {
		ids[i] = mailID(invitation, false, 0)
	}
	cursor, err := m.store.mails.Find(ctx, among(ids, bson.E{Key: "state", Value: Sent}),
		options.Find().SetProjection(bson.D{{Key: "invitation_id", Value: 1}}).SetBatchSize(5000))
	if err != nil {
		return nil, fmt.Errorf("reading what was sent: %w", err)
	}
	for d, err := range mongodb.Each[doc](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading what was sent: %w", err)
		}
		sent[d.InvitationID] = true
	}
	return sent, nil
}
