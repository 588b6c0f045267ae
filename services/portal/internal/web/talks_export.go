package web

import (
	"encoding/json"
	"net/http"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// exportTalks is everything that is kept about the reader in talks: to be read, or with "file" to be taken along.
func (s *Site) exportTalks(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	all, err := s.Peers.Talks().ExportTalks(r.Context(), &interviewsv1.ExportTalksRequest{})
	if err != nil {
		return err
	}
	var appointments []*interviewsv1.Appointment
	ids := []string{v.session.PersonID}
	for _, talk := range all.GetTalks() {
		appointments = append(appointments, talk.GetAppointment())
		for _, text := range talk.GetTexts() {
			ids = append(ids, text.GetAuthorId())
		}
	}
	cards, err := s.cards(r.Context(), append(ids, peopleOf(appointments, all.GetCommitments())...)...)
	if err != nil {
		return err
	}
	see := seer{words: v.frame().Words, me: v.session.PersonID, cards: cards}
	view := see.export(all)
	if !r.URL.Query().Has("file") {
		return s.show(w, r, page.TalksExported(view))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="jalon-talks.json"`)
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(fileOf(view))
}

func (v seer) export(all *interviewsv1.ExportTalksResponse) page.TalksExport {
	view := page.TalksExport{}
	for _, talk := range all.GetTalks() {
		exported := page.ExportedTalk{Appointment: v.appointment(talk.GetAppointment())}
		for _, text := range talk.GetTexts() {
			exported.Texts = append(exported.Texts, page.ExportedText{
				Part: partName(v.words, text.GetPart()), Author: personOf(v.cards, text.GetAuthorId()).Name, Text: text.GetText(),
			})
		}
		view.Talks = append(view.Talks, exported)
	}
	for _, c := range all.GetCommitments() {
		view.Commitments = append(view.Commitments, v.commitment(c))
	}
	return view
}

func partName(words *i18n.Words, part string) string { return words.Or("talk_part."+part, part) }

// The file's fields are read by programs: their names are the same in every language.
type (
	exportFile struct {
		Talks       []exportedTalk       `json:"talks"`
		Commitments []exportedCommitment `json:"commitments"`
	}
	exportedTalk struct {
		Kind      string         `json:"kind"`
		With      string         `json:"with,omitempty"`
		PlannedOn string         `json:"planned_on"`
		HeldOn    string         `json:"held_on,omitempty"`
		Texts     []exportedText `json:"texts"`
	}
	exportedText struct {
		Part   string `json:"part"`
		Author string `json:"author,omitempty"`
		Text   string `json:"text"`
	}
	exportedCommitment struct {
		Kind      string `json:"kind"`
		Text      string `json:"text"`
		Owner     string `json:"owner"`
		MadeOn    string `json:"made_on"`
		DueOn     string `json:"due_on,omitempty"`
		State     string `json:"state"`
		SettledOn string `json:"settled_on,omitempty"`
		Answer    string `json:"answer,omitempty"`
		Outcome   string `json:"outcome,omitempty"`
	}
)

func fileOf(view page.TalksExport) exportFile {
	file := exportFile{Talks: []exportedTalk{}, Commitments: []exportedCommitment{}}
	for _, talk := range view.Talks {
		out := exportedTalk{Kind: talk.Kind, With: talk.Other.Name, PlannedOn: talk.On, HeldOn: talk.HeldOn, Texts: []exportedText{}}
		for _, text := range talk.Texts {
			out.Texts = append(out.Texts, exportedText(text))
		}
		file.Talks = append(file.Talks, out)
	}
	for _, c := range view.Commitments {
		file.Commitments = append(file.Commitments, exportedCommitment{
			Kind: string(c.Kind), Text: c.Text, Owner: c.First, MadeOn: c.MadeOn, DueOn: c.DueOn, State: string(c.State), SettledOn: c.SettledOn,
			Answer: c.Answer, Outcome: c.Outcome,
		})
	}
	return file
}
