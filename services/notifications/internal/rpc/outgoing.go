package rpc

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/notifications/internal/channel"
	"jalon.dev/services/notifications/internal/webhook"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// Outgoing answers HR's choice of what other systems are told.
type Outgoing struct {
	Webhooks *webhook.Webhooks
	Channels *channel.Channels
	Clock    clock.Clock
}

var _ notificationsv1connect.OutgoingServiceHandler = Outgoing{}

func allowed(ctx context.Context, procedure string) error {
	actor, _ := identity.FromContext(ctx)
	return policy.Allow(actor, procedure, policy.Subject{})
}

// ListOutgoing returns all receivers and channels.
func (h Outgoing) ListOutgoing(ctx context.Context, _ *notificationsv1.ListOutgoingRequest) (*notificationsv1.ListOutgoingResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceListOutgoingProcedure); err != nil {
		return nil, err
	}
	receivers, err := h.Webhooks.List(ctx)
	if err != nil {
		return nil, err
	}
	channels, err := h.Channels.List(ctx)
	if err != nil {
		return nil, err
	}
	res := &notificationsv1.ListOutgoingResponse{Enabled: h.Webhooks.Enabled(), Types: eventTypes()}
	for _, r := range receivers {
		view, err := h.counted(ctx, r)
		if err != nil {
			return nil, err
		}
		res.Receivers = append(res.Receivers, view)
	}
	for _, c := range channels {
		res.Channels = append(res.Channels, channelView(c))
	}
	return res, nil
}

// GetReceiver returns one with its newest deliveries.
func (h Outgoing) GetReceiver(ctx context.Context, req *notificationsv1.GetReceiverRequest) (*notificationsv1.GetReceiverResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceGetReceiverProcedure); err != nil {
		return nil, err
	}
	r, err := h.Webhooks.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	deliveries, err := h.Webhooks.Recent(ctx, r.ID, req.GetFailed())
	if err != nil {
		return nil, err
	}
	res := &notificationsv1.GetReceiverResponse{Types: eventTypes()}
	for _, d := range deliveries {
		res.Deliveries = append(res.Deliveries, deliveryView(d))
	}
	res.Receiver, err = h.counted(ctx, r)
	return res, err
}

// SaveReceiver makes a receiver or changes one.
func (h Outgoing) SaveReceiver(ctx context.Context, req *notificationsv1.SaveReceiverRequest) (*notificationsv1.SaveReceiverResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceSaveReceiverProcedure); err != nil {
		return nil, err
	}
	d := req.GetDraft()
	r, secret, err := h.Webhooks.Save(ctx, req.GetId(), req.GetVersion(), webhook.Draft{
		Name: d.GetName(), Address: d.GetAddress(), Types: d.GetTypes(), HRSystem: d.GetHrSystem(),
	})
	if err != nil {
		return nil, outgoingError(err)
	}
	view, err := h.counted(ctx, r)
	return &notificationsv1.SaveReceiverResponse{Receiver: view, Secret: secret}, err
}

// SwitchReceiver stops or resumes deliveries.
func (h Outgoing) SwitchReceiver(
	ctx context.Context, req *notificationsv1.SwitchReceiverRequest,
) (*notificationsv1.SwitchReceiverResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceSwitchReceiverProcedure); err != nil {
		return nil, err
	}
	r, err := h.Webhooks.Switch(ctx, req.GetId(), req.GetOn())
	if err != nil {
		return nil, err
	}
	view, err := h.counted(ctx, r)
	return &notificationsv1.SwitchReceiverResponse{Receiver: view}, err
}

// RotateSecret makes a new secret.
func (h Outgoing) RotateSecret(ctx context.Context, req *notificationsv1.RotateSecretRequest) (*notificationsv1.RotateSecretResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceRotateSecretProcedure); err != nil {
		return nil, err
	}
	r, secret, err := h.Webhooks.Rotate(ctx, req.GetId())
	if err != nil {
		return nil, outgoingError(err)
	}
	view, err := h.counted(ctx, r)
	return &notificationsv1.RotateSecretResponse{Receiver: view, Secret: secret}, err
}

// TestReceiver sends a test event at once.
func (h Outgoing) TestReceiver(ctx context.Context, req *notificationsv1.TestReceiverRequest) (*notificationsv1.TestReceiverResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceTestReceiverProcedure); err != nil {
		return nil, err
	}
	answer, err := h.Webhooks.Test(ctx, req.GetId())
	if err != nil {
		return nil, outgoingError(err)
	}
	return &notificationsv1.TestReceiverResponse{Answer: testAnswer(answer)}, nil
}

// Replay delivers again.
func (h Outgoing) Replay(ctx context.Context, req *notificationsv1.ReplayRequest) (*notificationsv1.ReplayResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceReplayProcedure); err != nil {
		return nil, err
	}
	var (
		n   int64
		err error
	)
	if req.GetDeliveryId() != "" {
		n, err = h.Webhooks.Replay(ctx, req.GetId(), req.GetDeliveryId())
	} else {
		var since clock.Date
		if since, err = clock.ParseDate(req.GetSince()); err != nil {
			return nil, rpc.InvalidField("since", "must be a day such as 2026-11-03")
		}
		from := time.Time{}
		if !since.IsZero() {
			from = since.In(time.UTC)
		}
		n, err = h.Webhooks.ReplayFailed(ctx, req.GetId(), from)
	}
	return &notificationsv1.ReplayResponse{Deliveries: n}, err
}

// RemoveReceiver forgets a receiver.
func (h Outgoing) RemoveReceiver(
	ctx context.Context, req *notificationsv1.RemoveReceiverRequest,
) (*notificationsv1.RemoveReceiverResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceRemoveReceiverProcedure); err != nil {
		return nil, err
	}
	return &notificationsv1.RemoveReceiverResponse{}, h.Webhooks.Remove(ctx, req.GetId())
}

func (h Outgoing) counted(ctx context.Context, r webhook.Receiver) (*notificationsv1.Receiver, error) {
	view := receiverView(r, h.Clock.Now())
	var err error
	view.Waiting, view.Failed, err = h.Webhooks.Counts(ctx, r.ID)
	return view, err
}

// outgoingError says in the contract's words what keeps a change from being made.
func outgoingError(err error) error {
	if wrong, ok := errors.AsType[*webhook.ProblemsError](err); ok {
		violations := make([]rpc.Violation, len(wrong.Problems))
		for i, p := range wrong.Problems {
			violations[i] = rpc.Violation{Field: p.Field, Description: string(p.Code)}
		}
		return rpc.Invalid(violations...)
	}
	if wrong, ok := errors.AsType[*channel.ProblemsError](err); ok {
		violations := make([]rpc.Violation, len(wrong.Problems))
		for i, p := range wrong.Problems {
			violations[i] = rpc.Violation{Field: p.Field, Description: string(p.Code)}
		}
		return rpc.Invalid(violations...)
	}
	for _, known := range []error{webhook.ErrOff, channel.ErrOff} {
		if errors.Is(err, known) {
			return connect.NewError(connect.CodeFailedPrecondition, known)
		}
	}
	if errors.Is(err, vault.ErrSealed) {
		return connect.NewError(connect.CodeFailedPrecondition, errors.New("JALON_OUTGOING_KEY no longer holds the key under which this is sealed"))
	}
	for _, known := range []error{webhook.ErrTooMany, channel.ErrTooMany} {
		if errors.Is(err, known) {
			return connect.NewError(connect.CodeResourceExhausted, known)
		}
	}
	return err
}
