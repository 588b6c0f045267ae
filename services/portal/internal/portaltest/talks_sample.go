package portaltest

import (
	"time"

	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// Talks of the sample: Léa's next one, tomorrow; one that she is to confirm; one that is over; and a reframing of somebody else's.
var (
	NextTalk    = event.ID("talk", Lea)
	SaidTalk    = event.ID("talk", Lea, "said")
	PastTalk    = event.ID("talk", Lea, "past")
	StartedTalk = event.ID("talk", "started")
)

// Commitments of the sample.
var (
	Promised  = event.ID("commitment", "promised")
	ToDevelop = event.ID("commitment", "skill")
	Asked     = event.ID("commitment", "asked")
)

func talkWith(id, employee, manager, kind, on, at, reason string) *FakeTalk {
	minutes := int32(60)
	if kind == "congratulation" || kind == "reframing" {
		minutes = 30
	}
	return &FakeTalk{Appointment: &interviewsv1.Appointment{
		Talk: &interviewsv1.Talk{
			Id: id, EmployeeId: employee, ManagerId: manager, PlannedOn: on, StartsAt: at, TimeZone: "Europe/Paris", Minutes: minutes, Kind: kind, Version: 1,
		},
		State: interviewsv1.Appointment_STATE_PLANNED, Reason: reason,
	}}
}

func (t *FakeTalk) held(on, by string, state interviewsv1.Appointment_State) *FakeTalk {
	t.State, t.HeldOn, t.HeldSaidBy = state, on, by
	return t
}

func sampleTalks() Talks {
	const said, over = interviewsv1.Appointment_STATE_HELD, interviewsv1.Appointment_STATE_CONFIRMED
	var all Talks
	reasons := []string{"spread", "rhythm", "agreed", "day_off", "leave", "first", "rhythm", "rhythm"}
	for i, card := range Cards[2:] {
		day := Today.AddDate(0, 0, 1+i*i)
		if i == 1 || i == 3 {
			day = Today.AddDate(0, 0, -3*i)
		}
		talk := talkWith(event.ID("talk", card.GetId()), card.GetId(), Karim, "ei2d", day.Format(time.DateOnly), "10:00", reasons[i])
		if day.Before(Today) {
			talk.LateDays = int32(Today.Sub(day).Hours() / 24)
		}
		all.All = append(all.All, talk)
	}
	all.All = append(all.All[:len(all.All)-1],
		talkWith(SaidTalk, Lea, Karim, "congratulation", "2026-10-30", "16:30", "set").held("2026-10-30", Karim, said),
		talkWith(PastTalk, Lea, Karim, "ei2d", "2026-10-07", "10:00", "rhythm").held("2026-10-07", Karim, over),
		talkWith(event.ID("talk", Lea, "first"), Lea, Karim, "ei2d", "2026-09-09", "10:00", "first").held("2026-09-09", Lea, over),
		talkWith(StartedTalk, Cards[6].GetId(), Karim, "reframing", "2026-11-06", "17:00", "set"),
		talkWith(event.ID("talk", "said to Karim"), Cards[5].GetId(), Karim, "ei2d", "2026-11-02", "11:00", "rhythm").held("2026-11-02", Cards[5].GetId(), said),
	)
	past := all.Talk(PastTalk)
	past.Written("shared").Text = "Léa veut former les saisonniers.\nOn commence par le rayon montagne."
	past.Written("own/" + Lea).Text = "Penser à demander le planning de décembre."
	past.Texts["preparation/"+Lea] = &FakeText{Version: 3, SharedAt: "2026-10-06T08:00:00Z", Points: []*interviewsv1.Point{
		{Id: "p1", Kind: interviewsv1.Point_KIND_PLEASURE, Text: "La journée d'essai sur les chemins de <b>l'Erdre</b>.", Skill: "Conseil technique"},
		{Id: "p2", Kind: interviewsv1.Point_KIND_DISPLEASURE, Text: "Seule à la caisse deux samedis de suite."},
	}}
	past.Texts["preparation/"+Karim] = &FakeText{Version: 1, SharedAt: "2026-10-06T18:00:00Z", Points: []*interviewsv1.Point{
		{Id: "k1", Kind: interviewsv1.Point_KIND_PLEASURE, Text: "Les clients la demandent par son prénom."},
	}}
	all.Commitments = sampleCommitments()
	return all
}

func sampleCommitments() []*interviewsv1.Commitment {
	const open = interviewsv1.Commitment_STATE_OPEN
	made := func(id string, kind interviewsv1.Commitment_Kind, text, owner string) *interviewsv1.Commitment {
		return &interviewsv1.Commitment{
			Id: id, TalkId: PastTalk, Kind: kind, Text: text, OwnerId: owner, EmployeeId: Lea, State: open, MadeOn: "2026-10-07", Version: 1,
		}
	}
	promised := made(Promised, interviewsv1.Commitment_KIND_DECISION, "Afficher le planning trois semaines à l'avance.", Karim)
	promised.DueOn, promised.LateDays = "2026-10-31", 3
	skill := made(ToDevelop, interviewsv1.Commitment_KIND_SKILL, "Régler une fixation de ski : une demi-journée à l'atelier avec Driss.", Lea)
	skill.DueOn = "2026-11-20"
	asked := made(Asked, interviewsv1.Commitment_KIND_REQUEST, "Être prévenue la veille quand je change de rayon.", Karim)
	asked.LateDays = 27
	before := made(event.ID("commitment", "before"), interviewsv1.Commitment_KIND_DECISION, "Tenir le stand lors de la course de novembre.", Lea)
	before.HandedOver, before.MadeOn, before.DueOn = true, "2026-06-15", "2026-11-29"
	done := made(event.ID("commitment", "done"), interviewsv1.Commitment_KIND_DECISION, "Donner une clé du local vélo à Léa.", Karim)
	done.State, done.Outcome, done.SettledOn = interviewsv1.Commitment_STATE_DONE, "Remise le 15.", "2026-10-15"
	return []*interviewsv1.Commitment{promised, asked, skill, before, done}
}
