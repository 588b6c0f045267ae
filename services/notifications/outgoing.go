package notifications

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/notifications/internal/channel"
	"jalon.dev/services/notifications/internal/outward"
	"jalon.dev/services/notifications/internal/react"
	"jalon.dev/services/notifications/internal/webhook"
)

// OutgoingConfig says how other systems are told: by signed webhook, and in the channels of a chat. The zero OutgoingConfig tells none.
type OutgoingConfig struct {
	// Keys are the master keys under which secrets and addresses are sealed, the newest first, separated by commas. Empty: nothing
	// leaves.
	Keys string `env:"JALON_OUTGOING_KEY"`
	// Networks are the company's own that may be called besides the Internet: "10.20.0.0/16, 2001:db8:20::/48".
	Networks string `env:"JALON_OUTGOING_NETWORKS"`
	// Home is the address of the portal's pages, to which announcements lead.
	Home string `env:"JALON_PUBLIC_URL"`
	// Loopback lets this very machine be called, without TLS too: for a demo, and for tests.
	Loopback bool
	// Patience is for a whole call; 10 s when 0.
	Patience time.Duration
}

// Validate says everything that is wrong at once.
func (c *OutgoingConfig) Validate() error {
	_, keys := c.masters()
	_, network := outward.New(c.outward())
	return errors.Join(keys, network)
}

func (c *OutgoingConfig) outward() outward.Config {
	return outward.Config{Networks: c.Networks, Loopback: c.Loopback, Patience: c.Patience}
}

func (c *OutgoingConfig) masters() (vault.Masters, error) {
	if strings.TrimSpace(c.Keys) == "" {
		return vault.Masters{}, nil
	}
	return vault.ParseMasters(sealedOutgoing, c.Keys)
}

var sealedOutgoing = vault.Use{Setting: "JALON_OUTGOING_KEY", Label: "jalon outgoing", Sealed: "the secrets of other systems"}

// outgoing is all that leaves for other systems.
type outgoing struct {
	log      *zap.Logger
	vault    *vault.Vault // nil where nothing leaves
	webhooks *webhook.Webhooks
	channels *channel.Channels
}

// newOutgoing puts together what tells other systems, and has it take in what they are to be told of.
func (s *Service) newOutgoing(cfg OutgoingConfig) (outgoing, error) {
	masters, err := cfg.masters()
	if err != nil {
		return outgoing{}, fmt.Errorf("configuring what leaves: %w", err)
	}
	client, err := outward.New(cfg.outward())
	if err != nil {
		return outgoing{}, fmt.Errorf("configuring what leaves: %w", err)
	}
	o := outgoing{log: s.parts.Log}
	if strings.TrimSpace(cfg.Keys) != "" {
		o.vault = vault.New(s.parts.DB, masters)
	}
	o.webhooks = webhook.New(webhook.Parts{
		DB: s.parts.DB, Clock: s.parts.Clock, Log: s.parts.Log, Register: s.register, Vault: o.vault, Client: client,
	})
	o.channels = channel.New(channel.Parts{
		DB: s.parts.DB, Clock: s.parts.Clock, Log: s.parts.Log, Vault: o.vault, Client: client, Home: strings.TrimSuffix(cfg.Home, "/"),
	})
	for _, typ := range webhook.Types() {
		bus.HandleType(s.router, react.WebhookName(typ), typ, o.webhooks.Take)
	}
	bus.Handle(s.router, "campaign-started", react.CampaignStarted(o.channels))
	return o, nil
}

// keys puts the newest master key in the place of the others. One that is missing is told of and stops nothing else: who is owed a
// question does not wait for a webhook, and HR can make new secrets.
func (o outgoing) keys(ctx context.Context) error {
	if o.vault == nil {
		return nil
	}
	err := o.vault.Check(ctx)
	if lost, ok := errors.AsType[*vault.LostError](err); ok {
		o.log.Error("some systems and channels are told nothing", zap.Error(lost))
		return nil
	}
	if err != nil {
		return err
	}
	return o.vault.Rewrap(ctx)
}

// dueNow counts what is due for other systems.
func (o outgoing) dueNow(ctx context.Context) (int, error) {
	events, err := o.webhooks.DueNow(ctx)
	if err != nil {
		return 0, err
	}
	announcements, err := o.channels.DueNow(ctx)
	return events + announcements, err
}
