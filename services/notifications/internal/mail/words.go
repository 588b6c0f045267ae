package mail

import (
	"errors"
	"reflect"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

var errNoAddress = errors.New("not an e-mail address")

// words are what a mail says.
type words struct {
	Subject, Preview, Hello, Lead, Invitation, Button, Personal, Elsewhere, Private, Stop, StopLink, StopMeans, Colon string
}

// form is a sort of mail.
type form string

// The forms of mails about questions; those about talks are in words_talks.go.
const (
	questions      form = "questions"
	questionsAgain form = "questions again"
	barometer      form = "barometer"
	barometerAgain form = "barometer again"

	barometerResults form = "barometer results"

	message      form = "message"
	messageAgain form = "message again"

	questionsQuiet form = "questions, to somebody quiet"
	messageQuiet   form = "message, to somebody quiet"
)

// wordings are the words of each form in each language, but for the greeting.
var wordings = map[string]map[form]words{
	"fr": {
		questions:      french,
		questionsAgain: said(french, frenchAgain),
		barometer:      said(french, frenchBarometer),
		barometerAgain: said(french, frenchBarometer, frenchBarometerAgain),

		barometerResults: said(french, frenchResults),
		message:          said(french, frenchMessage),
		messageAgain:     said(french, frenchMessage, frenchMessageAgain),
		questionsQuiet:   said(french, frenchQuiet),
		messageQuiet:     said(french, frenchMessage, frenchQuietMessage),
		someTalks:        said(french, frenchTalks),
		prepare:          said(french, frenchTalks, frenchPrepare),
		tomorrow:         said(french, frenchTalks, frenchTomorrow),
		happened:         said(french, frenchTalks, frenchHappened),
		confirm:          said(french, frenchTalks, frenchConfirm),
		proposed:         said(french, frenchTalks, frenchProposed),
		overdue:          said(french, frenchTalks, frenchOverdue),
		planned:          said(french, frenchTalks, frenchDate, frenchPlanned),
		changed:          said(french, frenchTalks, frenchDate, frenchChanged),
		handedOn:         said(french, frenchTalks, frenchOff, frenchHandedOn),
		cancelled:        said(french, frenchTalks, frenchOff, frenchCancelled),
	},
	"en": {
		questions:      english,
		questionsAgain: said(english, englishAgain),
		barometer:      said(english, englishBarometer),
		barometerAgain: said(english, englishBarometer, englishBarometerAgain),

		barometerResults: said(english, englishResults),
		message:          said(english, englishMessage),
		messageAgain:     said(english, englishMessage, englishMessageAgain),
		questionsQuiet:   said(english, englishQuiet),
		messageQuiet:     said(english, englishMessage, englishQuietMessage),
		someTalks:        said(english, englishTalks),
		prepare:          said(english, englishTalks, englishPrepare),
		tomorrow:         said(english, englishTalks, englishTomorrow),
		happened:         said(english, englishTalks, englishHappened),
		confirm:          said(english, englishTalks, englishConfirm),
		proposed:         said(english, englishTalks, englishProposed),
		overdue:          said(english, englishTalks, englishOverdue),
		planned:          said(english, englishTalks, englishDate, englishPlanned),
		changed:          said(english, englishTalks, englishDate, englishChanged),
		handedOn:         said(english, englishTalks, englishOff, englishHandedOn),
		cancelled:        said(english, englishTalks, englishOff, englishCancelled),
	},
}

// said is what is said where each of the more particular words takes the place of the general.
func said(general words, particular ...words) words {
	text := reflect.ValueOf(&general).Elem()
	for _, more := range particular {
		instead := reflect.ValueOf(more)
		for i := range text.NumField() {
			if !instead.Field(i).IsZero() {
				text.Field(i).Set(instead.Field(i))
			}
		}
	}
	return general
}

// langOf is the language in which somebody is written to.
func langOf(contact *directoryv1.Contact) string {
	if contact.GetLanguage() == "en" {
		return "en"
	}
	return "fr"
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
}

var frenchAgain = words{
	Subject: "Rappel : quelques questions pour vous",
	Preview: "Il est encore temps de nous dire comment cela se passe.",
	Lead:    "Il est encore temps de nous dire comment cela se passe.",
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
}

var englishAgain = words{
	Subject: "Reminder: a few questions for you",
	Preview: "There is still time to tell us how things are going.",
	Lead:    "There is still time to tell us how things are going.",
}

var frenchBarometer = words{
	Subject:    "Le baromètre est ouvert",
	Preview:    "45 phrases, six minutes, et personne ne peut savoir ce que vous avez répondu.",
	Lead:       "Que pensez-vous vraiment de votre travail ici ?",
	Invitation: "Le baromètre pose à chacun les mêmes 45 questions, une fois par an. Il est anonyme : Jalon signe votre bulletin sans le voir, et la page dit comment.",
	Button:     "Prendre part au baromètre",
	Personal:   "Ce lien est le même pour tous. Il vous demande de vous connecter pour vous remettre un bulletin ; votre bulletin, lui, part sans votre nom.",
	Elsewhere:  "La même invitation vous attend sur votre page d'accueil Jalon.",
	StopMeans:  "Le baromètre reste visible dans Jalon.",
}

var frenchBarometerAgain = words{
	Subject: "Rappel : le baromètre est ouvert",
	Preview: "Il est encore temps de prendre part au baromètre.",
}

var englishBarometer = words{
	Subject:    "The barometer is open",
	Preview:    "45 statements, six minutes, and nobody can find out what you answered.",
	Lead:       "What do you really think of your work here?",
	Invitation: "The barometer asks everybody the same 45 questions, once a year. It is anonymous: Jalon signs your ballot without seeing it, and the page says how.",
	Button:     "Take part in the barometer",
	Personal:   "This link is the same for everybody. It asks you to sign in to be given a ballot; the ballot itself leaves without your name.",
	Elsewhere:  "The same invitation is on your Jalon home page.",
	StopMeans:  "The barometer stays visible in Jalon.",
}

var englishBarometerAgain = words{
	Subject: "Reminder: the barometer is open",
	Preview: "There is still time to take part in the barometer.",
}

var frenchResults = words{
	Subject:    "Les résultats du baromètre",
	Preview:    "Ce qui a été dit dans vos équipes, et ce qui a changé.",
	Lead:       "Vos équipes ont parlé.",
	Invitation: "Les résultats du baromètre sont publiés. Lisez ceux des équipes dont vous avez la charge, puis parlez-en avec elles.",
	Button:     "Lire les résultats",
	Personal:   "Ce lien vous demande de vous connecter.",
	Elsewhere:  "Ils restent sur cette page d'une année à l'autre.",
	StopMeans:  "Les résultats restent visibles dans Jalon.",
}

var englishResults = words{
	Subject:    "The barometer's results",
	Preview:    "What was said in your teams, and what has changed.",
	Lead:       "Your teams have spoken.",
	Invitation: "The barometer's results are published. Read those of the teams in your charge, then talk about them together.",
	Button:     "Read the results",
	Personal:   "This link asks you to sign in.",
	Elsewhere:  "They stay on that page from one year to the next.",
	StopMeans:  "The results stay visible in Jalon.",
}
