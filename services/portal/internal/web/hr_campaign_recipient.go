package web

import (
	"net/http"

	"connectrpc.com/connect"
	"github.com/a-h/templ"

	"jalon.dev/pkg/mongodb"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// A mail brings its own styles, which no page of Jalon may; and it can do nothing at all: no script of anybody's runs in it.
const framedMailPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin"

// hrCampaignRecipient is a campaign through the eyes of one of its people.
func (s *Site) hrCampaignRecipient(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	found, seen, err := s.recipient(r)
	if err != nil {
		return err
	}
	c, person := found.GetCampaign(), r.PathValue("person")
	others, err := s.campaignRecipients(ctx, words, c.GetId(), person)
	if err != nil {
		return err
	}
	cards, err := s.cards(ctx, person)
	if err != nil {
		return err
	}
	mail, err := s.recipientMail(r, c)
	if err != nil {
		return err
	}
	lang := seen.GetRecipient().GetLanguage()
	view := page.RecipientView{
		Campaign: c.GetId(), CampaignName: campaignName(words, c), Person: person, Name: fullName(cards[person]), Others: others,
		About:   words.T("campaign_seen.about", "Language", words.Or("language."+lang, lang), "Unit", s.unitName(ctx, seen.GetRecipient().GetUnitId())),
		Message: c.GetDraft().GetKind() == momentsv1.CampaignDraft_KIND_MESSAGE,
		Written: mail.GetWritten(), Lang: mail.GetLanguage(), From: mail.GetFrom(), Subject: mail.GetSubject(), Text: mail.GetText(),
	}
	view.Opened = view.Screen("page")
	if code, number, ok := questionnaireVersionOf(c.GetDraft().GetQuestionnaireId()); ok {
		view.Opened = questionnaireBase + code + "/preview?campaign&number=" + number + "&lang=" + lang
	}
	w.Header().Set("Content-Security-Policy", s.contentPolicy()+"; frame-src 'self'")
	return s.show(w, r, page.CampaignRecipientPage(view))
}

// hrCampaignScreen is one of the frames of that page: the prompt, what it opens, or the mail.
func (s *Site) hrCampaignScreen(w http.ResponseWriter, r *http.Request) error {
	found, seen, err := s.recipient(r)
	if err != nil {
		return err
	}
	c, lang := found.GetCampaign(), seen.GetRecipient().GetLanguage()
	switch r.PathValue("screen") {
	case "prompt":
		return s.drawFrame(w, r, lang, func(words *i18n.Words) templ.Component {
			return page.PromptPreview(promptView(words, &notificationsv1.Prompt{KeyMoment: "campaign", FollowUp: campaignKindCode(c.GetDraft())}))
		})
	case "page":
		return s.drawFrame(w, r, lang, func(*i18n.Words) templ.Component { return page.MessagePreview(seen.GetTitle(), seen.GetText()) })
	case "mail":
		mail, err := s.recipientMail(r, c)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Security-Policy", framedMailPolicy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(mail.GetHtml())) // the browser left: there is nobody to tell
		return nil
	default:
		return connect.NewError(connect.CodeNotFound, mongodb.ErrNotFound)
	}
}

// recipient is a campaign, and what one person of its audience would read. Looking through somebody's eyes is reading about them.
func (s *Site) recipient(r *http.Request) (*momentsv1.GetCampaignResponse, *momentsv1.PreviewRecipientResponse, error) {
	audit.About(r.Context(), r.PathValue("person"))
	found, err := s.campaign(r)
	if err != nil {
		return nil, nil, err
	}
	seen, err := s.Peers.CampaignCare().PreviewRecipient(r.Context(), &momentsv1.PreviewRecipientRequest{
		Id: r.PathValue("id"), PersonId: r.PathValue("person"),
	})
	return found, seen, err
}

func (s *Site) recipientMail(r *http.Request, c *momentsv1.Campaign) (*notificationsv1.PreviewMailResponse, error) {
	return s.Peers.Rehearsal().PreviewMail(r.Context(), &notificationsv1.PreviewMailRequest{
		PersonId: r.PathValue("person"), KeyMoment: "campaign", FollowUp: campaignKindCode(c.GetDraft()),
	})
}
