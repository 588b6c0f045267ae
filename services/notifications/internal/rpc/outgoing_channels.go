package rpc

import (
	"context"

	"jalon.dev/services/notifications/internal/channel"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

var channelKinds = map[notificationsv1.Channel_Kind]channel.Kind{
	notificationsv1.Channel_KIND_SLACK: channel.Slack,
	notificationsv1.Channel_KIND_TEAMS: channel.Teams,
}

// SaveChannel makes a channel or changes one.
func (h Outgoing) SaveChannel(ctx context.Context, req *notificationsv1.SaveChannelRequest) (*notificationsv1.SaveChannelResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceSaveChannelProcedure); err != nil {
		return nil, err
	}
	c := req.GetChannel()
	saved, err := h.Channels.Save(ctx, channel.Channel{
		ID: c.GetId(), Version: c.GetVersion(), Name: c.GetName(), Kind: channelKinds[c.GetKind()], Language: c.GetLanguage(),
	}, req.GetAddress())
	if err != nil {
		return nil, outgoingError(err)
	}
	return &notificationsv1.SaveChannelResponse{Channel: channelView(saved)}, nil
}

// TestChannel posts a line at once.
func (h Outgoing) TestChannel(ctx context.Context, req *notificationsv1.TestChannelRequest) (*notificationsv1.TestChannelResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceTestChannelProcedure); err != nil {
		return nil, err
	}
	answer, err := h.Channels.Test(ctx, req.GetId())
	if err != nil {
		return nil, outgoingError(err)
	}
	return &notificationsv1.TestChannelResponse{Answer: testAnswer(answer)}, nil
}

// RemoveChannel forgets a channel.
func (h Outgoing) RemoveChannel(ctx context.Context, req *notificationsv1.RemoveChannelRequest) (*notificationsv1.RemoveChannelResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceRemoveChannelProcedure); err != nil {
		return nil, err
	}
	return &notificationsv1.RemoveChannelResponse{}, h.Channels.Remove(ctx, req.GetId())
}

// ListAnnouncements returns what became of a campaign's.
func (h Outgoing) ListAnnouncements(
	ctx context.Context, req *notificationsv1.ListAnnouncementsRequest,
) (*notificationsv1.ListAnnouncementsResponse, error) {
	if err := allowed(ctx, notificationsv1connect.OutgoingServiceListAnnouncementsProcedure); err != nil {
		return nil, err
	}
	found, err := h.Channels.Announcements(ctx, req.GetCampaignId())
	if err != nil {
		return nil, err
	}
	res := &notificationsv1.ListAnnouncementsResponse{}
	for _, a := range found {
		res.Announcements = append(res.Announcements, announcementView(a))
	}
	return res, nil
}
