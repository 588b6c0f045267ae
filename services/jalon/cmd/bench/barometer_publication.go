package main

import (
	"context"
	"errors"

	"jalon.dev/services/barometer"
)

// publishedEach is how many people a store of the figures has, and storesInRegion how many stores a region.
const (
	publishedEach  = 67
	storesInRegion = 25
)

// published is a company of so many people who may vote, and of a store for each 67 of them: 100,000 are in 1,500 stores.
func published(people int) barometer.TrialCompany {
	return barometer.TrialCompany{Stores: people * 3 / 200, Each: publishedEach, Region: storesInRegion}
}

// publicationFigure measures the counting of the ballots of so many people, and everything until the results are kept.
func publicationFigure(ctx context.Context, people int) (_ figure, err error) {
	company := published(people)
	l, parts, err := loneBarometer(ctx, noon)
	if err != nil {
		return figure{}, err
	}
	defer func() { err = errors.Join(err, l.end()) }()
	trial, err := barometer.NewTrial(ctx, parts, company)
	if err != nil {
		return figure{}, err
	}
	all, err := trial.Publish(ctx)
	if err != nil {
		return figure{}, err
	}
	pass, bare, err := trial.Pass()
	if err != nil {
		return figure{}, err
	}
	return figure{Name: "publication", Value: milliseconds(pass), Unit: "ms", Detail: map[string]any{
		"stores": company.Stores, "eligible": company.Stores * company.Each, "everything_ms": milliseconds(all),
	}}.over(milliseconds(bare), "a bare columnar pass over the same ballots in memory"), nil
}
