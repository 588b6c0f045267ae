package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/services/moments"
	"jalon.dev/services/notifications"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

const (
	handedOff       = 100_000
	handoffLines    = 4
	promptsAnEvent  = 1000
	handoffPatience = 10 * time.Minute
)

// emailHandoff measures how fast the mails about 100,000 shown prompts are noted, addressed, rendered and handed to a mail
// server on this machine, from the events to the last outcome written.
func emailHandoff(ctx context.Context) (_ []figure, err error) {
	sink, err := openSink(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, sink.close()) }()
	rule := moments.Rule{Code: "day_30", OffsetDays: 30, GraceDays: 5, AnswerDays: 14, Questionnaire: "onboarding_day_1.v1"}
	w, err := open(ctx, "onboarding", rule, func(cfg *notifications.Config) {
		cfg.Mail = notifications.MailConfig{
			URL: "smtp://" + sink.address(), From: "Jalon <jalon@example.com>", Home: "https://jalon.example.com", Connections: handoffLines,
		}
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	if err := w.importMailboxes(ctx, handedOff); err != nil {
		return nil, err
	}
	people, err := w.everybody(ctx)
	if err != nil {
		return nil, err
	}
	events, err := shownTo(ctx, w.clock.Now(), people)
	if err != nil {
		return nil, err
	}
	runtime.GC()

	memory := watchMemory()
	begin := time.Now()
	if err := w.Bus().PublishEvents(ctx, events); err != nil {
		return nil, err
	}
	tenth, err := sink.wait(ctx, handedOff/10, memory)
	if err != nil {
		return nil, err
	}
	if _, err := sink.wait(ctx, handedOff, memory); err != nil {
		return nil, err
	}
	if err := w.Settle(ctx); err != nil {
		return nil, err
	}
	rate := handedOff / time.Since(begin).Seconds()
	whole := memory.stop()
	counted, doubled := sink.counted()

	limit, err := bareHandoff(ctx, sink)
	if err != nil {
		return nil, err
	}
	f := figure{Name: "email_handoff", Value: rate, Unit: "mails/s", Detail: map[string]any{
		"mails": handedOff, "lost": handedOff - counted, "doubled": doubled, "connections": handoffLines,
		"bytes_a_mail": sink.size(), "heap_peak_mib_first_tenth": tenth, "heap_peak_mib": whole,
	}}.over(limit, "net/smtp sending the same bytes (1,000 of the mails in turn) over as many connections to the same sink, which it asks one command at a time")
	return []figure{f}, nil
}

func (w *world) importMailboxes(ctx context.Context, n int) error {
	today := clock.DateOf(noon, time.UTC)
	var file bytes.Buffer
	file.WriteString("Matricule;Nom;Prénom;E-mail professionnel;Établissement;Service;Intitulé du poste;Type de contrat;Date d'entrée;Date de sortie;Langue\n")
	for i := range n {
		fmt.Fprintf(&file, "%07d;Nom%d;Prénom%d;p%d@example.com;Magasin %d;Service %d;Vendeur;CDI;2020-01-06;;%s\n",
			i+1, i, i, i, i/50, i%5, []string{"fr", "en"}[i%2])
	}
	answer, err := w.Peers().Directory().ImportPeople(identity.AsOperator(ctx),
		&directoryv1.ImportPeopleRequest{File: file.Bytes(), AsOf: today.String()})
	if err != nil {
		return fmt.Errorf("importing %d mailboxes: %w", n, err)
	}
	if report := answer.GetReport(); report.GetOutcome() != directoryv1.ImportReport_OUTCOME_APPLIED {
		return fmt.Errorf("importing %d mailboxes: refused, %v", n, report.GetRefusal())
	}
	return w.Settle(ctx)
}

// everybody returns the ids of all people, in the way that is made for many.
func (w *world) everybody(ctx context.Context) ([]string, error) {
	ctx = identity.AsService(ctx, "notifications")
	var ids []string
	for token := ""; ; {
		page, err := w.Peers().Directory().Snapshot(ctx, &directoryv1.SnapshotRequest{PageSize: 1000, PageToken: token})
		if err != nil {
			return nil, fmt.Errorf("paging through people: %w", err)
		}
		for _, p := range page.GetPeople() {
			ids = append(ids, p.GetId())
		}
		if token = page.GetNextPageToken(); token == "" {
			return ids, nil
		}
	}
}

// shownTo are the events about one prompt for each person.
func shownTo(ctx context.Context, at time.Time, people []string) ([]event.Event, error) {
	var events []event.Event
	for some := range slices.Chunk(people, promptsAnEvent) {
		msg := &notificationsv1.PromptsShown{}
		for _, id := range some {
			msg.Prompts = append(msg.Prompts, &notificationsv1.Prompt{
				InvitationId: event.ID("bench", id), PersonId: id, KeyMoment: "onboarding", FollowUp: "day_30",
				ShownAt: at.Format(time.RFC3339),
			})
		}
		ev, err := event.New(ctx, "notifications", "", at, msg)
		if err != nil {
			return nil, err
		}
		events = append(events, ev)
	}
	return events, nil
}

// bareHandoff is the rate of a client that renders and remembers nothing.
func bareHandoff(ctx context.Context, sink *sink) (float64, error) {
	mails := sink.sampled()
	if len(mails) == 0 {
		return 0, errors.New("no mail was kept for the bare client")
	}
	clients := make([]*smtp.Client, handoffLines)
	for i := range clients {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", sink.address())
		if err != nil {
			return 0, err
		}
		if clients[i], err = smtp.NewClient(conn, "localhost"); err != nil {
			return 0, err
		}
		if err := clients[i].Hello("localhost"); err != nil {
			return 0, err
		}
	}
	begin := time.Now()
	var group errgroup.Group
	for part, client := range clients {
		group.Go(func() error {
			for i := part; i < handedOff; i += handoffLines {
				if err := handOff(client, fmt.Sprintf("p%d@example.com", i), mails[i%len(mails)]); err != nil {
					return fmt.Errorf("handing mail %d over: %w", i, err)
				}
			}
			return client.Quit()
		})
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	return handedOff / time.Since(begin).Seconds(), nil
}

func handOff(client *smtp.Client, to string, content []byte) error {
	if err := client.Mail("jalon@example.com"); err != nil {
		return err
	}
	if err := client.Rcpt(to); err != nil {
		return err
	}
	data, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := data.Write(content); err != nil {
		return err
	}
	return data.Close()
}
