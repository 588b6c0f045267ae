package survey

// The audit of the talks with the manager. It is short on purpose, and asks nothing else: everybody answers it three times a year,
// beside whatever else they are asked, and its figures are compared with what was recorded.
func auditSurveys() []Questionnaire {
	return []Questionnaire{
		{
			ID:        "talk_audit.v1",
			Title:     Wording{"Vos entretiens avec votre manager", "Your talks with your manager"},
			Questions: []Question{talksHeld(), ofTalks(talksDecisions()), ofTalks(talksSkills())},
		},
	}
}

// talksHeld has numbers for ids, so that whoever compares can count with them; 5 is five or more.
func talksHeld() Question {
	return Question{
		ID: "talks_held", Kind: Single, Required: true,
		Text: Wording{
			"Ces quatre derniers mois, combien de fois avez-vous fait le point à deux avec votre manager, lors d'un entretien prévu pour cela ?",
			"In the last four months, how many times did you and your manager sit down for a planned talk, just the two of you?",
		},
		Options: []Option{
			{"0", Wording{"Aucune", "None"}},
			{"1", Wording{"1 fois", "Once"}},
			{"2", Wording{"2 fois", "Twice"}},
			{"3", Wording{"3 fois", "3 times"}},
			{"4", Wording{"4 fois", "4 times"}},
			{"5", Wording{"5 fois ou plus", "5 times or more"}},
		},
	}
}

func talksDecisions() Question {
	return agree("talks_decisions", "Ces entretiens ont débouché sur des décisions.", "These talks led to decisions.")
}

func talksSkills() Question {
	return agree("talks_skills", "Grâce à ces entretiens, mes compétences ont progressé.", "Thanks to these talks, my skills have grown.")
}

// ofTalks asks only those who had some.
func ofTalks(q Question) Question {
	q.ShowIf = &Condition{Question: "talks_held", Options: []string{"1", "2", "3", "4", "5"}}
	return q
}
