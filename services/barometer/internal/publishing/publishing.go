// Package publishing turns the ballots of an edition that was closed into what is shown of it, and compares it with the one before.
package publishing

import (
	"context"
	"fmt"

	"jalon.dev/pkg/people"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/publication"
	"jalon.dev/services/barometer/internal/questionnaire"
	"jalon.dev/services/barometer/internal/spool"
)

// Publisher computes and keeps results.
type Publisher struct {
	Editions *mongostore.Editions
	Cells    *mongostore.Cells
	Spool    *spool.Spool
	Results  *mongostore.Results
}

// Publish computes the results of an edition and keeps them. It may be redone until the edition says that it is published.
func (p Publisher) Publish(ctx context.Context, e edition.Edition) (News, error) {
	cells, err := p.released(ctx, e.ID)
	if err != nil {
		return News{}, err
	}
	q := questionnaire.Standard()
	published, err := publication.Compute(q, cells, publication.Thresholds{Scores: e.ScoresFrom, Details: e.DetailsFrom})
	if err != nil {
		return News{}, fmt.Errorf("computing the results of edition %s: %w", e.ID, err)
	}
	units, err := p.Editions.Units(ctx, e.ID)
	if err != nil {
		return News{}, err
	}
	results := resultsOf(e.ID, published, units)
	before, err := p.before(ctx, e)
	if err != nil {
		return News{}, err
	}
	if err := compare(results, before); err != nil {
		return News{}, err
	}
	if err := place(results); err != nil {
		return News{}, err
	}
	if err := p.Results.Replace(ctx, e.ID, results, published.CountedWith, published.Comments); err != nil {
		return News{}, err
	}
	return newsOf(results, q), nil
}

// released is what was let in of every cell of the edition.
func (p Publisher) released(ctx context.Context, editionID string) ([]publication.Cell, error) {
	frozen, err := p.Cells.List(ctx, editionID)
	if err != nil {
		return nil, err
	}
	ballots, err := p.Spool.Read(ctx, editionID)
	if err != nil {
		return nil, err
	}
	cells := make([]publication.Cell, 0, len(frozen)+1)
	add := func(unit string, path []string, eligible int) {
		cells = append(cells, publication.Cell{
			UnitID: unit, Path: path, Eligible: eligible, Ballots: ballots[unit].Answers, Comments: ballots[unit].Comments,
		})
		delete(ballots, unit)
	}
	for _, c := range frozen {
		add(c.UnitID, c.Path, c.Eligible)
	}
	for company := range ballots { // of cells that were too small, where the company had none
		add(company, []string{company}, 0)
	}
	return cells, nil
}

func resultsOf(editionID string, published publication.Publication, units []people.Unit) []mongostore.Result {
	named := make(map[string]people.Unit, len(units))
	for _, u := range units {
		named[u.ID] = u
	}
	below := map[string]int{}
	results := make([]mongostore.Result, len(published.Groups))
	for i, g := range published.Groups {
		r := mongostore.Result{
			ID: mongostore.ResultID(editionID, g.UnitID, g.Rest), EditionID: editionID, Name: named[g.UnitID].Name, Kind: named[g.UnitID].Kind, Group: g,
		}
		switch {
		case g.Rest:
			r.Parent = g.UnitID
		case len(g.Path) > 1:
			r.Parent = g.Path[len(g.Path)-2]
		}
		below[r.Parent]++
		results[i] = r
	}
	for i, r := range results {
		if !r.Rest {
			results[i].Below = below[r.UnitID]
		}
	}
	return results
}

// before are the results of the last edition that asked the same, by id without the edition.
func (p Publisher) before(ctx context.Context, e edition.Edition) (map[string]mongostore.Result, error) {
	over, err := p.Editions.In(ctx, edition.Published)
	if err != nil {
		return nil, err
	}
	for _, earlier := range over { // the newest first
		if earlier.ID == e.ID || earlier.Questionnaire != e.Questionnaire {
			continue
		}
		all, err := p.Results.All(ctx, earlier.ID)
		if err != nil {
			return nil, err
		}
		byUnit := make(map[string]mongostore.Result, len(all))
		for _, r := range all {
			byUnit[mongostore.ResultID("", r.UnitID, r.Rest)] = r
		}
		return byUnit, nil
	}
	return nil, nil
}
