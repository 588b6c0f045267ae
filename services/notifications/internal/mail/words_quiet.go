package mail

// What people are told who reacted to nothing lately: less often, in fewer words, and why.
var frenchQuiet = words{
	Subject:    "Votre avis, en deux mots ?",
	Preview:    "Même une réponse courte compte.",
	Lead:       "Votre avis, en deux mots ?",
	Invitation: "Même une réponse courte compte. Nos derniers messages sont restés sans suite : nous vous écrivons donc moins souvent.",
	Button:     "Répondre",
}

var englishQuiet = words{
	Subject:    "Your view, in a few words?",
	Preview:    "Even a short answer counts.",
	Lead:       "Your view, in a few words?",
	Invitation: "Even a short answer counts. Our last messages went without a reaction, so we write to you less often.",
	Button:     "Answer",
}

var frenchQuietMessage = words{
	Invitation: "Une minute de lecture. Nos derniers messages sont restés sans suite : nous vous écrivons donc moins souvent.",
}

var englishQuietMessage = words{
	Invitation: "It takes a minute to read. Our last messages went without a reaction, so we write to you less often.",
}
