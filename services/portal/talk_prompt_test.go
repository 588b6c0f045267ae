package portal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

func talkPrompt(person, matter string, count int32) *notificationsv1.Prompt {
	return &notificationsv1.Prompt{
		InvitationId: event.ID("reminder", person, matter), PersonId: person, KeyMoment: "talk", FollowUp: matter, Count: count, ShownAt: "2026-11-02T13:00:00Z",
	}
}

func TestRemindersOfTalksSayHowManyAndLeadToTheTalks(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	for title, prompt := range map[string]*notificationsv1.Prompt{
		"1 entretien à préparer cette semaine":                 talkPrompt(portaltest.Lea, "prepare", 1),
		"3 entretiens à préparer cette semaine":                talkPrompt(portaltest.Lea, "prepare", 3),
		"2 entretiens demain":                                  talkPrompt(portaltest.Lea, "tomorrow", 2),
		"1 entretien à confirmer\u00a0: a-t-il eu lieu\u00a0?": talkPrompt(portaltest.Lea, "confirm", 1),
		"4 entretiens en retard":                               talkPrompt(portaltest.Lea, "late", 4),
		">Entretiens<":                                         talkPrompt(portaltest.Lea, "a_matter_of_next_year", 2),
	} {
		site.Fakes.Set(func(s *portaltest.State) { s.Prompts = []*notificationsv1.Prompt{prompt} })
		_, body := get(t, lea, site.URL+"/")
		require.Contains(t, body, title)
		require.Contains(t, body, `href="/talks">Voir mes entretiens</a>`)
		require.NotContains(t, body, "/survey/"+prompt.GetInvitationId())
		require.NotContains(t, body, "talk_prompt.", "no key of the catalogue shows")
	}
}

func TestTheAuditOfTheTalksIsAskedAsASurvey(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	asked := portaltest.Prompt()
	asked.KeyMoment, asked.FollowUp = "talk_audit", "every_four_months"
	site.Fakes.Set(func(s *portaltest.State) { s.Prompts = []*notificationsv1.Prompt{asked} })
	_, body := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/")
	require.Contains(t, body, "Vos entretiens avec votre manager, ces quatre derniers mois")
	require.Contains(t, body, "tous les quatre mois")
	require.Contains(t, body, `href="/survey/`+portaltest.Invitation+`">Répondre</a>`)
}

func TestWhyTellsOfRemindersOfTalksInTheirOwnWords(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	message := func(state notificationsv1.Message_State, verdict, reason string) *notificationsv1.Message {
		return &notificationsv1.Message{
			InvitationId: event.ID("reminder", reason), KeyMoment: "talk", FollowUp: "late", State: state, NextTryAt: "2026-11-09T13:00:00Z",
			Decisions: []*notificationsv1.Decision{{At: "2026-11-02T13:00:00Z", Verdict: verdict, Reason: reason}},
		}
	}
	site.Fakes.Set(func(s *portaltest.State) {
		s.Messages = []*notificationsv1.Message{
			message(notificationsv1.Message_STATE_SHOWN, "let_through", "open"),
			message(notificationsv1.Message_STATE_DEFERRED, "deferred", "public_holiday"),
			message(notificationsv1.Message_STATE_EXPIRED, "expired", "too_late"),
		}
	})
	_, body := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/why")
	require.Contains(t, body, "Entretiens, En retard")
	require.Contains(t, body, "Le rappel a été montré le 2 nov. 2026, 14:00.")
	require.Contains(t, body, `href="/talks"`)
	require.Contains(t, body, "Le rappel attend\u00a0: ")
	require.Contains(t, body, "Le rappel n&#39;a pas été montré\u00a0: ")
	require.NotContains(t, body, "/survey/")
}
