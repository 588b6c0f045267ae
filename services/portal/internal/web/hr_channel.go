package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const channelBase = outgoingBase + "/channels/"

var channelKinds = []notificationsv1.Channel_Kind{notificationsv1.Channel_KIND_SLACK, notificationsv1.Channel_KIND_TEAMS}

func channelKind(c *notificationsv1.Channel) string {
	return strings.ToLower(strings.TrimPrefix(c.GetKind().String(), "KIND_"))
}

// hrChannelNew is the form of a channel that is not there yet.
func (s *Site) hrChannelNew(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	return s.draw(w, r, http.StatusOK, page.Channel(channelForm(words, &notificationsv1.Channel{
		Id: uuid.NewString(), Kind: notificationsv1.Channel_KIND_SLACK, Language: words.Lang,
	})))
}

// hrChannel shows a channel.
func (s *Site) hrChannel(w http.ResponseWriter, r *http.Request) error {
	return s.showChannel(w, r, http.StatusOK, func(form *page.ChannelForm) { form.Saved = r.URL.Query().Has("saved") })
}

func (s *Site) showChannel(w http.ResponseWriter, r *http.Request, status int, more func(*page.ChannelForm)) error {
	known, err := s.channel(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	form := channelForm(visitorOf(r).frame().Words, known)
	more(&form)
	return s.draw(w, r, status, page.Channel(form))
}

// channel is the one with the id.
func (s *Site) channel(ctx context.Context, id string) (*notificationsv1.Channel, error) {
	found, err := s.Peers.Outgoing().ListOutgoing(ctx, &notificationsv1.ListOutgoingRequest{})
	if err != nil {
		return nil, err
	}
	for _, c := range found.GetChannels() {
		if c.GetId() == id {
			return c, nil
		}
	}
	return nil, errNotFound
}

// hrChannelSave makes a channel or changes one.
func (s *Site) hrChannelSave(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no version meets a conflict
	entered := &notificationsv1.Channel{
		Id: r.PathValue("id"), Version: max(version, 0), Name: strings.TrimSpace(r.PostFormValue("name")), Language: r.PostFormValue("language"),
	}
	for _, kind := range channelKinds {
		if channelKind(&notificationsv1.Channel{Kind: kind}) == r.PostFormValue("kind") {
			entered.Kind = kind
		}
	}
	_, err := s.Peers.Outgoing().SaveChannel(r.Context(), &notificationsv1.SaveChannelRequest{
		Channel: entered, Address: strings.TrimSpace(r.PostFormValue("address")),
	})
	if err == nil {
		http.Redirect(w, r, channelBase+entered.GetId()+"?saved", http.StatusSeeOther)
		return nil
	}
	wrong, trouble, err := outgoingWrong(words, err)
	if err != nil {
		return err
	}
	if version > 0 {
		if known, err := s.channel(r.Context(), entered.GetId()); err == nil {
			entered.Host, entered.RevokedAt = known.GetHost(), known.GetRevokedAt()
		}
	}
	form := channelForm(words, entered)
	form.Wrong, form.Trouble = wrong, trouble
	status := http.StatusUnprocessableEntity
	if trouble != "" {
		status = http.StatusConflict
	}
	return s.draw(w, r, status, page.Channel(form))
}

// hrChannelTest posts a line and shows the answer.
func (s *Site) hrChannelTest(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	tested, err := s.Peers.Outgoing().TestChannel(r.Context(), &notificationsv1.TestChannelRequest{Id: r.PathValue("id")})
	if err == nil {
		return s.showChannel(w, r, http.StatusOK, func(form *page.ChannelForm) { form.Tested = answerView(words, tested.GetAnswer()) })
	}
	_, trouble, err := outgoingWrong(words, err)
	if err != nil {
		return err
	}
	return s.showChannel(w, r, http.StatusConflict, func(form *page.ChannelForm) { form.Trouble = trouble })
}

// hrChannelRemove forgets a channel.
func (s *Site) hrChannelRemove(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Peers.Outgoing().RemoveChannel(r.Context(), &notificationsv1.RemoveChannelRequest{Id: r.PathValue("id")}); err != nil {
		return err
	}
	http.Redirect(w, r, outgoingBase+"?removed", http.StatusSeeOther)
	return nil
}

func channelForm(words *i18n.Words, c *notificationsv1.Channel) page.ChannelForm {
	form := page.ChannelForm{ID: c.GetId(), Version: strconv.FormatInt(c.GetVersion(), 10), Name: c.GetName(), Host: c.GetHost()}
	if c.GetRevokedAt() != "" {
		form.Revoked = words.Instant(c.GetRevokedAt())
	}
	for _, kind := range channelKinds {
		name := channelKind(&notificationsv1.Channel{Kind: kind})
		form.Kinds = append(form.Kinds, page.Choice{Value: name, Label: words.T("outgoing_kind." + name), Chosen: kind == c.GetKind()})
	}
	for _, lang := range []string{"fr", "en"} {
		form.Languages = append(form.Languages, page.Choice{Value: lang, Label: words.T("language." + lang), Chosen: lang == c.GetLanguage()})
	}
	return form
}

// channelChoices are the channels in which a campaign can be announced. One that was chosen and removed since is among them no more.
func (s *Site) channelChoices(ctx context.Context, chosen []string) ([]page.Choice, error) {
	found, err := s.Peers.Outgoing().ListOutgoing(ctx, &notificationsv1.ListOutgoingRequest{})
	if err != nil || !found.GetEnabled() {
		return nil, err
	}
	var choices []page.Choice
	for _, c := range found.GetChannels() {
		choices = append(choices, page.Choice{Value: c.GetId(), Label: c.GetName(), Chosen: slices.Contains(chosen, c.GetId())})
	}
	return choices, nil
}

// campaignAnnounced is what became of a campaign's announcements; before it starts, where it will be announced. One that asks each on a
// day of their own is not.
func (s *Site) campaignAnnounced(ctx context.Context, words *i18n.Words, c *momentsv1.Campaign) ([]page.AnnouncementRow, error) {
	if len(c.GetDraft().GetChannelIds()) == 0 || c.GetCollecting() || c.GetDraft().GetRecurrence().GetPerPerson() != nil {
		return nil, nil
	}
	all, err := s.Peers.Outgoing().ListOutgoing(ctx, &notificationsv1.ListOutgoingRequest{})
	if err != nil {
		return nil, err
	}
	made, err := s.Peers.Outgoing().ListAnnouncements(ctx, &notificationsv1.ListAnnouncementsRequest{CampaignId: c.GetId()})
	if err != nil {
		return nil, err
	}
	names, told := map[string]string{}, map[string]*notificationsv1.Announcement{}
	for _, known := range all.GetChannels() {
		names[known.GetId()] = known.GetName()
	}
	for _, a := range made.GetAnnouncements() {
		told[a.GetChannelId()] = a
	}
	var rows []page.AnnouncementRow
	for _, id := range c.GetDraft().GetChannelIds() {
		row := page.AnnouncementRow{Channel: names[id], State: words.T("outgoing_announcement.waiting"), Tone: "accent", Said: words.T("outgoing.announced_at_start")}
		if row.Channel == "" {
			row.Channel = words.T("outgoing.channel_gone")
		}
		if a := told[id]; a != nil {
			state := strings.ToLower(strings.TrimPrefix(a.GetState().String(), "STATE_"))
			row.State, row.Said = words.T("outgoing_announcement."+state), words.Instant(a.GetAt())
			row.Tone = map[string]string{"waiting": "accent", "sent": "good", "failed": "warn", "unknown": "warn"}[state]
			switch said := answerWords(words, a.GetAnswer()); {
			case state == "unknown":
				row.Said += " · " + words.T("outgoing.announcement_unknown")
			case said != "" && state != "sent":
				row.Said += " · " + said
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}
