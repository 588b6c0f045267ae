package channel

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/notifications/internal/outward"
)

const (
	kindAnnounce = "announce"
	// together is how many announcements are made at once.
	together = 8
	// place is where addresses are sealed.
	place = "address"
	// noting is for how long it is tried to note what came of one, also when the process has to end. What is not noted is in doubt.
	noting = 5 * time.Second
	// off is how long announcements wait where no key is set.
	off = time.Hour
	// removed announcements have no channel any more.
	removed outward.Trouble = "removed"
	// over announcements are of campaigns that ended while nothing could leave.
	over outward.Trouble = "over"
)

// Parts is what channels work with.
type Parts struct {
	DB    *mongo.Database
	Clock clock.Clock
	Log   *zap.Logger
	// Vault seals the addresses; nil where no key is set, and then nothing leaves.
	Vault  *vault.Vault
	Client *outward.Client
	// Home is the address of the portal's pages; empty where it is not known.
	Home string
}

// Channels keeps channels and announces campaigns in them.
type Channels struct {
	Parts
	store  *store
	agenda *agenda.Agenda
}

// New returns channels; their agenda must run for anything to leave. It is one of its own: a slow chat holds up nothing else.
func New(parts Parts) *Channels {
	c := &Channels{Parts: parts, store: newStore(parts.DB)}
	c.agenda = agenda.New(parts.DB, parts.Clock, parts.Log, agenda.Collection("channel_agenda"), agenda.Batch(together))
	c.agenda.Handle(kindAnnounce, c.handle)
	return c
}

// Run announces until ctx ends.
func (c *Channels) Run(ctx context.Context) error { return c.agenda.Run(ctx) }

// DueNow counts the announcements that are due.
func (c *Channels) DueNow(ctx context.Context) (int, error) { return c.agenda.DueNow(ctx) }

var (
	// ErrOff says that no key is set under which addresses could be sealed.
	ErrOff = errors.New("nothing leaves: JALON_OUTGOING_KEY is not set")
	// ErrTooMany says that there are MostChannels already.
	ErrTooMany = errors.New("there are as many channels as there can be")
)

// ProblemsError says what is wrong with a channel.
type ProblemsError struct{ Problems []Problem }

func (e *ProblemsError) Error() string {
	return fmt.Sprintf("the channel has %d problems", len(e.Problems))
}

// List returns all channels by name.
func (c *Channels) List(ctx context.Context) ([]Channel, error) { return c.store.list(ctx) }

// Save makes a channel where the version is 0, or changes that version of one. An empty address stays as it is.
func (c *Channels) Save(ctx context.Context, draft Channel, address string) (Channel, error) {
	if c.Vault == nil {
		return Channel{}, ErrOff
	}
	next := Channel{ID: draft.ID}
	if draft.Version > 0 {
		var err error
		if next, err = c.store.channel(ctx, draft.ID); err != nil {
			return Channel{}, err
		}
	}
	next.Version, next.Name, next.Kind, next.Language = draft.Version+1, draft.Name, draft.Kind, draft.Language
	if problems := next.problems(address, c.Client); len(problems) > 0 {
		return Channel{}, &ProblemsError{problems}
	}
	if address != "" {
		key, err := c.Vault.Key(ctx, next.ID)
		if errors.Is(err, vault.ErrSealed) { // the master key is lost, and the address before with it
			if err = c.Vault.Forget(ctx, next.ID); err == nil {
				key, err = c.Vault.Key(ctx, next.ID)
			}
		}
		if err != nil {
			return Channel{}, err
		}
		next.Address, next.Host, next.RevokedAt = key.Seal(place, []byte(address)), outward.Host(address), time.Time{}
	}
	if draft.Version > 0 {
		return next, c.store.replace(ctx, next)
	}
	others, err := c.List(ctx)
	if err != nil {
		return Channel{}, err
	}
	if len(others) >= MostChannels {
		return Channel{}, ErrTooMany
	}
	return next, c.store.begin(ctx, next)
}

// Remove forgets a channel and its address. What waits to be announced in it is not.
func (c *Channels) Remove(ctx context.Context, id string) error {
	if err := c.store.remove(ctx, id); err != nil || c.Vault == nil {
		return err
	}
	return c.Vault.Forget(ctx, id)
}

// Test posts a line at once and returns what the chat answers.
func (c *Channels) Test(ctx context.Context, id string) (outward.Answer, error) {
	if c.Vault == nil {
		return outward.Answer{}, ErrOff
	}
	known, err := c.store.channel(ctx, id)
	if err != nil {
		return outward.Answer{}, err
	}
	return c.post(ctx, known, test(known.Language, c.Home))
}

