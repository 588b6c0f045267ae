package survey

// Second versions of surveys that were in use before there were other kinds of questions. The first versions stay, for the answers
// that they have and for the invitations that stand.
func secondVersions() []Questionnaire {
	return []Questionnaire{
		{
			ID:    "onboarding_day_90.v2",
			Title: Wording{"Vos trois premiers mois", "Your first three months"},
			Questions: []Question{
				feeling(),
				agree("efforts_seen", "On remarque les efforts que je fais.", "My efforts are noticed."),
				agree("learning", "J'apprends ici des choses qui me serviront.", "I am learning things here that will serve me."),
				recommend(),
				whatWouldChange(),
				comment("first_months_advice", "Que devrions-nous mieux faire pour la prochaine personne qui arrive ?",
					"What should we do better for the next person who joins?"),
			},
		},
		{
			ID:    "departure_last_days.v2",
			Title: Wording{"Avant votre départ", "Before you leave"},
			Questions: []Question{
				leaving(),
				agree("parting_respect", "Mon départ est préparé avec respect.", "My leaving is being prepared with respect."),
				leavingReasons(),
				recommend(),
				comment("parting_advice", "Que devrions-nous garder, et que devrions-nous changer ?", "What should we keep, and what should we change?"),
			},
		},
	}
}

func recommend() Question {
	return Question{
		ID: "recommend", Kind: Rating, Required: true,
		Text: Wording{"Recommanderiez-vous l'entreprise à un ami qui cherche du travail ?", "Would you recommend the company to a friend who is looking for work?"},
		Low:  Wording{"Pas du tout", "Not at all"}, High: Wording{"Sans hésiter", "Without hesitating"},
	}
}

// whatWouldChange is asked of those whose recommendation leaves room.
func whatWouldChange() Question {
	q := comment("recommend_change", "Qu'est-ce qui vous ferait répondre un point de plus ?", "What would make you answer one point more?")
	q.ShowIf = &Condition{Question: "recommend", AtLeast: 0, AtMost: 8}
	return q
}

func leavingReasons() Question {
	return Question{
		ID: "leaving_reasons", Kind: Multiple,
		Text: Wording{"Qu'est-ce qui a compté dans votre départ ?", "What counted in your leaving?"},
		Options: []Option{
			{"end_of_contract", Wording{"La fin prévue de mon contrat", "The planned end of my contract"}},
			{"personal", Wording{"Ma vie personnelle", "My personal life"}},
			{"job", Wording{"Le travail lui-même", "The work itself"}},
			{"growth", Wording{"Trop peu de perspectives", "Too few prospects"}},
			{"pay", Wording{"La rémunération", "The pay"}},
			{"hours", Wording{"Les horaires et les jours de repos", "Hours and days off"}},
			{"people", Wording{"Les relations avec l'équipe ou le manager", "Relations with the team or the manager"}},
		},
	}
}

// satisfied asks how content somebody is, for the CSAT.
func satisfied(id, fr, en string) Question {
	return Question{
		ID: id, Kind: Scale, Measure: Satisfaction, Required: true, Points: 5, Text: Wording{fr, en},
		Low: Wording{"Pas du tout", "Not at all"}, High: Wording{"Tout à fait", "Entirely"},
	}
}

// easy asks how hard something was, for the effort score.
func easy(id, fr, en string) Question {
	return Question{
		ID: id, Kind: Scale, Measure: Ease, Required: true, Points: 7, Text: Wording{fr, en},
		Low: Wording{"Très difficile", "Very hard"}, High: Wording{"Très facile", "Very easy"},
	}
}
