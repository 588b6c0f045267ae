package rpc

import (
	"context"
	"errors"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/rpc"
	"jalon.dev/services/notifications/internal/gate"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// GetPreferences returns a person's own choices, and the company's hours that they narrow.
func (h *Handler) GetPreferences(
	ctx context.Context, req *notificationsv1.GetPreferencesRequest,
) (*notificationsv1.GetPreferencesResponse, error) {
	box, err := h.inboxFor(ctx, req.GetPersonId(), notificationsv1connect.NotificationsServiceGetPreferencesProcedure)
	if err != nil {
		return nil, err
	}
	chosen := box.Preferences
	// A mail's own link says no to all mails without a sign-in.
	wanted, err := h.mailer.Wanted(ctx, h.mailer.Token(req.GetPersonId()))
	if err != nil {
		return nil, err
	}
	chosen.NoEmail = chosen.NoEmail || !wanted
	return &notificationsv1.GetPreferencesResponse{
		Preferences: preferencesTold(chosen), Company: companyHours(h.delivery.Company()), Limits: limits(h.delivery.Limits()),
	}, nil
}

// SetPreferences keeps a person's own choices.
func (h *Handler) SetPreferences(
	ctx context.Context, req *notificationsv1.SetPreferencesRequest,
) (*notificationsv1.SetPreferencesResponse, error) {
	if _, err := h.inboxFor(ctx, req.GetPersonId(), notificationsv1connect.NotificationsServiceSetPreferencesProcedure); err != nil {
		return nil, err
	}
	chosen, err := preferencesAsked(req.GetPreferences())
	if err != nil {
		return nil, err
	}
	switch err := h.delivery.Prefer(ctx, req.GetPersonId(), chosen); {
	case errors.Is(err, gate.ErrHours):
		return nil, rpc.InvalidField("preferences.to", "must be later than from")
	case errors.Is(err, gate.ErrNoTime):
		return nil, rpc.InvalidField("preferences", "must leave half an hour within the company's hours on one day at least")
	case err != nil:
		return nil, err
	}
	if err := h.mailer.Choose(ctx, h.mailer.Token(req.GetPersonId()), !chosen.NoEmail); err != nil {
		return nil, err
	}
	return &notificationsv1.SetPreferencesResponse{Preferences: preferencesTold(chosen)}, nil
}

func preferencesAsked(asked *notificationsv1.Preferences) (gate.Preferences, error) {
	chosen := gate.Preferences{NoEmail: asked.GetNoEmail(), NoReminders: asked.GetNoReminders()}
	if (asked.GetFrom() == "") != (asked.GetTo() == "") {
		return chosen, rpc.InvalidField("preferences.to", "from and to belong together: both or neither")
	}
	if asked.GetFrom() != "" {
		var err error
		if chosen.From, err = clock.ParseTimeOfDay(asked.GetFrom()); err != nil {
			return chosen, rpc.InvalidField("preferences.from", "is not a time such as 09:30")
		}
		if chosen.To, err = timeOrMidnight(asked.GetTo()); err != nil {
			return chosen, rpc.InvalidField("preferences.to", "is not a time such as 17:30")
		}
		if chosen.From >= chosen.To {
			return chosen, rpc.InvalidField("preferences.to", "must be later than from")
		}
	}
	for _, n := range asked.GetDaysOff() {
		chosen.DaysOff = append(chosen.DaysOff, time.Weekday(n%7))
	}
	return chosen, nil
}

const endOfDay = clock.TimeOfDay(24 * 60)

func timeOrMidnight(text string) (clock.TimeOfDay, error) {
	if text == "24:00" {
		return endOfDay, nil
	}
	return clock.ParseTimeOfDay(text)
}

func preferencesTold(p gate.Preferences) *notificationsv1.Preferences {
	told := &notificationsv1.Preferences{NoEmail: p.NoEmail, NoReminders: p.NoReminders}
	if p.From != 0 || p.To != 0 {
		told.From, told.To = p.From.String(), p.To.String()
	}
	for _, weekday := range p.DaysOff {
		told.DaysOff = append(told.DaysOff, isoWeekday(weekday))
	}
	slices.Sort(told.GetDaysOff())
	return told
}

func companyHours(w gate.Window) []*notificationsv1.DayHours {
	var days []*notificationsv1.DayHours
	if w.Always {
		return nil
	}
	for n := int32(1); n <= 7; n++ {
		if hours, working := w.Week[time.Weekday(n%7)]; working {
			days = append(days, &notificationsv1.DayHours{Weekday: n, From: hours.From.String(), To: hours.To.String()})
		}
	}
	return days
}

func limits(caps []gate.Cap) []*notificationsv1.PressureLimit {
	told := make([]*notificationsv1.PressureLimit, len(caps))
	for i, c := range caps {
		told[i] = &notificationsv1.PressureLimit{Kind: string(c.Kind), Messages: int32(c.Messages), Days: int32(c.Period / (24 * time.Hour))}
	}
	return told
}

// isoWeekday counts from Monday, 1, to Sunday, 7.
func isoWeekday(weekday time.Weekday) int32 { return int32((weekday+6)%7) + 1 }