// Announce notes that a campaign is to be announced in channels. Noting it again changes nothing.
func (c *Channels) Announce(ctx context.Context, campaign Campaign, channelIDs []string) error {
	if len(channelIDs) == 0 {
		return nil
	}
	now := c.Clock.Now()
	docs := make([]any, len(channelIDs))
	items := make([]agenda.Item, len(channelIDs))
	for i, id := range channelIDs {
		a := Announcement{ID: announcementID(campaign.ID, id), Channel: id, Campaign: campaign, State: Waiting, At: now}
		docs[i], items[i] = a, agenda.Item{ID: a.ID, Kind: kindAnnounce, Subject: id, Due: now}
	}
	if err := c.store.note(ctx, docs); err != nil {
		return err
	}
	return c.agenda.Schedule(ctx, items...)
}

// Announcements are those of a campaign.
func (c *Channels) Announcements(ctx context.Context, campaignID string) ([]Announcement, error) {
	return c.store.announcements(ctx, campaignID)
}

// Expire forgets announcements from before an instant.
func (c *Channels) Expire(ctx context.Context, before time.Time) error {
	return c.store.expire(ctx, before)
}

// handle makes announcements that are due, several at once.
func (c *Channels) handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	outcomes := make([]agenda.Outcome, len(items))
	done := make([]bool, len(items))
	var group errgroup.Group
	for i, item := range items {
		group.Go(func() error {
			wait, err := c.one(ctx, item.ID)
			if err != nil {
				return err
			}
			outcomes[i], done[i] = agenda.Done(item.ID), true
			if wait > 0 {
				outcomes[i] = agenda.Postpone(item.ID, now.Add(wait), "not taken yet")
			}
			return nil
		})
	}
	err := group.Wait()
	var known []agenda.Outcome
	for i := range outcomes {
		if done[i] {
			known = append(known, outcomes[i])
		}
	}
	return known, err
}

// one makes an announcement and says how long to wait before it is looked at again; 0 where it is settled. It is claimed before it is
// sent: one that is found claimed was being sent when its process died, and nobody knows whether it left.
func (c *Channels) one(ctx context.Context, id string) (time.Duration, error) {
	if c.Vault == nil {
		return off, nil
	}
	a, err := c.store.announcement(ctx, id)
	if errors.Is(err, mongodb.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	switch a.State {
	case Sending:
		c.Log.Warn("an announcement was being made when Jalon ended: it may have left, and is not made again", zap.String("announcement", id))
		return 0, c.store.lose(ctx, a, c.Clock.Now())
	case Waiting:
	default:
		return 0, nil
	}
	if now := c.Clock.Now(); a.over(now) {
		a.State, a.Trouble, a.At = Failed, over, now
		return 0, c.store.settle(ctx, a)
	}
	target, err := c.store.channel(ctx, a.Channel)
	if errors.Is(err, mongodb.ErrNotFound) {
		a.State, a.Trouble, a.At = Failed, removed, c.Clock.Now()
		return 0, c.store.settle(ctx, a)
	}
	if err != nil {
		return 0, err
	}
	a.Claim = uuid.NewString()
	if ours, err := c.store.claim(ctx, a); err != nil || !ours {
		return time.Second, err
	}
	answer, err := c.post(context.WithoutCancel(ctx), target, announce(target.Language, a.Campaign, c.Home)) // which has a time of its own
	if err != nil {                                                                                          // nothing was sent
		a.State = Waiting
		return 0, errors.Join(err, c.store.settle(ctx, a))
	}
	next, wait, revoked := judge(a, answer)
	next.At = c.Clock.Now()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer cancel()
	if err := c.store.settle(ctx, next); err != nil {
		return 0, err
	}
	if revoked {
		return wait, c.store.revoke(ctx, target, next.At)
	}
	return wait, nil
}

// post sends a note to a channel.
func (c *Channels) post(ctx context.Context, target Channel, n note) (outward.Answer, error) {
	body, err := n.body(target.Kind)
	if err != nil {
		return outward.Answer{}, err
	}
	key, err := c.Vault.Key(ctx, target.ID)
	if err != nil {
		return outward.Answer{}, err
	}
	address, err := key.Open(place, target.Address)
	if err != nil {
		return outward.Answer{}, fmt.Errorf("opening the address of channel %s: %w", target.ID, err)
	}
	return c.Client.Post(ctx, string(address), http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body), nil
}
