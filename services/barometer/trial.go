package barometer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/publication"
	"jalon.dev/services/barometer/internal/publishing"
	"jalon.dev/services/barometer/internal/questionnaire"
	"jalon.dev/services/barometer/internal/spool"
)

// TrialCompany is who votes in a trial.
type TrialCompany struct {
	Stores int
	// Each is how many people a store has.
	Each int
	// Region is how many stores a region has; 0 puts all stores right below the company.
	Region int
}

// path leads from the company down to the nth store.
func (c TrialCompany) path(n int) []string {
	store := fmt.Sprintf("store-%05d", n)
	if c.Region == 0 {
		return []string{"company", store}
	}
	return []string{"company", fmt.Sprintf("region-%03d", n/c.Region), store}
}

// Trial is a company whose ballots lie there already, for measurements: two editions of as many stores and people as one likes.
type Trial struct {
	publisher publishing.Publisher
	editions  []edition.Edition
	cells     []publication.Cell
}

// NewTrial writes the ballots of two editions into the service's database: of each store four in five people.
func NewTrial(ctx context.Context, parts service.Parts, company TrialCompany) (*Trial, error) {
	ballots := spool.New(parts.DB, vault.New(parts.DB, vault.Masters{}))
	t := &Trial{publisher: publishing.Publisher{
		Editions: mongostore.NewEditions(parts.DB), Cells: mongostore.NewCells(parts.DB), Spool: ballots, Results: mongostore.NewResults(parts.DB),
	}}
	random := rand.New(rand.NewPCG(1, uint64(company.Stores)))
	for year := 2025; year <= 2026; year++ {
		opens := clock.Date{Year: year, Month: time.June, Day: 2}
		e, err := edition.New(uuid.NewString(), defaultZone, edition.Choices{Name: fmt.Sprint(year), OpensOn: opens, ClosesOn: opens.AddDays(20)})
		if err != nil {
			return nil, err
		}
		e.State = edition.Counting
		if err := t.fill(ctx, e, random, company); err != nil {
			return nil, err
		}
		t.editions = append(t.editions, e)
	}
	return t, nil
}

func (t *Trial) fill(ctx context.Context, e edition.Edition, random *rand.Rand, company TrialCompany) error {
	if err := t.publisher.Editions.Insert(ctx, e); err != nil {
		return err
	}
	units := []people.Unit{{ID: "company", Name: "Company", Kind: "company"}}
	var cells []mongostore.Cell
	t.cells = nil
	for i := range company.Stores {
		path := company.path(i)
		store, above := path[len(path)-1], path[len(path)-2]
		if company.Region > 0 && i%company.Region == 0 {
			units = append(units, people.Unit{ID: above, Name: above, Kind: "region", ParentID: "company"})
		}
		units = append(units, people.Unit{ID: store, Name: store, Kind: "store", ParentID: above})
		cells = append(cells, mongostore.Cell{
			ID: mongostore.CellID(e.ID, store), EditionID: e.ID, UnitID: store, Name: store, Path: path, Eligible: company.Each,
		})
		voted := invented(random, company.Each*4/5)
		if err := t.publisher.Spool.Put(ctx, uuid.NewString(), e.ID, store, voted, nil); err != nil {
			return err
		}
		t.cells = append(t.cells, publication.Cell{UnitID: store, Path: path, Eligible: company.Each, Ballots: ballot.Pack(voted)})
	}
	if err := t.publisher.Cells.Insert(ctx, cells); err != nil {
		return err
	}
	return t.publisher.Editions.KeepUnits(ctx, e.ID, units)
}

func invented(random *rand.Rand, n int) []ballot.Ballot {
	voted := make([]ballot.Ballot, n)
	for v := range voted {
		for q := range ballot.Answers {
			voted[v][q] = byte(1 + random.IntN(questionnaire.Points))
		}
		voted[v][ballot.Answers] = byte(random.IntN(questionnaire.Recommendation + 1))
	}
	return voted
}

// Publish reads, computes, compares and keeps the results of both editions, and returns how long the second took.
func (t *Trial) Publish(ctx context.Context) (time.Duration, error) {
	var took time.Duration
	for _, e := range t.editions {
		began := time.Now()
		if _, err := t.publisher.Publish(ctx, e); err != nil {
			return 0, err
		}
		took = time.Since(began)
		e.State = edition.Published
		if err := t.publisher.Editions.Save(ctx, &e); err != nil {
			return 0, err
		}
	}
	return took, nil
}

// Pass counts the ballots of an edition in memory, and returns how long that took beside a bare pass over the same bytes.
func (t *Trial) Pass() (took, bare time.Duration, err error) {
	began := time.Now()
	if err := publication.Count(t.cells); err != nil {
		return 0, 0, err
	}
	took = time.Since(began)
	began = time.Now()
	for _, c := range t.cells {
		var counts [ballot.Size][questionnaire.Recommendation + 1]int
		for at := 0; at < len(c.Ballots); at += ballot.Size {
			for q, answer := range c.Ballots[at : at+ballot.Size] {
				counts[q][answer]++
			}
		}
	}
	return took, time.Since(began), nil
}
