package web

import (
	"context"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// mailTotals is what became of all e-mail; nil where none is sent.
func (s *Site) mailTotals(ctx context.Context, words *i18n.Words) (*page.MailTotals, error) {
	counts, err := s.Peers.Notifications().CountMails(ctx, &notificationsv1.CountMailsRequest{})
	if err != nil || !counts.GetEnabled() {
		return nil, err
	}
	some := func(n int64) string {
		if n == 0 {
			return ""
		}
		return words.Number(int(n))
	}
	return &page.MailTotals{
		Sent: words.Number(int(counts.GetSent())), Waiting: some(counts.GetWaiting()), Bounced: some(counts.GetBounced()),
		Failed: some(counts.GetFailed()), Unknown: some(counts.GetUnknown()),
	}, nil
}
