package rpc

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/forecast"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/mail"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// Rehearsal implements notificationsv1connect.RehearsalServiceHandler: it tells what would happen.
type Rehearsal struct {
	delivery *delivery.Delivery
	mailer   *mail.Mailer
}

var _ notificationsv1connect.RehearsalServiceHandler = Rehearsal{}

// NewRehearsal returns a handler that asks what it is given, and changes nothing.
func NewRehearsal(messages *delivery.Delivery, mailer *mail.Mailer) Rehearsal {
	return Rehearsal{delivery: messages, mailer: mailer}
}

// ForecastInvitations counts what the gate would do, by day and by reason.
func (h Rehearsal) ForecastInvitations(
	ctx context.Context, req *notificationsv1.ForecastInvitationsRequest,
) (*notificationsv1.ForecastInvitationsResponse, error) {
	if err := rehearsing(ctx, notificationsv1connect.RehearsalServiceForecastInvitationsProcedure); err != nil {
		return nil, err
	}
	expires, err := instantOf("expires_at", req.GetExpiresAt())
	if err != nil {
		return nil, err
	}
	invitations := make([]forecast.Invitation, len(req.GetStarts()))
	for i, start := range req.GetStarts() {
		at, err := instantOf(fmt.Sprintf("starts[%d]", i), start)
		if err != nil {
			return nil, err
		}
		invitations[i] = forecast.Invitation{KeyMoment: req.GetKeyMoment(), At: at, Expires: expires, Reminders: int(req.GetReminders()), Briefly: i > 0}
	}
	outlooks, err := h.delivery.Rehearse(ctx, req.GetPersonIds(), invitations)
	if err != nil {
		return nil, err
	}
	res := &notificationsv1.ForecastInvitationsResponse{}
	for i := range outlooks {
		told := &notificationsv1.Forecast{Missed: reasonsTold(outlooks[i].Missed())}
		for _, day := range outlooks[i].Days() {
			told.Days = append(told.Days, &notificationsv1.ForecastDay{
				Day: day.Day.String(), Reached: int64(day.Reached), Waited: reasonsTold(day.Waited), Reminded: int64(day.Reminded), Others: int64(day.Others),
			})
		}
		res.Forecasts = append(res.Forecasts, told)
	}
	return res, nil
}

func reasonsTold(counts map[gate.Reason]int) []*notificationsv1.ForecastReason {
	counts = maps.Clone(counts)
	if n := counts[gate.Spared]; n > 0 { // how many of an audience react to nothing is told as any other limit
		counts[gate.OverCap] += n
		delete(counts, gate.Spared)
	}
	var told []*notificationsv1.ForecastReason
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		told = append(told, &notificationsv1.ForecastReason{Reason: string(reason), People: int64(counts[reason])})
	}
	return told
}

// PlanReminders tells when reminders would go out.
func (h Rehearsal) PlanReminders(
	ctx context.Context, req *notificationsv1.PlanRemindersRequest,
) (*notificationsv1.PlanRemindersResponse, error) {
	if err := rehearsing(ctx, notificationsv1connect.RehearsalServicePlanRemindersProcedure); err != nil {
		return nil, err
	}
	asked, err := instantOf("asked_at", req.GetAskedAt())
	if err != nil {
		return nil, err
	}
	expires, err := instantOf("expires_at", req.GetExpiresAt())
	if err != nil {
		return nil, err
	}
	zone, err := clock.Zone(req.GetTimeZone())
	if err != nil {
		return nil, rpc.InvalidField("time_zone", "is no time zone such as Europe/Paris")
	}
	shown, reminders := h.delivery.Reminders(asked, expires, zone, int(req.GetReminders()))
	res := &notificationsv1.PlanRemindersResponse{ShownAt: rfc3339(shown)}
	for _, at := range reminders {
		res.Reminders = append(res.Reminders, rfc3339(at))
	}
	return res, nil
}

// PreviewMail writes a mail that is not sent.
func (h Rehearsal) PreviewMail(
	ctx context.Context, req *notificationsv1.PreviewMailRequest,
) (*notificationsv1.PreviewMailResponse, error) {
	if err := rehearsing(ctx, notificationsv1connect.RehearsalServicePreviewMailProcedure); err != nil {
		return nil, err
	}
	p, written, err := h.mailer.Preview(ctx, req.GetPersonId(), req.GetKeyMoment(), req.GetFollowUp(), req.GetReminder(), req.GetSubject())
	if err != nil || !written {
		return &notificationsv1.PreviewMailResponse{}, err
	}
	return &notificationsv1.PreviewMailResponse{
		Written: true, Language: p.Lang, From: p.From, Subject: p.Subject, Text: p.Text, Html: p.HTML,
	}, nil
}

func rehearsing(ctx context.Context, procedure string) error {
	actor, _ := identity.FromContext(ctx)
	return policy.Allow(actor, procedure, policy.Subject{})
}

func instantOf(field, text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, rpc.InvalidField(field, "must be an instant such as 2026-11-03T09:00:00Z")
	}
	return at.UTC().Truncate(time.Millisecond), nil
}
