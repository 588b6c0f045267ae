package survey

// The surveys after what a team lives together, or beside another one.
func togetherSurveys() []Questionnaire {
	return []Questionnaire{
		{
			ID:    "success_celebrated_day_2.v1",
			Title: Wording{"Un succès partagé", "A success shared"},
			Questions: []Question{
				feeling(),
				agree("success_credit", "Chacune et chacun a été remercié pour sa part.", "Everybody was thanked for their part."),
				agree("success_pride", "Je suis fier de ce que nous avons fait ensemble.", "I am proud of what we did together."),
				agree("success_learned", "Nous savons ce qui a fait cette réussite.", "We know what made this success."),
				comment("success_next", "Que faudrait-il garder de cette façon de travailler ?", "What should we keep of this way of working?"),
			},
		},
		{
			ID:    "project_shared_day_7.v1",
			Title: Wording{"Le projet dont on vous a parlé", "The project you were told about"},
			Questions: []Question{
				feeling(),
				agree("project_clear", "Je comprends où nous allons et pourquoi.", "I understand where we are going and why."),
				agree("project_voice", "J'ai pu poser mes questions et dire mes doutes.", "I could ask questions and voice doubts."),
				agree("project_for_me", "Je sais ce que cela change dans mon travail.", "I know what it changes in my work."),
				comment("project_question", "Quelle question reste sans réponse pour vous ?", "Which question remains open for you?"),
			},
		},
		{
			ID:    "immersion_day_day_1.v1",
			Title: Wording{"Votre journée dans un autre service", "Your day in another service"},
			Questions: []Question{
				feeling(),
				agree("immersion_expected", "J'étais attendu et la journée était préparée.", "I was expected and the day was prepared."),
				agree("immersion_understand", "Je comprends mieux le travail des autres.", "I understand other people's work better."),
				agree("immersion_use", "J'en rapporte une idée utile pour mon travail.", "I bring back an idea that is useful in my work."),
				comment("immersion_idea", "Quelle idée aimeriez-vous partager avec votre équipe ?",
					"What idea would you like to share with your team?"),
			},
		},
	}
}
