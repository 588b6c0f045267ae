package mail

const (
	// campaignMessage is what moments calls a campaign that asks nothing.
	campaignMessage = "message"
	// aboutMessage marks its mails.
	aboutMessage = "campaign_message"
)

var frenchMessage = words{
	Subject:    "Les RH ont quelque chose à vous dire",
	Preview:    "Un message vous attend dans Jalon.",
	Lead:       "Les RH ont quelque chose à vous dire.",
	Invitation: "Un message vous attend dans Jalon, en une minute de lecture.",
	Button:     "Lire le message",
	Elsewhere:  "Le même message vous attend sur votre page d'accueil Jalon. Il disparaît dès que vous l'avez lu.",
	StopMeans:  "Les messages restent visibles dans Jalon.",
}

var frenchMessageAgain = words{
	Subject: "Rappel : les RH ont quelque chose à vous dire",
	Preview: "Un message vous attend toujours dans Jalon.",
}

var englishMessage = words{
	Subject:    "HR has something to tell you",
	Preview:    "A message is waiting for you in Jalon.",
	Lead:       "HR has something to tell you.",
	Invitation: "A message is waiting for you in Jalon. It takes a minute to read.",
	Button:     "Read the message",
	Elsewhere:  "The same message is on your Jalon home page. It disappears as soon as you have read it.",
	StopMeans:  "Messages stay visible in Jalon.",
}

var englishMessageAgain = words{
	Subject: "Reminder: HR has something to tell you",
	Preview: "A message is still waiting for you in Jalon.",
}
