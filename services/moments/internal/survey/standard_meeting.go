package survey

// The surveys after a talk between two people: an interview, a check-in, a congratulation, a reframing.
func meetingSurveys() []Questionnaire {
	return []Questionnaire{
		{
			ID:    "recruitment_interview_day_1.v1",
			Title: Wording{"Votre entretien", "Your interview"},
			Questions: []Question{
				feeling(),
				agree("interview_welcome", "J'ai été reçu avec attention.", "I was received with care."),
				agree("interview_two_ways", "J'ai pu poser mes questions et j'ai eu de vraies réponses.",
					"I could ask my questions and got real answers."),
				agree("interview_next_steps", "Je sais quand et comment j'aurai une réponse.", "I know when and how I will hear back."),
				comment("interview_advice", "Qu'aurions-nous pu mieux faire pour vous recevoir ?",
					"What could we have done better to receive you?"),
			},
		},
		{
			ID:    "check_in_day_1.v1",
			Title: Wording{"Votre dernier point avec votre manager", "Your last check-in with your manager"},
			Questions: []Question{
				feeling(),
				agree("check_in_listened", "J'ai pu dire ce qui comptait pour moi.", "I could say what mattered to me."),
				agree("check_in_decided", "Nous en sommes sortis avec des décisions.", "We came out of it with decisions."),
				agree("check_in_followed", "Ce qui avait été décidé la fois d'avant a été repris.",
					"What was decided the time before was taken up again."),
				comment("check_in_wish", "De quoi aimeriez-vous parler la prochaine fois ?", "What would you like to talk about next time?"),
			},
		},
		{
			ID:    "congratulation_day_1.v1",
			Title: Wording{"Des félicitations", "A congratulation"},
			Questions: []Question{
				feeling(),
				agree("congratulation_precise", "On m'a dit précisément ce que j'ai bien fait.", "I was told precisely what I did well."),
				agree("congratulation_sincere", "Ces mots m'ont paru sincères.", "The words felt sincere to me."),
				agree("congratulation_momentum", "Cela me donne envie de continuer.", "It makes me want to go on."),
				comment("congratulation_wish", "Qu'est-ce qui mériterait d'être remarqué plus souvent ici ?",
					"What deserves to be noticed more often here?"),
			},
		},
		{
			ID:    "reframing_day_1.v1",
			Title: Wording{"Le lendemain d'un échange difficile", "The day after a difficult talk"},
			Questions: []Question{
				feeling(),
				reframingHeard(),
				reframingRespect(),
				reframingClear(),
				comment("reframing_unsaid", "Qu'auriez-vous voulu dire de plus ?", "What else would you have liked to say?"),
			},
		},
		{
			ID:    "reframing_day_7.v1",
			Title: Wording{"Une semaine après un échange difficile", "A week after a difficult talk"},
			Questions: []Question{
				feeling(),
				reframingHeard(),
				reframingRespect(),
				reframingClear(),
				comment("reframing_wish", "Qu'est-ce qui vous aiderait maintenant ?", "What would help you now?"),
			},
		},
	}
}

func reframingHeard() Question {
	return agree("reframing_heard", "J'ai pu donner ma version et j'ai été entendu.", "I could give my side and was heard.")
}

func reframingRespect() Question {
	return agree("reframing_respect", "On m'a parlé avec respect.", "I was spoken to with respect.")
}

func reframingClear() Question {
	return agree("reframing_clear", "Je sais ce qui est attendu et l'aide que je peux avoir.", "I know what is expected and what help I can have.")
}
