package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

const (
	watchedPeople = 100_000
	// watchedEvery is how long the page of a campaign waits before it looks again.
	watchedEvery = time.Second
	// agedEvery is how often it is asked how old what is on screen is.
	agedEvery = 10 * time.Millisecond
)

// moment is when a number of people became true, or was shown on screen.
type moment struct {
	at     time.Time
	people int
}

// campaignProgressAge measures how long what HR sees of a running campaign has not been true any more: since when more prompts than the
// page says were shown to people, from the launch to the last one.
func campaignProgressAge(ctx context.Context) (_ []figure, err error) {
	w, err := openCampaigns(ctx, watchedPeople)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	hr, err := w.signInHR(ctx)
	if err != nil {
		return nil, err
	}
	var truth, screen []moment
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watching, ctx := errgroup.WithContext(ctx)
	watching.Go(func() (err error) { truth, err = w.shownLive(ctx, watchedPeople); return err })
	id, err := w.launch(ctx, 14)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	watching.Go(func() (err error) {
		screen, err = w.watch(ctx, hr, "/hr/campaigns/"+id+"/figures", watchedPeople)
		return err
	})
	if err := watching.Wait(); err != nil {
		return nil, err
	}
	var ages []time.Duration
	end := screen[len(screen)-1].at
	for at := begin; at.Before(end); at = at.Add(agedEvery) {
		ages = append(ages, at.Sub(outdatedSince(at, truth, screen)))
	}
	return []figure{{Name: "campaign_progress_age", Value: percentile(ages, 0.99) / 1000, Unit: "s", Detail: map[string]any{
		"people": watchedPeople, "p50": percentile(ages, 0.5) / 1000, "max": percentile(ages, 1) / 1000,
		"looks": len(screen), "run_s": end.Sub(begin).Seconds(),
	}}}, nil
}

// outdatedSince is since when more is true than was on screen at an instant: the instant itself where nothing is.
func outdatedSince(at time.Time, truth, screen []moment) time.Time {
	seen := 0
	for _, s := range screen {
		if s.at.After(at) {
			break
		}
		seen = s.people
	}
	for _, t := range truth {
		if t.at.After(at) {
			break
		}
		if t.people > seen {
			return t.at
		}
	}
	return at
}

// shownLive hears of prompts as they are shown, until so many were.
func (w *world) shownLive(ctx context.Context, people int) (truth []moment, err error) {
	ctx, cancel := context.WithTimeout(ctx, handoffPatience)
	defer cancel()
	seen := map[string]bool{}
	var bad error
	err = w.Bus().Broadcast(ctx, []string{"jalon.notifications.v1.PromptsShown"}, func(ev event.Event, _ bus.Place) {
		var msg notificationsv1.PromptsShown
		if bad = proto.Unmarshal(ev.Data, &msg); bad != nil {
			cancel()
			return
		}
		for _, p := range msg.GetPrompts() {
			seen[p.GetInvitationId()] = true
		}
		truth = append(truth, moment{time.Now(), len(seen)})
		if len(seen) >= people {
			cancel()
		}
	})
	if bad != nil || len(seen) < people {
		return nil, fmt.Errorf("%d of %d prompts were shown: %w", len(seen), people, errors.Join(bad, err, ctx.Err()))
	}
	return truth, nil
}

// firstFigure finds how many people a campaign reached on its page.
var firstFigure = regexp.MustCompile(`<dd class="figure">\s*([^<]+?)\s*</dd>`)

// watch looks at a page as a browser that has it open does, until it says so many people.
func (w *world) watch(ctx context.Context, as visitor, page string, people int) (screen []moment, err error) {
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+page, nil)
		if err != nil {
			return nil, err
		}
		request.AddCookie(as.cookie)
		response, err := browser.Do(request)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			return nil, err
		}
		now := moment{at: time.Now()}
		if found := firstFigure.FindSubmatch(body); found != nil {
			digits := strings.Map(func(r rune) rune {
				if r < '0' || r > '9' {
					return -1
				}
				return r
			}, string(found[1]))
			if now.people, err = strconv.Atoi(digits); err != nil {
				return nil, fmt.Errorf("the page says %q people", found[1])
			}
		}
		if screen = append(screen, now); now.people >= people {
			return screen, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(watchedEvery):
		}
	}
}
