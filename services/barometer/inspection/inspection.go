// Package inspection looks at what lies in the barometer's database, and compares it with what docs/barometer.md promises. A works
// council, or somebody on its behalf, runs it beside a running Jalon.
//
// The names of collections and fields are written out in layout.go, and not taken from the code that stores: a program that begins to
// store something else is to be noticed here, not followed.
package inspection

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/services/barometer/internal/questionnaire"
)

// Promise is something that a works council can count on.
type Promise string

// The promises, in the order in which they are told.
const (
	// Collections: there is nothing in the database but what is documented, and nobody records what it is asked.
	Collections Promise = "collections"
	// Fields: what is stored of ballots, tokens and results has the documented fields, of the documented kinds, and no others.
	Fields Promise = "fields"
	// Nobody: nothing in it names a person or an address.
	Nobody Promise = "nobody"
	// NoTime: nothing in it tells when, be it by an id.
	NoTime Promise = "no_time"
	// Order: who took a token lies among all others where the launch put them.
	Order Promise = "order"
	// Sealed: a ballot that waits can be read nowhere.
	Sealed Promise = "sealed"
	// Mixed: ballots are released in batches that hide them, and of a closed edition in one to a cell.
	Mixed Promise = "mixed"
	// Numbers: no more ballots than tokens, and none counted twice.
	Numbers Promise = "numbers"
	// Cells: each cell has one key, and enough people.
	Cells Promise = "cells"
	// Forgotten: of a closed edition there are no keys and no hashes of tokens left.
	Forgotten Promise = "forgotten"
)

// Promises are all that Look looks at.
var Promises = []Promise{Collections, Fields, Nobody, NoTime, Order, Sealed, Mixed, Numbers, Cells, Forgotten}

// Breach is where a promise is not kept. It names no person and no number of a cell.
type Breach struct {
	// What is the kind of the breach: see the constants.
	What string `json:"what"`
	// Collection and Field say where; Edition is the name of the edition.
	Collection string `json:"collection,omitempty"`
	Field      string `json:"field,omitempty"`
	Edition    string `json:"edition,omitempty"`
	// Documents is in how many documents it was found; 0 where that says nothing.
	Documents int `json:"documents,omitempty"`
}

// Finding is what was seen of a promise: it is kept where nothing was.
type Finding struct {
	Promise  Promise  `json:"promise"`
	Kept     bool     `json:"kept"`
	Breaches []Breach `json:"breaches,omitempty"`
}

// Report is what was seen of all promises, and of how much.
type Report struct {
	Findings []Finding `json:"findings"`
	// Editions and Documents are how many were looked at.
	Editions  int `json:"editions"`
	Documents int `json:"documents"`
	// Moving says that an edition opened, closed or was being counted: its numbers can be compared when that is over.
	Moving bool `json:"moving,omitempty"`
}

// Kept says that all promises are.
func (r Report) Kept() bool {
	return !slices.ContainsFunc(r.Findings, func(f Finding) bool { return !f.Kept })
}

// Look looks at everything in the barometer's database. It reads, and changes nothing.
func Look(ctx context.Context, db *mongo.Database) (Report, error) {
	l := look{db: db, breaches: map[Promise]map[Breach]int{}, editions: map[string]*edition{}, people: map[string]bool{}, units: map[string]bool{}}
	for _, step := range []func(context.Context) error{
		l.readEditions, l.readPeople, l.readUnits, l.readCollections, l.readDocuments, l.rereadEditions,
	} {
		if err := step(ctx); err != nil {
			return Report{}, err
		}
	}
	l.compareNumbers()
	return l.report(), nil
}

// Questionnaire is the fingerprint of the questions that this program asks.
func Questionnaire() string { return questionnaire.Standard().Fingerprint() }

// look is what was seen so far.
type look struct {
	db        *mongo.Database
	editions  map[string]*edition
	people    map[string]bool
	units     map[string]bool
	documents int
	breaches  map[Promise]map[Breach]int
}

// breach notes that a promise is not kept, once more in one document.
func (l *look) breach(promise Promise, b Breach) {
	if l.breaches[promise] == nil {
		l.breaches[promise] = map[Breach]int{}
	}
	l.breaches[promise][b]++
}

func (l *look) report() Report {
	r := Report{Editions: len(l.editions), Documents: l.documents}
	for _, promise := range Promises {
		f := Finding{Promise: promise, Kept: len(l.breaches[promise]) == 0}
		for b, n := range l.breaches[promise] {
			if b.Collection != "" {
				b.Documents = n
			}
			f.Breaches = append(f.Breaches, b)
		}
		slices.SortFunc(f.Breaches, func(x, y Breach) int { return strings.Compare(fmt.Sprint(x), fmt.Sprint(y)) })
		r.Findings = append(r.Findings, f)
	}
	for _, e := range l.editions {
		r.Moving = r.Moving || e.moving()
	}
	return r
}

// each reads a collection in the order in which it lies there.
func (l *look) each(ctx context.Context, collection string, do func(bson.Raw) error) error {
	cursor, err := l.db.Collection(collection).Find(ctx, bson.D{})
	if err != nil {
		return fmt.Errorf("reading %s: %w", collection, err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		l.documents++
		if err := do(cursor.Current); err != nil {
			return fmt.Errorf("reading %s: %w", collection, err)
		}
	}
	if err := cursor.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", collection, err)
	}
	return nil
}
