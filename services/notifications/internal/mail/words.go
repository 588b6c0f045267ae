package mail

import "errors"

var errNoAddress = errors.New("not an e-mail address")

// words are what a mail says.
type words struct {
	Subject, Preview, Hello, Lead, Invitation, Button, Personal, Elsewhere, Private, Stop, StopLink, StopMeans, Colon string
	// Again is the subject of a reminder, and StillTime what it begins with.
	Again, StillTime string
}

// wordsOf returns the words of a mail, but for its greeting.
func wordsOf(key shapeKey) words {
	said := french
	if key.lang == "en" {
		said = english
	}
	if key.reminder {
		said.Subject, said.Preview, said.Lead = said.Again, said.StillTime, said.StillTime
	}
	return said
}

func helloIn(lang, givenName string) string {
	hello := "Bonjour"
	if lang == "en" {
		hello = "Hello"
	}
	if givenName != "" {
		hello += " " + givenName
	}
	return hello + ","
}

var french = words{
	Subject:    "Quelques questions pour vous",
	Preview:    "Comment cela se passe-t-il de votre côté ?",
	Lead:       "Comment cela se passe-t-il de votre côté ?",
	Invitation: "Quelques questions vous attendent dans Jalon. Vous y répondez quand cela vous convient, en une fois.",
	Button:     "Répondre aux questions",
	Personal:   "Ce lien est le vôtre. Il vous demande de vous connecter : transmis à quelqu'un d'autre, il n'ouvre rien.",
	Elsewhere:  "La même invitation vous attend sur votre page d'accueil Jalon. Elle disparaît dès que vous avez répondu.",
	Private:    "Rien dans ce message ne dit à qui que ce soit si vous l'avez ouvert.",
	Stop:       "Vous préférez ne plus recevoir d'e-mails ?",
	StopLink:   "Se désabonner",
	StopMeans:  "Vos questions restent visibles dans Jalon.",
	Colon:      " :",
	Again:      "Rappel : quelques questions pour vous",
	StillTime:  "Il est encore temps de nous dire comment cela se passe.",
}

var english = words{
	Subject:    "A few questions for you",
	Preview:    "How are things going for you?",
	Lead:       "How are things going for you?",
	Invitation: "A few questions are waiting for you in Jalon. Answer them when it suits you, in one go.",
	Button:     "Answer the questions",
	Personal:   "This link is yours. It asks you to sign in: passed on to somebody else, it opens nothing.",
	Elsewhere:  "The same invitation is on your Jalon home page. It disappears as soon as you have answered.",
	Private:    "Nothing in this message tells anybody whether you opened it.",
	Stop:       "Would you rather not receive e-mails?",
	StopLink:   "Unsubscribe",
	StopMeans:  "Your questions stay visible in Jalon.",
	Colon:      ":",
	Again:      "Reminder: a few questions for you",
	StillTime:  "There is still time to tell us how things are going.",
}
