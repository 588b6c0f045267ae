package portaltest

import (
	"context"
	"errors"
	"maps"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/rpc"
	eventv1 "jalon.dev/proto/gen/jalon/event/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// What is told outside: one system that takes it, one that does not, and two channels.
const (
	PayrollReceiver = "0e000000-0000-4000-8000-000000000001"
	FailingReceiver = "0e000000-0000-4000-8000-000000000002"
	SlackChannel    = "0e000000-0000-4000-8000-000000000003"
	TeamsChannel    = "0e000000-0000-4000-8000-000000000004"
	FailedDelivery  = "0e000000-0000-4000-8000-000000000005"
)

// WebhookSecret is what a new receiver of the fakes is given.
const WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwx1hY8kvQ0pM=" //nolint:gosec // invented

// Outgoing is what other systems are told, and what was asked about it.
type Outgoing struct {
	Off           bool
	Receivers     map[string]*notificationsv1.Receiver
	Channels      map[string]*notificationsv1.Channel
	Addresses     map[string]string
	Deliveries    []*notificationsv1.Delivery
	Announcements []*notificationsv1.Announcement
	Answer        *notificationsv1.Answer
	Replays       []*notificationsv1.ReplayRequest
	Tests         []string
}

func sampleOutgoing() Outgoing {
	const hired, opened = "jalon.directory.v1.PeopleHired", "jalon.barometer.v1.EditionOpened"
	delivery := func(id, typ, at string, state notificationsv1.Delivery_State) *notificationsv1.Delivery {
		return &notificationsv1.Delivery{Id: id, EventId: id, Type: typ, HappenedAt: at, State: state, Attempts: 1, TriedAt: at}
	}
	waiting := delivery("0e000000-0000-4000-8000-000000000006", hired, "2026-11-02T09:12:00Z", notificationsv1.Delivery_STATE_WAITING)
	waiting.Attempts, waiting.NextTryAt, waiting.Answer = 3, "2026-11-02T09:48:00Z", &notificationsv1.Answer{Status: 503, Trouble: "status", Milliseconds: 120}
	delivered := delivery("0e000000-0000-4000-8000-000000000007", opened, "2026-11-02T08:00:00Z", notificationsv1.Delivery_STATE_DELIVERED)
	delivered.Answer = &notificationsv1.Answer{Status: 204, Milliseconds: 84}
	failed := delivery(FailedDelivery, hired, "2026-10-28T10:00:00Z", notificationsv1.Delivery_STATE_FAILED)
	failed.Attempts, failed.Answer = 11, &notificationsv1.Answer{Trouble: "timeout", Milliseconds: 10000}
	sample := Outgoing{
		Receivers: map[string]*notificationsv1.Receiver{
			PayrollReceiver: {
				Id: PayrollReceiver, Version: 2, State: notificationsv1.Receiver_STATE_ON, Waiting: 1, Failed: 1,
				CreatedAt: "2026-10-01T08:00:00Z", StateSince: "2026-10-01T08:00:00Z", LastDeliveredAt: "2026-11-02T08:00:00Z",
				Draft: &notificationsv1.ReceiverDraft{
					Name: "Logiciel de <b>paie</b>", Address: "https://paie.example.com/crochets/jalon", Types: []string{opened, hired}, HrSystem: true,
				},
			},
			FailingReceiver: {
				Id: FailingReceiver, Version: 1, State: notificationsv1.Receiver_STATE_FAILING, Waiting: 214, Failed: 1,
				CreatedAt: "2026-09-01T08:00:00Z", StateSince: "2026-11-01T08:00:00Z",
				MissedFrom: "2026-11-01T22:00:00Z", MissedTo: "2026-11-02T07:00:00Z",
				Draft: &notificationsv1.ReceiverDraft{Name: "Annuaire", Address: "https://annuaire.example.com/in", Types: []string{hired}, HrSystem: true},
			},
		},
		Channels: map[string]*notificationsv1.Channel{
			SlackChannel: {Id: SlackChannel, Version: 1, Name: "#magasins", Kind: notificationsv1.Channel_KIND_SLACK, Language: "fr", Host: "hooks.slack.com"},
			TeamsChannel: {
				Id: TeamsChannel, Version: 1, Name: "Siège, général", Kind: notificationsv1.Channel_KIND_TEAMS, Language: "en",
				Host: "prod-12.westeurope.logic.azure.com", RevokedAt: "2026-10-30T08:00:00Z",
			},
		},
		Addresses:  map[string]string{},
		Deliveries: []*notificationsv1.Delivery{waiting, delivered, failed},
		Answer:     &notificationsv1.Answer{Status: 200, Milliseconds: 84, Text: `{"ok":true}`},
	}
	for _, r := range sample.Receivers {
		r.SecretHint = WebhookSecret[:10]
	}
	sample.Receivers[FailingReceiver].OldSecretUntil = "2026-11-03T08:00:00Z"
	return sample
}

type outgoingFake struct{ *Fakes }

func eventTypes() []*notificationsv1.EventType {
	types := []*notificationsv1.EventType{{Name: "jalon.barometer.v1.EditionOpened", Class: eventv1.Class_CLASS_PUBLIC}}
	for _, name := range []string{
		"barometer.v1.EditionPublished", "barometer.v1.ThemesFell", "directory.v1.PeopleErased", "directory.v1.PeopleHired", "directory.v1.PeopleLeft",
		"directory.v1.PeopleMoved", "directory.v1.PeoplePromoted", "directory.v1.PeopleRegistered", "directory.v1.PeopleUpdated",
		"directory.v1.UnitsChanged", "interviews.v1.TalksCancelled", "interviews.v1.TalksHeld", "interviews.v1.TalksPlanned",
		"moments.v1.CampaignStarted", "moments.v1.CampaignTestsDecided", "moments.v1.MomentsCancelled", "moments.v1.MomentsOpened",
	} {
		types = append(types, &notificationsv1.EventType{Name: "jalon." + name, Class: eventv1.Class_CLASS_HR})
	}
	return types
}

func (f outgoingFake) ListOutgoing(context.Context, *notificationsv1.ListOutgoingRequest) (*notificationsv1.ListOutgoingResponse, error) {
	now := f.Now()
	res := &notificationsv1.ListOutgoingResponse{Enabled: !now.Outgoing.Off, Types: eventTypes()}
	if now.Empty {
		return res, nil
	}
	for _, id := range []string{FailingReceiver, PayrollReceiver} {
		if r := now.Outgoing.Receivers[id]; r != nil {
			res.Receivers = append(res.Receivers, r)
		}
	}
	for _, id := range []string{SlackChannel, TeamsChannel} {
		if c := now.Outgoing.Channels[id]; c != nil {
			res.Channels = append(res.Channels, c)
		}
	}
	for id, c := range now.Outgoing.Channels {
		if id != SlackChannel && id != TeamsChannel {
			res.Channels = append(res.Channels, c)
		}
	}
	return res, nil
}

func (f outgoingFake) receiver(id string) (*notificationsv1.Receiver, error) {
	r := f.Now().Outgoing.Receivers[id]
	if r == nil {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such receiver"))
	}
	return proto.CloneOf(r), nil
}

func (f outgoingFake) keep(r *notificationsv1.Receiver) {
	f.Set(func(s *State) {
		s.Outgoing.Receivers = maps.Clone(s.Outgoing.Receivers)
		s.Outgoing.Receivers[r.GetId()] = r
	})
}

func (f outgoingFake) GetReceiver(_ context.Context, req *notificationsv1.GetReceiverRequest) (*notificationsv1.GetReceiverResponse, error) {
	r, err := f.receiver(req.GetId())
	if err != nil {
		return nil, err
	}
	res := &notificationsv1.GetReceiverResponse{Receiver: r, Types: eventTypes()}
	if r.GetVersion() == 1 && r.GetState() == notificationsv1.Receiver_STATE_ON {
		return res, nil // it is new
	}
	for _, d := range f.Now().Outgoing.Deliveries {
		if !req.GetFailed() || d.GetState() == notificationsv1.Delivery_STATE_FAILED {
			res.Deliveries = append(res.Deliveries, d)
		}
	}
	return res, nil
}

func (f outgoingFake) SaveReceiver(_ context.Context, req *notificationsv1.SaveReceiverRequest) (*notificationsv1.SaveReceiverResponse, error) {
	d := req.GetDraft()
	var wrong []rpc.Violation
	if d.GetName() == "" {
		wrong = append(wrong, rpc.Violation{Field: "name", Description: "missing"})
	}
	if len(d.GetAddress()) < 8 || d.GetAddress()[:8] != "https://" {
		wrong = append(wrong, rpc.Violation{Field: "address", Description: "not_https"})
	}
	if len(d.GetTypes()) == 0 {
		wrong = append(wrong, rpc.Violation{Field: "types", Description: "missing"})
	}
	if len(wrong) > 0 {
		return nil, rpc.Invalid(wrong...)
	}
	r, err := f.receiver(req.GetId())
	isNew := err != nil
	if isNew {
		r = &notificationsv1.Receiver{Id: req.GetId(), State: notificationsv1.Receiver_STATE_ON, SecretHint: WebhookSecret[:10]}
	}
	if r.GetVersion() != req.GetVersion() {
		return nil, connect.NewError(connect.CodeAborted, errors.New("changed meanwhile"))
	}
	r.Version, r.Draft = r.GetVersion()+1, d
	f.keep(r)
	res := &notificationsv1.SaveReceiverResponse{Receiver: r}
	if isNew {
		res.Secret = WebhookSecret
	}
	return res, nil
}

func (f outgoingFake) SwitchReceiver(_ context.Context, req *notificationsv1.SwitchReceiverRequest) (*notificationsv1.SwitchReceiverResponse, error) {
	r, err := f.receiver(req.GetId())
	if err != nil {
		return nil, err
	}
	r.State = notificationsv1.Receiver_STATE_OFF
	if req.GetOn() {
		r.State = notificationsv1.Receiver_STATE_ON
	}
	f.keep(r)
	return &notificationsv1.SwitchReceiverResponse{Receiver: r}, nil
}

func (f outgoingFake) RotateSecret(_ context.Context, req *notificationsv1.RotateSecretRequest) (*notificationsv1.RotateSecretResponse, error) {
	r, err := f.receiver(req.GetId())
	if err != nil {
		return nil, err
	}
	r.SecretHint, r.OldSecretUntil = WebhookSecret[:10], "2026-11-03T09:30:00Z"
	f.keep(r)
	return &notificationsv1.RotateSecretResponse{Receiver: r, Secret: WebhookSecret}, nil
}

func (f outgoingFake) TestReceiver(_ context.Context, req *notificationsv1.TestReceiverRequest) (*notificationsv1.TestReceiverResponse, error) {
	f.Set(func(s *State) { s.Outgoing.Tests = append(s.Outgoing.Tests, req.GetId()) })
	return &notificationsv1.TestReceiverResponse{Answer: f.Now().Outgoing.Answer}, nil
}

func (f outgoingFake) Replay(_ context.Context, req *notificationsv1.ReplayRequest) (*notificationsv1.ReplayResponse, error) {
	f.Set(func(s *State) { s.Outgoing.Replays = append(s.Outgoing.Replays, req) })
	return &notificationsv1.ReplayResponse{Deliveries: 1}, nil
}

func (f outgoingFake) RemoveReceiver(_ context.Context, req *notificationsv1.RemoveReceiverRequest) (*notificationsv1.RemoveReceiverResponse, error) {
	f.Set(func(s *State) {
		s.Outgoing.Receivers = maps.Clone(s.Outgoing.Receivers)
		delete(s.Outgoing.Receivers, req.GetId())
	})
	return &notificationsv1.RemoveReceiverResponse{}, nil
}

func (f outgoingFake) SaveChannel(_ context.Context, req *notificationsv1.SaveChannelRequest) (*notificationsv1.SaveChannelResponse, error) {
	c := proto.CloneOf(req.GetChannel())
	last := f.Now().Outgoing.Channels[c.GetId()]
	switch {
	case c.GetName() == "":
		return nil, rpc.InvalidField("name", "missing")
	case last == nil && req.GetAddress() == "":
		return nil, rpc.InvalidField("address", "missing")
	case last.GetVersion() != c.GetVersion():
		return nil, connect.NewError(connect.CodeAborted, errors.New("changed meanwhile"))
	}
	c.Version++
	c.Host = last.GetHost()
	f.Set(func(s *State) {
		if req.GetAddress() != "" {
			c.Host = "hooks.slack.com"
			s.Outgoing.Addresses = maps.Clone(s.Outgoing.Addresses)
			s.Outgoing.Addresses[c.GetId()] = req.GetAddress()
		}
		s.Outgoing.Channels = maps.Clone(s.Outgoing.Channels)
		s.Outgoing.Channels[c.GetId()] = c
	})
	return &notificationsv1.SaveChannelResponse{Channel: c}, nil
}

func (f outgoingFake) TestChannel(_ context.Context, req *notificationsv1.TestChannelRequest) (*notificationsv1.TestChannelResponse, error) {
	f.Set(func(s *State) { s.Outgoing.Tests = append(s.Outgoing.Tests, req.GetId()) })
	return &notificationsv1.TestChannelResponse{Answer: f.Now().Outgoing.Answer}, nil
}

func (f outgoingFake) RemoveChannel(_ context.Context, req *notificationsv1.RemoveChannelRequest) (*notificationsv1.RemoveChannelResponse, error) {
	f.Set(func(s *State) {
		s.Outgoing.Channels = maps.Clone(s.Outgoing.Channels)
		delete(s.Outgoing.Channels, req.GetId())
	})
	return &notificationsv1.RemoveChannelResponse{}, nil
}

func (f outgoingFake) ListAnnouncements(
	context.Context, *notificationsv1.ListAnnouncementsRequest,
) (*notificationsv1.ListAnnouncementsResponse, error) {
	return &notificationsv1.ListAnnouncementsResponse{Announcements: f.Now().Outgoing.Announcements}, nil
}
