package survey

// The surveys of those who learn or take on more: promoted, first steps as a manager, trained.
func growthSurveys() []Questionnaire {
	return []Questionnaire{
		{
			ID:    "promotion_day_30.v1",
			Title: Wording{"Un mois dans votre nouveau poste", "One month in your new job"},
			Questions: []Question{
				feeling(),
				agree("promotion_announced", "Ma nomination a été annoncée clairement.", "My appointment was clearly announced."),
				managerListens(),
				agree("promotion_handover", "J'ai eu le temps de passer d'un poste à l'autre.", "I had the time to go from one job to the other."),
				comment("promotion_need", "Que vous manque-t-il pour réussir ce passage ?", "What do you lack to succeed in this passage?"),
			},
		},
		{
			ID:    "promotion_day_90.v1",
			Title: Wording{"Trois mois dans votre nouveau poste", "Three months in your new job"},
			Questions: []Question{
				feeling(),
				efforts(),
				agree("promotion_trained", "J'ai reçu l'aide et la formation qu'il me fallait.", "I received the help and training I needed."),
				agree("promotion_again", "Je referais ce choix.", "I would make this choice again."),
				comment("promotion_advice", "Que conseilleriez-vous à la prochaine personne promue ?",
					"What would you advise the next person promoted?"),
			},
		},
		{
			ID:    "first_steps_as_manager_day_30.v1",
			Title: Wording{"Un mois comme manager", "One month as a manager"},
			Questions: []Question{
				feeling(),
				agree("new_manager_support", "J'ai quelqu'un à qui demander conseil.", "I have somebody to ask for advice."),
				agree("new_manager_backed", "Mes décisions sont soutenues.", "My decisions are backed."),
				agree("new_manager_time", "J'ai du temps pour m'occuper de mon équipe.", "I have time to look after my team."),
				comment("new_manager_hard", "Qu'est-ce qui est plus difficile que prévu ?", "What is harder than expected?"),
			},
		},
		{
			ID:    "first_steps_as_manager_day_90.v1",
			Title: Wording{"Trois mois comme manager", "Three months as a manager"},
			Questions: []Question{
				feeling(),
				agree("new_manager_trained", "J'ai appris à mener un entretien, une félicitation, un recadrage.",
					"I have learnt to lead a talk, a congratulation, a reframing."),
				colleagues(),
				agree("new_manager_place", "J'ai trouvé ma place de manager.", "I have found my place as a manager."),
				comment("new_manager_wish", "De quelle aide auriez-vous besoin maintenant ?", "What help would you need now?"),
			},
		},
		{
			ID:    "training_day_1.v1",
			Title: Wording{"Votre formation", "Your training"},
			Questions: []Question{
				feeling(),
				satisfied("training_satisfied", "Êtes-vous content de cette formation ?", "Are you content with this training?"),
				easy("training_attending", "Était-ce facile de vous libérer pour y aller ?", "Was it easy to get away to attend it?"),
				agree("training_occasion", "J'aurai bientôt l'occasion de m'en servir.", "I will soon have the occasion to use it."),
				comment("training_wish", "Qu'auriez-vous voulu apprendre de plus ?", "What else would you have liked to learn?"),
			},
		},
		{
			ID:    "training_day_60.v1",
			Title: Wording{"Deux mois après votre formation", "Two months after your training"},
			Questions: []Question{
				feeling(),
				agree("training_used", "Je me sers de ce que j'ai appris.", "I use what I learnt."),
				agree("training_talked", "J'en ai reparlé avec mon manager.", "I talked about it with my manager."),
				agree("training_shared", "J'ai pu en transmettre quelque chose à mes collègues.", "I could pass some of it on to colleagues."),
				comment("training_obstacle", "Qu'est-ce qui empêche de s'en servir davantage ?", "What keeps you from using it more?"),
			},
		},
	}
}
