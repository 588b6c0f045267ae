package notifications

import (
	"context"
	"time"

	"jalon.dev/pkg/identity"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/mail"
)

// newMailer gives e-mail what it needs of the rest: names and addresses from directory, asked for as this service, and the
// gate, which knows what still waits for an answer and when whoever is to give it may be reached.
func (s *Service) newMailer(cfg MailConfig, messages *delivery.Delivery) (*mail.Mailer, error) {
	return mail.New(mail.Parts{
		DB: s.parts.DB, Clock: s.parts.Clock, Log: s.parts.Log, Meter: s.parts.Meter(), Contacts: s.parts.Peers.Directory(),
		As:        func(ctx context.Context) context.Context { return identity.AsService(ctx, s.parts.Name) },
		Prospects: prospects(messages),
		Key:       s.parts.Signer.Derive("links in mails"),
	}, cfg)
}

func prospects(messages *delivery.Delivery) mail.Prospects {
	return func(ctx context.Context, now time.Time, personIDs []string) (map[string]mail.Prospect, error) {
		reaches, err := messages.Reach(ctx, now, personIDs)
		if err != nil {
			return nil, err
		}
		all := make(map[string]mail.Prospect, len(reaches))
		for person, reach := range reaches {
			open := make(map[string]bool, len(reach.Open))
			for _, m := range reach.Open {
				open[m.ID] = true
			}
			all[person] = mail.Prospect{From: reach.From, Zone: reach.Zone, Open: open}
		}
		return all, nil
	}
}
