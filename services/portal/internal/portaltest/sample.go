package portaltest

import (
	"fmt"
	"time"

	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// Today is a Tuesday in the sample company.
var Today = time.Date(2026, time.November, 3, 9, 30, 0, 0, time.UTC)

// People, units, a moment and an invitation of the sample.
var (
	Jeanne     = event.ID("person", "jeanne")
	Karim      = event.ID("person", "karim")
	Lea        = event.ID("person", "lea")
	Noe        = event.ID("person", "noe")
	Company    = event.ID("unit", "company")
	Region     = event.ID("unit", "region")
	Nantes     = event.ID("unit", "nantes")
	Rennes     = event.ID("unit", "rennes")
	Team       = event.ID("unit", "team")
	Depot      = event.ID("unit", "depot")
	Moment     = event.ID("moment", "lea")
	Invitation = event.ID("invitation", "lea")
)

// Cards are the sample's people; one has a name that would be markup.
var Cards = sampleCards()

func sampleCards() []*directoryv1.PersonCard {
	path := []string{Company, Region, Nantes, Team}
	card := func(id, number, given, family, job, manager string) *directoryv1.PersonCard {
		return &directoryv1.PersonCard{
			Id: id, Number: number, GivenName: given, FamilyName: family, JobTitle: job, ManagerId: manager, UnitId: Team, UnitPath: path,
			Language: "fr", HiredOn: "2024-03-18", Contract: "CDI", Email: "prenom.nom@exemple-sport.fr",
		}
	}
	cards := []*directoryv1.PersonCard{
		card(Jeanne, "001001", "Jeanne", "Picard", "Responsable ressources humaines", ""),
		card(Karim, "001002", "Karim", "Duval", "Directeur de magasin", Jeanne),
		card(Lea, "001003", "Léa", "Moreau", "Vendeuse", Karim),
		card(Noe, "001004", "<script>alert(1)</script>", "O'Brien & Fils", "Conseiller cycle <b>expert</b>", Karim),
	}
	cards[0].Email, cards[2].Email = "jeanne.picard@exemple-sport.fr", "Lea.Moreau@exemple-sport.fr"
	for i, name := range []string{"Amélie Le Goff", "Bastien Fontaine", "Chloé Van den Berghe", "Driss El Amrani", "Élodie Marchand-Lefebvre", "Farid Benali"} {
		var given, family string
		_, _ = fmt.Sscanf(name, "%s", &given)
		family = name[len(given)+1:]
		cards = append(cards, card(event.ID("person", name), fmt.Sprintf("00101%d", i), given, family, "Vendeur, rayon randonnée", Karim))
	}
	for _, card := range cards[8:] { // these are reached on paper
		card.Email = ""
	}
	return cards
}

func employees() []*directoryv1.Employee {
	var all []*directoryv1.Employee
	for _, card := range Cards {
		all = append(all, &directoryv1.Employee{
			Id: card.GetId(), Version: 1, UnitId: card.GetUnitId(), UnitPath: card.GetUnitPath(), ManagerId: card.GetManagerId(),
			Language: card.GetLanguage(), TimeZone: "Europe/Paris", HiredOn: card.GetHiredOn(),
		})
	}
	return all
}

func units() []*directoryv1.Unit {
	return []*directoryv1.Unit{
		{Id: Company, Version: 1, Name: "Exemple Sport", Kind: "company", Code: "EXS", TimeZone: "Europe/Paris", HolidayCalendar: "FR"},
		{Id: Region, Version: 1, Name: "Région Ouest", Kind: "region", ParentId: Company},
		{Id: Nantes, Version: 1, Name: "Nantes Atlantis", Kind: "store", ParentId: Region},
		{Id: Rennes, Version: 1, Name: "Rennes Cesson", Kind: "store", ParentId: Region},
		{Id: Depot, Version: 3, Name: "Dépôt d'Élancourt <annexe>", Kind: "store", ParentId: Company, Unplaced: true},
		{Id: Team, Version: 1, Name: "Montagne", Kind: "team", ParentId: Nantes},
	}
}

func keyMoments() []*momentsv1.KeyMoment {
	rules := func(codes ...string) (all []*momentsv1.FollowUpRule) {
		for _, code := range codes {
			all = append(all, &momentsv1.FollowUpRule{Code: code})
		}
		return all
	}
	return []*momentsv1.KeyMoment{
		{Code: "team_arrival", FollowUps: rules("day_7", "day_30")},
		{Code: "onboarding", FollowUps: rules("day_1", "day_7", "day_30", "day_90")},
		{Code: "departure", FollowUps: rules("last_days")},
		{
			Code: "training", FollowUps: []*momentsv1.FollowUpRule{{Code: "day_1", OffsetDays: 1}, {Code: "day_60", OffsetDays: 60, Off: true}},
			Name: "Formation", Summary: "Apprendre, c'est d'abord oser ne pas savoir ; puis avoir l'occasion de s'en servir.",
			Emotional: []string{"La curiosité et le plaisir d'apprendre."}, Relational: []string{"Un formateur qui connaît <b>notre</b> métier."},
			Operational: []string{"Être remplacé pendant ce temps."}, Prepare: []string{"Organiser le remplacement.", "Fixer l'échange du retour."},
			ExpectedEmotions: []*momentsv1.Option{{Id: "curious", Label: "Curiosité"}, {Id: "stressed", Label: "Stress"}},
		},
		{Code: "success_celebrated", Name: "Succès célébré", Collective: true, FollowUps: rules("day_2")},
	}
}

func moments() []*momentsv1.MomentView {
	lea := &momentsv1.MomentView{
		Id: Moment, KeyMoment: "onboarding", PersonId: Lea, HappensOn: "2026-10-26", State: momentsv1.MomentView_STATE_OPEN,
		OpenedAt: "2026-11-02T08:12:00Z", Cause: "hired", CanCancel: true,
		FollowUps: []*momentsv1.FollowUpView{
			{Code: "day_1", State: momentsv1.FollowUpView_STATE_SKIPPED, DueAt: "2026-10-27T09:00:00Z", Reason: "heard_too_late"},
			{Code: "day_7", State: momentsv1.FollowUpView_STATE_ASKED, DueAt: "2026-11-02T09:00:00Z", AskedAt: "2026-11-02T09:00:01Z", InvitationId: Invitation},
			{Code: "day_30", State: momentsv1.FollowUpView_STATE_PLANNED, DueAt: "2026-11-25T09:00:00Z"},
			{Code: "day_90", State: momentsv1.FollowUpView_STATE_CANCELLED, DueAt: "2027-01-24T09:00:00Z", Reason: "left_before"},
		},
	}
	all := []*momentsv1.MomentView{lea}
	for i, card := range Cards[3:] {
		kinds := []string{"team_arrival", "onboarding", "departure"}
		all = append(all, &momentsv1.MomentView{
			Id: event.ID("moment", card.GetId()), KeyMoment: kinds[i%3], PersonId: card.GetId(), HappensOn: fmt.Sprintf("2026-10-%02d", 27-i),
			State: momentsv1.MomentView_State(1 + i%3), OpenedAt: "2026-11-01T08:12:00Z", Cause: "moved",
		})
	}
	return all
}

func survey() *momentsv1.GetSurveyResponse {
	agree := func(id, text string) *momentsv1.Question {
		return &momentsv1.Question{
			Id: id, Kind: momentsv1.Question_KIND_SCALE, Text: text, Required: true, Points: 5,
			LowLabel: "Pas du tout d'accord", HighLabel: "Tout à fait d'accord",
		}
	}
	return &momentsv1.GetSurveyResponse{
		InvitationId: Invitation, State: momentsv1.GetSurveyResponse_STATE_OPEN, Title: "Votre première semaine", KeyMoment: "onboarding",
		FollowUp: "day_7", HappensOn: "2026-10-26", Confidential: true,
		Questions: []*momentsv1.Question{
			{
				Id: "feeling", Kind: momentsv1.Question_KIND_EMOTION, Required: true,
				Text:    "Au travail, en ce moment, quel mot dit le mieux ce que vous ressentez ?",
				Options: emotions(),
			},
			agree("place_in_team", "Je commence à trouver ma place dans l'équipe."),
			agree("manager_time", "Mon manager a pris le temps de parler avec moi."),
			{Id: "wish", Kind: momentsv1.Question_KIND_TEXT, Text: "Qu'est-ce qui vous a manqué cette semaine ?", MaxLength: 1000},
		},
	}
}

// EveryKind is a survey with a question of each kind, two of which depend on others.
func EveryKind() *momentsv1.GetSurveyResponse {
	options := func(labels ...string) (all []*momentsv1.Option) {
		for i, label := range labels {
			all = append(all, &momentsv1.Option{Id: fmt.Sprint("o", i+1), Label: label})
		}
		return all
	}
	all := survey()
	all.Confidential = false
	all.Questions = []*momentsv1.Question{
		{
			Id: "recommend", Kind: momentsv1.Question_KIND_RATING, Required: true, Text: "Recommanderiez-vous votre magasin à un ami ?",
			LowLabel: "Pas du tout", HighLabel: "Sans hésiter",
		},
		{
			Id: "why", Kind: momentsv1.Question_KIND_MULTIPLE, Required: true, Text: "Qu'est-ce qui vous retient ?",
			Options: options("Les horaires", "La rémunération", "L'ambiance"), ShowIf: &momentsv1.ShowIf{QuestionId: "recommend", AtMost: 6},
		},
		{
			Id: "pay", Kind: momentsv1.Question_KIND_TEXT, Text: "Dites-en plus", MaxLength: 500,
			ShowIf: &momentsv1.ShowIf{QuestionId: "why", OptionIds: []string{"o2"}},
		},
		{
			Id: "easy", Kind: momentsv1.Question_KIND_SCALE, Points: 7, Measure: momentsv1.Measure_MEASURE_EASE, Text: "Était-ce facile ?",
			LowLabel: "Très difficile", HighLabel: "Très facile",
		},
		{Id: "main", Kind: momentsv1.Question_KIND_SINGLE, Text: "Qui vous a le plus aidé ?", Options: options("Un collègue", "Mon manager", "Personne")},
		{Id: "word", Kind: momentsv1.Question_KIND_SHORT_TEXT, Text: "En un mot ?", MaxLength: 40},
	}
	return all
}

func emotions() []*momentsv1.Option {
	var options []*momentsv1.Option
	for _, pair := range [][2]string{
		{"enthusiastic", "Enthousiasme"},
		{"confident", "Confiance"},
		{"curious", "Curiosité"},
		{"impatient", "Impatience"},
		{"indifferent", "Indifférence"},
		{"anxious", "Inquiétude"},
		{"stressed", "Stress"},
		{"disappointed", "Déception"},
	} {
		options = append(options, &momentsv1.Option{Id: pair[0], Label: pair[1]})
	}
	return options
}

func results() *momentsv1.GetResultsResponse {
	asked := survey().GetQuestions()
	var felt []*momentsv1.Count
	for i, option := range emotions() {
		felt = append(felt, &momentsv1.Count{Id: option.GetId(), Label: option.GetLabel(), Count: int32([]int{11, 9, 6, 3, 2, 4, 2, 1}[i]), Expected: i < 2})
	}
	points := func(n ...int32) (counts []*momentsv1.Count) {
		for i, count := range n {
			counts = append(counts, &momentsv1.Count{Id: fmt.Sprint(i + 1), Label: fmt.Sprint(i + 1), Count: count})
		}
		return counts
	}
	ratings := func(n ...int32) (counts []*momentsv1.Count) {
		for i, count := range n {
			counts = append(counts, &momentsv1.Count{Id: fmt.Sprint(i), Label: fmt.Sprint(i), Count: count})
		}
		return counts
	}
	return &momentsv1.GetResultsResponse{
		Threshold: 5, Responses: 38, Invited: 47, Answered: 38, CountedBefore: "2026-11-02",
		Questions: []*momentsv1.QuestionResult{
			{Question: asked[0], N: 38, Counts: felt, AsExpected: new(20.0 / 38)},
			{Question: asked[1], N: 38, Counts: points(1, 3, 6, 15, 13), Mean: 3.95, Score: 74, Favourable: 28.0 / 38, Trend: []*momentsv1.TrendPoint{
				{Month: "2026-09", N: 11, Mean: 3.5, Score: 63, Favourable: 0.55},
				{Month: "2026-10", N: 27, Mean: 4.1, Score: 78, Favourable: 0.81},
			}},
			{Question: asked[2], TooFew: true},
			{
				Question: EveryKind().GetQuestions()[0], N: 38, Counts: ratings(0, 0, 1, 1, 2, 3, 3, 6, 9, 8, 5), Mean: 7.3, Enps: 8,
			},
			{Question: asked[3], N: 12, Comments: []string{
				"Un casier, et quelqu'un pour me montrer où ranger les vélos d'essai.", "Rien, l'équipe a été super.", `=HYPERLINK("http://x")`, "Plus de temps avec mon manager.\nDeux jours, c'est court.",
			}},
		},
	}
}

func cells() *barometerv1.ListCellsResponse {
	return &barometerv1.ListCellsResponse{
		Eligible: 137, Minimum: 10, AsOf: "2026-11-03T08:00:00Z",
		Cells: []*barometerv1.Cell{
			{UnitId: Rennes, UnitName: "Rennes Cesson", UnitKind: "store", UnitPath: []string{Company, Region, Rennes}, Eligible: 52},
			{UnitId: Region, UnitName: "Région Ouest", UnitKind: "region", UnitPath: []string{Company, Region}, Eligible: 14, Merged: []*barometerv1.MergedUnit{
				{UnitId: "a", UnitName: "Direction"}, {UnitId: "b", UnitName: "Ressources humaines"},
			}},
			{UnitId: Nantes, UnitName: "Nantes Atlantis", UnitKind: "store", UnitPath: []string{Company, Region, Nantes}, Eligible: 71, Merged: []*barometerv1.MergedUnit{
				{UnitId: Team, UnitName: "Montagne"},
			}},
		},
	}
}

func messages() []*notificationsv1.Message {
	return []*notificationsv1.Message{
		{
			InvitationId: Invitation, KeyMoment: "onboarding", FollowUp: "day_7", State: notificationsv1.Message_STATE_SHOWN,
			Decisions: []*notificationsv1.Decision{
				{At: "2026-11-02T09:00:02Z", Verdict: "deferred", Reason: "outside_window", Until: "2026-11-02T13:00:00Z"},
				{At: "2026-11-02T13:00:00Z", Verdict: "let_through", Reason: "open"},
			}, RemindAt: "2026-11-09T13:00:00Z",
		},
		{
			InvitationId: event.ID("invitation", "waits"), KeyMoment: "team_arrival", FollowUp: "day_7",
			State: notificationsv1.Message_STATE_DEFERRED, NextTryAt: "2026-11-09T13:00:00Z",
			Decisions: []*notificationsv1.Decision{
				{At: "2026-11-02T13:30:00Z", Verdict: "deferred", Reason: "over_cap", Until: "2026-11-09T13:00:00Z"},
			},
		},
		{
			InvitationId: event.ID("invitation", "away"), KeyMoment: "onboarding", FollowUp: "day_1",
			State: notificationsv1.Message_STATE_EXPIRED,
			Decisions: []*notificationsv1.Decision{
				{At: "2026-10-20T08:00:00Z", Verdict: "expired", Reason: "absent"},
			},
		},
	}
}

func talks() []*interviewsv1.Talk {
	var all []*interviewsv1.Talk
	for i, card := range Cards[2:] {
		day := Today.AddDate(0, 0, 1+i*i)
		all = append(all, &interviewsv1.Talk{Id: event.ID("talk", card.GetId()), EmployeeId: card.GetId(), ManagerId: Karim, PlannedOn: day.Format(time.DateOnly)})
	}
	return all[:len(all)-1]
}

// Prompt is what awaits Léa.
func Prompt() *notificationsv1.Prompt {
	return &notificationsv1.Prompt{InvitationId: Invitation, PersonId: Lea, KeyMoment: "onboarding", FollowUp: "day_7", ShownAt: "2026-11-02T13:00:00Z"}
}
