package survey

// The surveys of those for whom something begins again: another manager, a return, another year.
func passageSurveys() []Questionnaire {
	return []Questionnaire{
		{
			ID:    "manager_change_day_14.v1",
			Title: Wording{"Vos premières semaines avec votre nouveau manager", "Your first weeks with your new manager"},
			Questions: []Question{
				feeling(),
				managerTime(),
				agree("new_manager_knows_me", "Mon nouveau manager sait ce que je fais et ce que j'aime faire.",
					"My new manager knows what I do and what I like doing."),
				expectations(),
				comment("manager_change_keep", "Que faudrait-il surtout garder dans l'équipe ?", "What should above all be kept in the team?"),
			},
		},
		{
			ID:    "manager_change_day_60.v1",
			Title: Wording{"Deux mois avec votre nouveau manager", "Two months with your new manager"},
			Questions: []Question{
				feeling(),
				managerListens(),
				agree("promises_kept", "Ce qui m'avait été promis avant a été tenu ou rediscuté.",
					"What had been promised to me before was kept or discussed again."),
				agree("ways_settled", "Nos façons de travailler ensemble sont claires.", "Our ways of working together are clear."),
				comment("manager_change_wish", "Qu'attendez-vous surtout de votre manager maintenant ?",
					"What do you expect most of your manager now?"),
			},
		},
		{
			ID:    "return_from_leave_day_3.v1",
			Title: Wording{"Vos premiers jours de retour", "Your first days back"},
			Questions: []Question{
				feeling(),
				agree("return_welcome", "On m'a bien accueilli, sans question déplacée.", "I was welcomed back, without intrusive questions."),
				agree("return_ready", "Mon poste, mes accès et mes horaires étaient prêts.", "My workplace, access and hours were ready."),
				agree("return_pace", "Le rythme de ma reprise me convient.", "The pace of my return suits me."),
				comment("return_need", "De quoi auriez-vous besoin dans les prochains jours ?", "What would you need in the coming days?"),
			},
		},
		{
			ID:    "return_from_leave_day_30.v1",
			Title: Wording{"Un mois après votre retour", "One month after your return"},
			Questions: []Question{
				feeling(),
				colleagues(),
				agree("return_up_to_date", "Je suis de nouveau à jour.", "I am up to date again."),
				agree("return_place", "J'ai retrouvé ma place.", "I have found my place again."),
				comment("return_advice", "Que faudrait-il mieux préparer pour la prochaine personne qui revient ?",
					"What should be better prepared for the next person who returns?"),
			},
		},
		{
			ID:    "anniversary_same_day.v1",
			Title: Wording{"Une année de plus ensemble", "Another year together"},
			Questions: []Question{
				feeling(),
				efforts(),
				learning(),
				agree("year_ahead", "L'année qui vient me donne envie.", "I look forward to the year ahead."),
				comment("year_wish", "Qu'aimeriez-vous que la prochaine année vous apporte ?", "What would you like next year to bring you?"),
			},
		},
	}
}
