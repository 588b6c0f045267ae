package page

import "context"

const outgoing = "/hr/outgoing"

// OutgoingView is what other systems are told.
type OutgoingView struct {
	// On tells that anything leaves at all.
	On                  bool
	Receivers, Channels []OutgoingRow
	// Removed tells that one was.
	Removed bool
}

// OutgoingRow is a receiver or a channel.
type OutgoingRow struct{ ID, Name, About, State, Tone string }

// ReceiverForm is a receiver being written.
type ReceiverForm struct {
	ID, Version, Name, Address string
	HRSystem                   bool
	// Public and HR are the events that can be chosen, by class.
	Public, HR []EventChoice
	// Wrong says by field what would be right, Trouble why nothing was done.
	Wrong   map[string]string
	Trouble string
}

// EventChoice is a kind of event.
type EventChoice struct {
	Choice
	// Type is its name for programs.
	Type string
}

func (f ReceiverForm) address() string { return outgoing + "/receivers/" + f.ID }

// ReceiverView is a receiver with what it was told.
type ReceiverView struct {
	ID, Name, Address, State, Tone string
	// Note says what its state means, Missed that events were not kept.
	Note, Missed string
	CanSwitchOn  bool
	Events       []string
	// Secret is shown once; SecretHint is how it begins, OldSecret until when the one before signs too.
	Secret, SecretHint, OldSecret string
	Saved, Replayed               string
	// Tested is what came of a test.
	Tested     *AnswerView
	Figures    []CampaignFigure
	Deliveries []DeliveryRow
	// Failed tells that only those are shown that failed, CanReplay that there are such.
	Failed, CanReplay bool
	Form              ReceiverForm
}

func (v ReceiverView) address() string { return outgoing + "/receivers/" + v.ID }

// AnswerView is what another system answered.
type AnswerView struct {
	Good bool
	// Said is that in words, Text the beginning of the answer itself.
	Said, Text string
}

// DeliveryRow is an event that was told, or is to be.
type DeliveryRow struct {
	ID, Event, HappenedAt, State, Tone string
	// Said is what came of the last attempt, Next when another is made.
	Said, Next string
	CanReplay  bool
}

// ChannelForm is a channel of a chat.
type ChannelForm struct {
	ID, Version, Name, Host, Revoked string
	Kinds, Languages                 []Choice
	Saved                            bool
	Tested                           *AnswerView
	Wrong                            map[string]string
	Trouble                          string
}

func (f ChannelForm) address() string { return outgoing + "/channels/" + f.ID }

func (f ChannelForm) isNew() bool { return f.Version == "0" }

func (f ChannelForm) title(ctx context.Context) string {
	if f.isNew() || f.Name == "" {
		return t(ctx, "outgoing.channel_new")
	}
	return f.Name
}

// AnnouncementRow is a campaign told of in a channel.
type AnnouncementRow struct{ Channel, State, Tone, Said string }
