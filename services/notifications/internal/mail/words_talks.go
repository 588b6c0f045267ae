package mail

// Reminders of one's own talks, by what there is to do; the values are the contract's. What is not known here is a form of
// talks in general.
const (
	prepare   form = "prepare"
	tomorrow  form = "tomorrow"
	happened  form = "held"
	confirm   form = "confirm"
	proposed  form = "proposal"
	overdue   form = "late"
	someTalks form = "talks"
)

// Mails that a calendar reads too.
const (
	planned   form = "planned"
	changed   form = "changed"
	handedOn  form = "handed on" // to another manager
	cancelled form = "cancelled"
)

// counted is how many talks there are of what is to be done: one, and others.
type counted struct{ one, other string }

var headlines = map[string]map[form]counted{
	"fr": {
		prepare:   {"Un entretien à préparer", "%s entretiens à préparer"},
		tomorrow:  {"Un entretien demain", "%s entretiens demain"},
		happened:  {"Un entretien a-t-il eu lieu ?", "%s entretiens ont-ils eu lieu ?"},
		confirm:   {"Un entretien à confirmer", "%s entretiens à confirmer"},
		proposed:  {"Une autre date vous est proposée", "%s autres dates vous sont proposées"},
		overdue:   {"Un entretien en retard", "%s entretiens en retard"},
		someTalks: {"Votre entretien dans Jalon", "Vos entretiens dans Jalon"},
	},
	"en": {
		prepare:   {"One talk to prepare", "%s talks to prepare"},
		tomorrow:  {"One talk tomorrow", "%s talks tomorrow"},
		happened:  {"Did a talk take place?", "%s talks: did they take place?"},
		confirm:   {"One talk to confirm", "%s talks to confirm"},
		proposed:  {"Another date is proposed to you", "%s other dates are proposed to you"},
		overdue:   {"One talk is late", "%s talks are late"},
		someTalks: {"Your talk in Jalon", "Your talks in Jalon"},
	},
}

// numbers are those that are written out at the beginning of a sentence, from two on.
var numbers = map[string][]string{
	"fr": {"Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf", "Dix"},
	"en": {"Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"},
}

var frenchTalks = words{
	Subject:    headlineMark,
	Preview:    headlineMark,
	Lead:       headlineMark,
	Invitation: "Vos entretiens vous attendent dans Jalon.",
	Button:     "Voir mes entretiens",
	Elsewhere:  "Le même rappel vous attend sur votre page d'accueil Jalon. Il disparaît dès que c'est fait.",
	StopMeans:  "Vos entretiens restent visibles dans Jalon.",
}

var (
	frenchPrepare = words{
		Invitation: "Quelques minutes suffisent. Ce que vous notez reste à vous tant que vous ne le partagez pas.",
	}
	frenchTomorrow = words{Invitation: "L'heure et ce que vous avez préparé vous attendent dans Jalon."}
	frenchConfirm  = words{Invitation: "L'autre personne dit que l'entretien a eu lieu. Dites si c'est bien le cas."}
	frenchHappened = words{Invitation: "La date est passée. Dites s'il a eu lieu : un geste suffit, et le suivant se planifie."}
	frenchProposed = words{Invitation: "L'autre personne propose une autre date pour votre entretien. Acceptez-la ou gardez la vôtre."}
	frenchOverdue  = words{Invitation: "La date prévue est passée. Dites que l'entretien a eu lieu, ou choisissez une autre date."}
)

// frenchDate is said with a date for the calendar, frenchOff where there is none any more.
var (
	frenchDate = words{
		Preview:   whenMark,
		Button:    "Préparer l'entretien",
		Elsewhere: "Les réponses données depuis un calendrier ne sont lues par personne : pour une autre date, proposez-la dans Jalon.",
	}
	frenchOff = words{
		Preview:   whenMark,
		Elsewhere: "S'il est encore dans votre calendrier, vous pouvez l'en retirer.",
	}
	frenchPlanned   = words{Subject: "Entretien : " + whenMark, Invitation: "Il a lieu le " + whenMark + "."}
	frenchChanged   = words{Subject: "Entretien modifié : " + whenMark, Invitation: "La date ou la personne a changé : il a lieu le " + whenMark + "."}
	frenchCancelled = words{Subject: "Entretien annulé : " + whenMark, Invitation: "Il était prévu le " + whenMark + ". Il n'aura pas lieu."}
	frenchHandedOn  = words{
		Subject:    "Entretien confié à quelqu'un d'autre : " + whenMark,
		Invitation: "Il était prévu avec vous le " + whenMark + ". C'est désormais quelqu'un d'autre qui le mène.",
	}
)

var englishTalks = words{
	Subject:    headlineMark,
	Preview:    headlineMark,
	Lead:       headlineMark,
	Invitation: "Your talks are waiting for you in Jalon.",
	Button:     "See my talks",
	Elsewhere:  "The same reminder is on your Jalon home page. It disappears as soon as it is done.",
	StopMeans:  "Your talks stay visible in Jalon.",
}

var (
	englishPrepare  = words{Invitation: "A few minutes are enough. What you note stays yours until you share it."}
	englishTomorrow = words{Invitation: "The time and what you prepared are waiting for you in Jalon."}
	englishConfirm  = words{Invitation: "The other person says that the talk took place. Say whether it did."}
	englishHappened = words{Invitation: "The date is behind. Say whether it took place: one click, and the next one is planned."}
	englishProposed = words{Invitation: "The other person proposes another date for your talk. Accept it, or keep yours."}
	englishOverdue  = words{Invitation: "The date is behind. Say that the talk took place, or choose another date."}
)

var (
	englishDate = words{
		Preview:   whenMark,
		Button:    "Prepare the talk",
		Elsewhere: "Nobody reads answers that are given from a calendar: to ask for another date, propose it in Jalon.",
	}
	englishOff = words{
		Preview:   whenMark,
		Elsewhere: "If it still is in your calendar, you may remove it.",
	}
	englishPlanned   = words{Subject: "Talk: " + whenMark, Invitation: "It takes place on " + whenMark + "."}
	englishChanged   = words{Subject: "Talk changed: " + whenMark, Invitation: "The date or the person has changed: it takes place on " + whenMark + "."}
	englishCancelled = words{Subject: "Talk cancelled: " + whenMark, Invitation: "It was planned on " + whenMark + ". It will not take place."}
	englishHandedOn  = words{
		Subject:    "Talk handed over: " + whenMark,
		Invitation: "It was planned with you on " + whenMark + ". Somebody else holds it now.",
	}
)
