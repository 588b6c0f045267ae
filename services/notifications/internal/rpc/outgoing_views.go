package rpc

import (
	"time"

	"jalon.dev/services/notifications/internal/channel"
	"jalon.dev/services/notifications/internal/outward"
	"jalon.dev/services/notifications/internal/webhook"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

var receiverStates = map[webhook.State]notificationsv1.Receiver_State{
	webhook.On:      notificationsv1.Receiver_STATE_ON,
	webhook.Off:     notificationsv1.Receiver_STATE_OFF,
	webhook.Failing: notificationsv1.Receiver_STATE_FAILING,
	webhook.Gone:    notificationsv1.Receiver_STATE_GONE,
}

var deliveryStates = map[webhook.Fate]notificationsv1.Delivery_State{
	webhook.Waiting:   notificationsv1.Delivery_STATE_WAITING,
	webhook.Delivered: notificationsv1.Delivery_STATE_DELIVERED,
	webhook.Failed:    notificationsv1.Delivery_STATE_FAILED,
	webhook.Withdrawn: notificationsv1.Delivery_STATE_WITHDRAWN,
}

// announcementStates show one that is being sent as waiting.
var announcementStates = map[channel.State]notificationsv1.Announcement_State{
	channel.Waiting: notificationsv1.Announcement_STATE_WAITING,
	channel.Sending: notificationsv1.Announcement_STATE_WAITING,
	channel.Sent:    notificationsv1.Announcement_STATE_SENT,
	channel.Failed:  notificationsv1.Announcement_STATE_FAILED,
	channel.Unknown: notificationsv1.Announcement_STATE_UNKNOWN,
}

func eventTypes() []*notificationsv1.EventType {
	var types []*notificationsv1.EventType
	for _, typ := range webhook.Types() {
		types = append(types, &notificationsv1.EventType{Name: typ, Class: webhook.ClassOf(typ)})
	}
	return types
}

func receiverView(r webhook.Receiver, now time.Time) *notificationsv1.Receiver {
	view := &notificationsv1.Receiver{
		Id: r.ID, Version: r.Version, State: receiverStates[r.State], CreatedAt: rfc3339(r.CreatedAt), StateSince: rfc3339(r.StateSince),
		Draft:      &notificationsv1.ReceiverDraft{Name: r.Name, Address: r.Address, Types: r.Types, HrSystem: r.HRSystem},
		SecretHint: r.Hint, MissedFrom: rfc3339(r.MissedFrom), MissedTo: rfc3339(r.MissedTo), LastDeliveredAt: rfc3339(r.LastDeliveredAt),
	}
	if now.Before(r.OldUntil) {
		view.OldSecretUntil = rfc3339(r.OldUntil)
	}
	return view
}

func deliveryView(d webhook.Delivery) *notificationsv1.Delivery {
	attempts := d.Attempts
	if d.Fate == webhook.Delivered {
		attempts++
	}
	return &notificationsv1.Delivery{
		Id: d.ID, EventId: d.EventID, Type: d.Type, HappenedAt: rfc3339(d.HappenedAt), State: deliveryStates[d.Fate], Attempts: int32(attempts),
		Answer: answerView(d.Status, d.Trouble, d.Took), TriedAt: rfc3339(d.TriedAt), NextTryAt: rfc3339(d.Wake),
	}
}

func answerView(status int, trouble outward.Trouble, took time.Duration) *notificationsv1.Answer {
	return &notificationsv1.Answer{Status: int32(status), Trouble: string(trouble), Milliseconds: int32(took.Milliseconds())}
}

func testAnswer(a outward.Answer) *notificationsv1.Answer {
	view := answerView(a.Status, a.Trouble, a.Took)
	view.Text = a.Text
	return view
}

func channelView(c channel.Channel) *notificationsv1.Channel {
	view := &notificationsv1.Channel{
		Id: c.ID, Version: c.Version, Name: c.Name, Language: c.Language, Host: c.Host, RevokedAt: rfc3339(c.RevokedAt),
	}
	for kind, known := range channelKinds {
		if known == c.Kind {
			view.Kind = kind
		}
	}
	return view
}

func announcementView(a channel.Announcement) *notificationsv1.Announcement {
	return &notificationsv1.Announcement{
		ChannelId: a.Channel, State: announcementStates[a.State], Answer: answerView(a.Status, a.Trouble, a.Took), At: rfc3339(a.At),
	}
}
