package survey

import "slices"

// The surveys that Jalon comes with. Each asks first how the person feels, then about the others, then about the work, and ends
// with room for a sentence; the audit of the talks alone counts, and asks nothing else. All of them are confidential, so none asks
// who, where or when.

const commentLength = 1000

// Standard is every questionnaire that Jalon comes with.
func Standard() []Questionnaire {
	return slices.Concat(arrivalsAndDepartures(), meetingSurveys(), togetherSurveys(), growthSurveys(), passageSurveys(),
		secondVersions(), afterwardsSurveys(), auditSurveys())
}

func arrivalsAndDepartures() []Questionnaire {
	return []Questionnaire{
		{
			ID:    "team_arrival_day_7.v1",
			Title: Wording{"Votre première semaine dans l'équipe", "Your first week in the team"},
			Questions: []Question{
				feeling(),
				agree("new_team_welcome", "Ma nouvelle équipe m'a fait une vraie place.", "My new team has made real room for me."),
				managerTime(),
				expectations(),
				comment("team_arrival_wish", "Qu'est-ce qui vous aiderait à bien prendre vos marques ?", "What would help you find your feet?"),
			},
		},
		{
			ID:    "team_arrival_day_30.v1",
			Title: Wording{"Un mois dans votre équipe", "One month in your team"},
			Questions: []Question{
				feeling(),
				colleagues(),
				managerListens(),
				agree("means_to_work", "J'ai ce qu'il me faut ici pour bien travailler : repères, formation, matériel.",
					"I have what I need here to work well: guidance, training, equipment."),
				comment("team_change", "Qu'aimeriez-vous voir changer dans l'équipe ?", "What would you like to see change in the team?"),
			},
		},
		{
			ID:    "onboarding_day_1.v1",
			Title: Wording{"Votre premier jour", "Your first day"},
			Questions: []Question{
				feeling(),
				agree("welcomed", "On m'a réservé un bon accueil.", "I was made to feel welcome."),
				agree("whom_to_ask", "Je sais à qui m'adresser si j'ai une question.", "I know whom to ask when I have a question."),
				agree("ready_for_me", "Ce dont j'avais besoin était prêt : badge, tenue, accès, matériel.",
					"What I needed was ready: badge, work clothes, access, equipment."),
				comment("first_days_wish", "Qu'est-ce qui rendrait vos prochains jours plus faciles ?", "What would make your next days easier?"),
			},
		},
		{
			ID:    "onboarding_day_7.v1",
			Title: Wording{"Votre première semaine", "Your first week"},
			Questions: []Question{
				feeling(),
				agree("place_in_team", "Je commence à trouver ma place dans l'équipe.", "I am beginning to find my place in the team."),
				managerTime(),
				expectations(),
				comment("first_week_wish", "Qu'est-ce qui vous a manqué cette semaine ?", "What did you miss this week?"),
			},
		},
		{
			ID:    "onboarding_day_30.v1",
			Title: Wording{"Votre premier mois", "Your first month"},
			Questions: []Question{
				feeling(),
				colleagues(),
				managerListens(),
				agree("as_described", "Mon travail est bien celui qu'on m'avait annoncé.", "My work is what I was told it would be."),
				comment("first_month_surprise", "Qu'est-ce qui vous a surpris, en bien ou en moins bien ?", "What surprised you, for better or for worse?"),
			},
		},
		{
			ID:    "onboarding_day_90.v1",
			Title: Wording{"Vos trois premiers mois", "Your first three months"},
			Questions: []Question{
				feeling(),
				efforts(),
				learning(),
				agree("see_myself_here", "Je me vois bien continuer ici l'année prochaine.", "I can see myself still here next year."),
				comment("first_months_advice", "Que devrions-nous mieux faire pour la prochaine personne qui arrive ?",
					"What should we do better for the next person who joins?"),
			},
		},
		{
			ID:    "departure_last_days.v1",
			Title: Wording{"Avant votre départ", "Before you leave"},
			Questions: []Question{
				leaving(),
				agree("parting_respect", "Mon départ est préparé avec respect.", "My leaving is being prepared with respect."),
				agree("voice_counted", "Ici, mon avis a compté.", "My opinion counted here."),
				agree("handing_over", "J'ai le temps et les moyens de transmettre mon travail.", "I have the time and the means to hand over my work."),
				comment("parting_advice", "Que devrions-nous garder, et que devrions-nous changer ?", "What should we keep, and what should we change?"),
			},
		},
	}
}

func feeling() Question {
	return Question{
		ID: "feeling", Kind: Emotion, Required: true,
		Text: Wording{"Au travail, en ce moment, quel mot dit le mieux ce que vous ressentez ?", "At work these days, which word says best how you feel?"},
		Options: []Option{
			{"enthusiastic", Wording{"Enthousiasme", "Enthusiastic"}},
			{"confident", Wording{"Confiance", "Confident"}},
			{"curious", Wording{"Curiosité", "Curious"}},
			{"impatient", Wording{"Impatience", "Impatient"}},
			{"indifferent", Wording{"Indifférence", "Indifferent"}},
			{"anxious", Wording{"Inquiétude", "Anxious"}},
			{"stressed", Wording{"Stress", "Stressed"}},
			{"disappointed", Wording{"Déception", "Disappointed"}},
		},
	}
}

func leaving() Question {
	return Question{
		ID: "feeling_leaving", Kind: Emotion, Required: true,
		Text: Wording{"À quelques jours de votre départ, quel mot dit le mieux ce que vous ressentez ?", "A few days before you leave, which word says best how you feel?"},
		Options: []Option{
			{"grateful", Wording{"Gratitude", "Grateful"}},
			{"proud", Wording{"Fierté", "Proud"}},
			{"serene", Wording{"Sérénité", "At peace"}},
			{"impatient", Wording{"Impatience", "Impatient"}},
			{"indifferent", Wording{"Indifférence", "Indifferent"}},
			{"anxious", Wording{"Inquiétude", "Anxious"}},
			{"sad", Wording{"Tristesse", "Sad"}},
			{"disappointed", Wording{"Déception", "Disappointed"}},
		},
	}
}

func managerTime() Question {
	return agree("manager_time", "Mon manager a pris le temps de parler avec moi.", "My manager has taken the time to talk with me.")
}

func managerListens() Question {
	return agree("manager_listens", "Mon manager m'écoute et m'aide quand j'en ai besoin.", "My manager listens to me and helps when I need it.")
}

func colleagues() Question {
	return agree("colleagues", "Je peux compter sur mes collègues.", "I can count on my colleagues.")
}

func efforts() Question {
	return agree("efforts_seen", "On remarque les efforts que je fais.", "My efforts are noticed.")
}

func learning() Question {
	return agree("learning", "J'apprends ici des choses qui me serviront.", "I am learning things here that will serve me.")
}

func expectations() Question {
	return agree("expectations", "Je comprends ce qu'on attend de moi.", "I understand what is expected of me.")
}

func agree(id, fr, en string) Question {
	return Question{
		ID: id, Kind: Scale, Required: true, Points: 5, Text: Wording{fr, en},
		Low: Wording{"Pas du tout d'accord", "Strongly disagree"}, High: Wording{"Tout à fait d'accord", "Strongly agree"},
	}
}

func comment(id, fr, en string) Question {
	return Question{ID: id, Kind: Text, MaxLength: commentLength, Text: Wording{fr, en}}
}
