package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"jalon.dev/pkg/service"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/barometer"
	"jalon.dev/services/moments"
)

const (
	publishedPeople = 100_000
	resultLooks     = 200
)

// heatmapPage measures what a browser waits for that opens the results of the company: over HTTP, with a session, of 100,000 people in
// 1,500 stores, which lie in 60 regions or all right below the company.
func heatmapPage(ctx context.Context) ([]figure, error) {
	return inBoth(ctx, "heatmap_page", []string{"?unit=company"}, []string{"?unit=company", "?unit=company&theme=theme5", "?unit=company&q=0149"})
}

// unitPage measures the same of a store.
func unitPage(ctx context.Context) ([]figure, error) {
	return inBoth(ctx, "unit_page", []string{"?unit=store-00042"}, []string{"?unit=store-00042"})
}

func inBoth(ctx context.Context, name string, inRegions, belowOne []string) ([]figure, error) {
	regions, one := published(publishedPeople), published(publishedPeople)
	one.Region = 0
	figures, err := pagesOf(ctx, name, "60 regions", regions, inRegions)
	if err != nil {
		return nil, err
	}
	more, err := pagesOf(ctx, name, "1,500 stores below one", one, belowOne)
	return append(figures, more...), err
}

func pagesOf(ctx context.Context, name, is string, company barometer.TrialCompany, pages []string) (figures []figure, err error) {
	w, err := open(ctx, "onboarding", moments.Rule{Code: "day_1", OffsetDays: 1, GraceDays: 5, AnswerDays: 14, Questionnaire: "onboarding_day_1.v1"})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	trial, err := barometer.NewTrial(ctx, service.Parts{DB: w.Mongo().Database("jalon_barometer")}, company)
	if err != nil {
		return nil, err
	}
	if _, err := trial.Publish(ctx); err != nil {
		return nil, err
	}
	hr, err := w.signInHR(ctx)
	if err != nil {
		return nil, err
	}
	for _, page := range pages {
		f, err := w.look(ctx, hr, "/barometer/results"+page)
		if err != nil {
			return nil, err
		}
		f.Name, f.Detail["company"] = name, is
		figures = append(figures, f)
	}
	return figures, nil
}

// look asks for a page again and again on one connection.
func (w *world) look(ctx context.Context, as visitor, page string) (_ figure, err error) {
	var browser line
	defer func() { err = errors.Join(err, browser.Close()) }()
	var took []time.Duration
	size := 0
	for range resultLooks {
		began := time.Now()
		response, read, err := browser.get(ctx, w.url+page, as.cookie) //nolint:bodyclose // get closed it
		if err != nil {
			return figure{}, err
		}
		if response.StatusCode != http.StatusOK {
			return figure{}, fmt.Errorf("%s answered %s", page, response.Status)
		}
		took, size = append(took, time.Since(began)), read
	}
	return figure{Value: percentile(took, 0.95), Unit: "ms, p95", Detail: map[string]any{
		"page": page, "p50": percentile(took, 0.5), "looks": resultLooks, "bytes": size,
	}}, nil
}

// signInHR signs somebody in who reads everything.
func (w *world) signInHR(ctx context.Context) (visitor, error) {
	operator := portalv1connect.NewOperatorServiceClient(&http.Client{Transport: authorized{w.OperatorKey()}}, w.url)
	link, err := operator.CreateSignInLink(ctx, &portalv1.CreateSignInLinkRequest{Name: "Bench", Roles: []string{"hr"}})
	if err != nil {
		return visitor{}, fmt.Errorf("making a sign-in link: %w", err)
	}
	return w.follow(ctx, "", link.GetPath())
}
