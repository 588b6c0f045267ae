package survey

// The survey of those who have left, a month later: by then people say calmly what they would not say on their last days.
func afterwardsSurveys() []Questionnaire {
	return []Questionnaire{
		{
			ID:    "departure_day_30.v1",
			Title: Wording{"Un mois après votre départ", "A month after you left"},
			Questions: []Question{
				lookingBack(),
				agree("parting_kept", "Ce qui m'avait été promis pour mon départ a été tenu : papiers, solde, dates.",
					"What I was promised for my leaving was kept: papers, final pay, dates."),
				recommend(),
				agree("would_return", "Je pourrais revenir travailler ici un jour.", "I could come back to work here one day."),
				comment("afterwards_advice", "Avec le recul, que devrions-nous changer ?", "Looking back, what should we change?"),
			},
		},
	}
}

// lookingBack offers the words of those who leave, and asks of the whole time.
func lookingBack() Question {
	q := leaving()
	q.ID = "looking_back"
	q.Text = Wording{"Quand vous repensez à votre temps chez nous, quel mot vient d'abord ?", "Looking back on your time with us, which word comes first?"}
	return q
}
