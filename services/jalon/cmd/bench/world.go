package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/logging"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/jalon/internal/standalone"
	"jalon.dev/services/moments"
	"jalon.dev/services/notifications"
)

// world is a whole Jalon in this process, over the real engine in a child process and a real NATS server, with its pages
// on loopback.
type world struct {
	*standalone.Jalon
	clock *clock.Movable
	url   string
	end   func() error
}

// noon is when measurements begin: a working day.
var noon = time.Date(2026, 3, 3, 11, 0, 0, 0, time.UTC)

// open starts a Jalon whose gate is open and whose only follow-up is the rule.
func open(ctx context.Context, keyMoment string, rule moments.Rule, change ...func(*notifications.Config)) (*world, error) {
	dir, err := os.MkdirTemp("", "jalon-bench-")
	if err != nil {
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	w := &world{clock: clock.NewMovable(noon), url: "http://" + address}
	settings := standalone.Settings{
		Address: address, Data: dir, MongoDB: os.Getenv("MONGODB_URI"), NATS: os.Getenv("NATS_URL"),
		Log: logging.Config{Level: "error"},
	}
	chosen := notifications.Config{Rules: notifications.NoRules()}
	for _, f := range change {
		f(&chosen)
	}
	w.Jalon, err = standalone.Build(ctx, settings, standalone.Options{
		NewIs: standalone.Live, Clock: w.clock, Out: os.Stderr,
		Moments:       moments.Config{Catalogue: moments.Catalogue{{Code: keyMoment, FollowUps: []moments.Rule{rule}}}},
		Notifications: &chosen,
	})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(serving) }()
	w.end = func() error {
		stop()
		return errors.Join(<-ended, os.RemoveAll(dir))
	}
	if err := w.Settle(ctx); err != nil {
		return nil, errors.Join(err, w.end())
	}
	return w, nil
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// fileRows is how many people a file holds: a million are more than one request may carry.
const fileRows = 100_000

// importPeople imports n people who all started on the day.
func (w *world) importPeople(ctx context.Context, n int, hired, asOf clock.Date) error {
	for from := 0; from < n; from += fileRows {
		if err := w.importFile(ctx, from, min(n, from+fileRows), hired, asOf); err != nil {
			return fmt.Errorf("importing %d people: %w", n, err)
		}
	}
	return w.Settle(ctx)
}

func (w *world) importFile(ctx context.Context, from, to int, hired, asOf clock.Date) error {
	var file bytes.Buffer
	file.WriteString("Matricule;Nom;Prénom;Matricule du manager;Établissement;Service;Intitulé du poste;Type de contrat;Date d'entrée;Date de sortie;Langue\n")
	for i := from; i < to; i++ {
		fmt.Fprintf(&file, "%07d;Nom%d;Prénom%d;;Magasin %d;Service %d;Vendeur;CDI;%s;;fr\n", i+1, i, i, i/50, i%5, hired)
	}
	response, err := w.Peers().Directory().ImportPeople(identity.AsOperator(ctx), &directoryv1.ImportPeopleRequest{
		File: file.Bytes(), AsOf: asOf.String(),
	})
	if err != nil {
		return err
	}
	if report := response.GetReport(); report.GetOutcome() != directoryv1.ImportReport_OUTCOME_APPLIED {
		return fmt.Errorf("refused, %v %v", report.GetRefusal(), report.GetProblems())
	}
	return nil
}

// people returns the ids and numbers of everybody.
func (w *world) people(ctx context.Context) ([]*directoryv1.PersonCard, error) {
	ctx = identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	var all []*directoryv1.PersonCard
	for token := ""; ; {
		page, err := w.Peers().Directory().ListPeople(ctx, &directoryv1.ListPeopleRequest{PageSize: 1000, PageToken: token})
		if err != nil {
			return nil, fmt.Errorf("listing people: %w", err)
		}
		all = append(all, page.GetPeople()...)
		if token = page.GetNextPageToken(); token == "" {
			return all, nil
		}
	}
}

// percentile is the value below which the share p of the sorted times lies, in milliseconds.
func percentile(times []time.Duration, p float64) float64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return milliseconds(sorted[min(len(sorted)-1, int(p*float64(len(sorted))))])
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
