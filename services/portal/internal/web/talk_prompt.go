package web

import (
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	// talkReminder is the key moment of prompts that ask nothing: they remind people of their own talks, grouped.
	talkReminder = "talk"
	// barometerInvitation is the key moment of invitations to the yearly panel.
	barometerInvitation = "barometer"
	// barometerPage is where everybody takes part in it.
	barometerPage = "/barometer"
	// barometerResults is the key moment under which those who lead a unit are pointed to its results.
	barometerResults = "barometer_results"
	// talksPage shows somebody all their talks, those that they hold as a manager included.
	talksPage = "/talks"
)

// talkPrompt says how many talks there is something to do for, and leads to them all.
func talkPrompt(words *i18n.Words, prompt *notificationsv1.Prompt) page.PromptView {
	return page.PromptView{
		ID: prompt.GetInvitationId(), Href: talksPage, Reminder: prompt.GetReminder(), Open: words.T("talk_prompt.open"), Talks: true,
		Title: talkPromptTitle(words, prompt.GetFollowUp(), int(prompt.GetCount())),
		Why:   words.Or("talk_prompt."+prompt.GetFollowUp()+"_why", ""),
	}
}

// talkPromptTitle falls back to the plain word for matters that this portal does not know yet.
func talkPromptTitle(words *i18n.Words, matter string, count int) string {
	if key := "talk_prompt." + matter; words.N(key, count) != key {
		return words.N(key, max(count, 1))
	}
	return keyMomentName(words, talkReminder)
}

// answeredAt is where a message is answered.
func answeredAt(keyMoment, invitation string) string {
	switch keyMoment {
	case talkReminder:
		return talksPage
	case barometerInvitation:
		return barometerPage
	case barometerResults:
		return barometerResultsPage // of the unit that they lead
	default:
		return "/survey/" + invitation
	}
}

// whySentences is the part of the catalogue that tells of a message: reminders of talks ask nothing.
func whySentences(message *notificationsv1.Message) string {
	if message.GetKeyMoment() == talkReminder {
		return "why_talk"
	}
	return "why"
}
