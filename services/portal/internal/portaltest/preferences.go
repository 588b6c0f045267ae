package portaltest

import (
	"context"
	"slices"

	"jalon.dev/pkg/rpc"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// companyHours are those of Jalon's defaults.
func companyHours() []*notificationsv1.DayHours {
	return []*notificationsv1.DayHours{
		{Weekday: 1, From: "12:00", To: "18:00"},
		{Weekday: 2, From: "09:00", To: "18:00"},
		{Weekday: 3, From: "09:00", To: "18:00"},
		{Weekday: 4, From: "09:00", To: "18:00"},
		{Weekday: 5, From: "09:00", To: "14:00"},
	}
}

func (n notifications) GetPreferences(
	context.Context, *notificationsv1.GetPreferencesRequest,
) (*notificationsv1.GetPreferencesResponse, error) {
	chosen := n.Now().Preferences
	if chosen == nil {
		chosen = &notificationsv1.Preferences{}
	}
	return &notificationsv1.GetPreferencesResponse{Preferences: chosen, Company: companyHours(), Limits: limits()}, nil
}

// SetPreferences refuses what leaves nothing of the hours, in less words than the service.
func (n notifications) SetPreferences(
	_ context.Context, req *notificationsv1.SetPreferencesRequest,
) (*notificationsv1.SetPreferencesResponse, error) {
	chosen := req.GetPreferences()
	if (chosen.GetFrom() == "") != (chosen.GetTo() == "") || chosen.GetFrom() != "" && chosen.GetFrom() >= chosen.GetTo() {
		return nil, rpc.InvalidField("preferences.to", "must be later than from")
	}
	if !slices.ContainsFunc(companyHours(), func(d *notificationsv1.DayHours) bool {
		return !slices.Contains(chosen.GetDaysOff(), d.GetWeekday())
	}) {
		return nil, rpc.InvalidField("preferences", "must leave half an hour")
	}
	n.Set(func(s *State) { s.Preferences = chosen })
	return &notificationsv1.SetPreferencesResponse{Preferences: chosen}, nil
}

// limits are two of the company's.
func limits() []*notificationsv1.PressureLimit {
	return []*notificationsv1.PressureLimit{{Messages: 2, Days: 7}, {Kind: "routine", Messages: 1, Days: 14}}
}
