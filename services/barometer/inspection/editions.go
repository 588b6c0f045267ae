package inspection

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/services/barometer/internal/ballot"
	states "jalon.dev/services/barometer/internal/edition"
)

const (
	// smallestBatch is what ballots are hidden among while an edition runs.
	smallestBatch = 10
	// smallestCell is how many people a cell has.
	smallestCell = 10
	// smallestSheet is how many printed cards one draws from.
	smallestSheet = 10
)

// edition is what was counted of an edition.
type edition struct {
	name          string
	state, before states.State
	eligible      int
	// electors are how many there are still, and issued how many of them took a token or may have a card. last is the one that was read last.
	electors, issued int
	last             string
	// spent are the hashes of tokens that were used.
	spent int
	// batches are how many ballots each batch has, by cell.
	batches map[string][]int
	// published is how many ballots the results say that there were in the company; -1 where they say nothing of it.
	published int
	keys      map[string]bool
}

func (e *edition) open() bool { return e.state == states.Open && e.before == states.Open }

func (e *edition) closed() bool { return e.before == states.Published }

// moving says that the edition goes from one state to the next right now, and its numbers with it.
func (e *edition) moving() bool {
	return e.state != e.before || e.state == states.Counting
}

func (l *look) readEditions(ctx context.Context) error {
	return l.eachEdition(ctx, func(id, name string, state states.State, eligible int) {
		l.editions[id] = &edition{
			name: name, before: state, eligible: eligible, batches: map[string][]int{}, published: -1, keys: map[string]bool{},
		}
	})
}

// rereadEditions learns whether an edition opened or closed meanwhile.
func (l *look) rereadEditions(ctx context.Context) error {
	return l.eachEdition(ctx, func(id, _ string, state states.State, _ int) {
		if e := l.editions[id]; e != nil {
			e.state = state
		}
	})
}

func (l *look) eachEdition(ctx context.Context, do func(id, name string, state states.State, eligible int)) error {
	return l.each(ctx, "editions", func(doc bson.Raw) error {
		id, _ := doc.Lookup("_id").StringValueOK()
		name, _ := doc.Lookup("name").StringValueOK()
		state, _ := doc.Lookup("state").StringValueOK()
		eligible, _ := doc.Lookup("eligible").AsInt64OK()
		do(id, name, states.State(state), int(eligible))
		return nil
	})
}

// tally counts a document of an edition.
func (l *look) tally(collection string, doc bson.Raw) error {
	id, _ := doc.Lookup("edition").StringValueOK()
	if collection == "keys" {
		name, _ := doc.Lookup("_id").StringValueOK()
		_, id, _ = strings.Cut(name, "/")
	}
	e := l.editions[id]
	if e == nil {
		return nil // told as a value of another shape
	}
	switch collection {
	case "ballots":
		l.tallyBatch(e, doc)
	case "spool":
		l.tallySpent(e)
	case "electors":
		l.tallyElector(e, doc)
	case "sheets":
		l.tallySheet(e, doc)
	case "cells":
		l.tallyCell(e, doc)
	case "keys":
		if e.closed() {
			l.breach(Forgotten, Breach{What: KeyLeft, Collection: collection, Edition: e.name})
		}
	case "results":
		if parent, ok := doc.Lookup("parent").StringValueOK(); ok && parent == "" {
			n, _ := doc.Lookup("ballots").AsInt64OK()
			e.published = int(n)
		}
	}
	return nil
}

func (l *look) tallyBatch(e *edition, doc bson.Raw) {
	cell, _ := doc.Lookup("cell").StringValueOK()
	_, packed, _ := doc.Lookup("answers").BinaryOK()
	n, _ := doc.Lookup("n").AsInt64OK()
	has := len(packed) / ballot.Size
	if int(n) != has {
		l.breach(Mixed, Breach{What: WrongCount, Collection: "ballots", Edition: e.name})
	}
	if e.before == states.Open && has < smallestBatch {
		l.breach(Mixed, Breach{What: SmallBatch, Collection: "ballots", Edition: e.name})
	}
	if e.closed() && len(e.batches[cell]) > 0 {
		l.breach(Mixed, Breach{What: SeveralBatches, Collection: "ballots", Edition: e.name})
	}
	e.batches[cell] = append(e.batches[cell], has)
}

func (l *look) tallySpent(e *edition) {
	e.spent++
	if e.closed() {
		l.breach(Forgotten, Breach{What: HashLeft, Collection: "spool", Edition: e.name})
	}
}

func (l *look) tallyElector(e *edition, doc bson.Raw) {
	person, _ := doc.Lookup("person").StringValueOK()
	if person < e.last {
		l.breach(Order, Breach{What: OrderOfIssue, Collection: "electors", Edition: e.name})
	}
	e.last = person
	e.electors++
	blinded, _ := doc.Lookup("blinded").StringValueOK()
	sheet, _ := doc.Lookup("sheet").StringValueOK() // a card is being made, or was made a moment ago
	if blinded != "" || sheet != "" {
		e.issued++
	}
	if sheet != "" && e.closed() {
		l.breach(Forgotten, Breach{What: CardLeft, Collection: "electors", Edition: e.name})
	}
}

// tallySheet looks at a sheet of printed cards: large enough to draw from, and gone once the edition is closed.
func (l *look) tallySheet(e *edition, doc bson.Raw) {
	at := Breach{Collection: "sheets", Edition: e.name}
	if e.closed() {
		at.What = CardLeft
		l.breach(Forgotten, at)
	}
	cards, made := doc.Lookup("cards").ArrayOK()
	if !made {
		return // given up
	}
	if values, err := cards.Values(); err == nil && len(values) < smallestSheet {
		at.What = FewCards
		l.breach(Mixed, at)
	}
}

func (l *look) tallyCell(e *edition, doc bson.Raw) {
	at := Breach{Collection: "cells", Edition: e.name}
	if eligible, _ := doc.Lookup("eligible").AsInt64OK(); eligible < smallestCell {
		at.What = SmallCell
		l.breach(Cells, at)
	}
	key, _ := doc.Lookup("key").StringValueOK()
	_, public, made := doc.Lookup("public").BinaryOK()
	if !made {
		return // it is being made
	}
	if sum := sha256.Sum256(public); key != hex.EncodeToString(sum[:]) {
		at.What = WrongKey
		l.breach(Cells, at)
	}
	if e.keys[key] {
		at.What = SharedKey
		l.breach(Cells, at)
	}
	e.keys[key] = true
	if _, private, ok := doc.Lookup("private").BinaryOK(); ok && len(private) > 0 && e.closed() {
		l.breach(Forgotten, Breach{What: KeyLeft, Collection: "cells", Edition: e.name})
	}
}

// compareNumbers compares what was counted. What moves at this moment is left for the next time.
func (l *look) compareNumbers() {
	for _, e := range l.editions {
		if e.moving() {
			continue
		}
		released := 0
		for _, batches := range e.batches {
			for _, n := range batches {
				released += n
			}
		}
		// Somebody who was erased may have taken a token before.
		tokens := e.issued + max(0, e.eligible-e.electors)
		if max(released, e.spent) > tokens {
			l.breach(Numbers, Breach{What: MoreBallotsThanTokens, Edition: e.name})
		}
		if e.open() && released > e.spent {
			l.breach(Numbers, Breach{What: ReleasedTwice, Edition: e.name})
		}
		if e.closed() && e.published >= 0 && e.published != released {
			l.breach(Numbers, Breach{What: OtherResults, Edition: e.name})
		}
	}
}
