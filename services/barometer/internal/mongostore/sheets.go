package mongostore

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
)

const (
	sheetsCollection = "sheets"
	// SmallestSheet is how many cards at least are printed together: whoever draws one is hidden among so many.
	SmallestSheet = 10
	// markBytes is the length of what marks an elector: the same as of the hash of a blinded message.
	markBytes = 32
)

var (
	// ErrFewCards says that a sheet would have so few cards that drawing one would hide nobody.
	ErrFewCards = fmt.Errorf("a sheet has at least %d cards", SmallestSheet)
	// ErrNotInCell says that a sheet is for people who have a token, or who do not vote in the cell.
	ErrNotInCell = errors.New("somebody has a token already, or does not vote in this cell")
	// ErrOvertaken says that somebody of the sheet began to vote at the same moment.
	ErrOvertaken = errors.New("somebody of the sheet began to vote meanwhile")
)

// Card is the token of a printed card, sealed under its code. Nothing in it says whose it is or when it was made.
type Card struct {
	// Place is derived from the code.
	Place string `bson:"place"`
	// Key is the fingerprint of the cell's key: in which cell the token counts.
	Key    string `bson:"key"`
	Sealed []byte `bson:"sealed"`
}

// sheet is what was printed together. One without cards was given up before it was made.
type sheet struct {
	ID        string `bson:"_id"`
	EditionID string `bson:"edition"`
	Cards     []Card `bson:"cards,omitempty"`
}

// Sheets keeps the sealed tokens of printed cards. That a sheet's document is inserted decides over all of it: people are held for it
// before, and marked as having their token after, and whoever finds somebody held puts that to its end.
type Sheets struct{ sheets, electors *mongo.Collection }

// NewSheets returns the store of the database.
func NewSheets(db *mongo.Database) *Sheets {
	return &Sheets{sheets: db.Collection(sheetsCollection), electors: db.Collection(electorsCollection)}
}

// SheetMigration makes the indexes, as the step with the version of the service.
func SheetMigration(version int) mongodb.Migration {
	return mongodb.Migration{Version: version, Name: "index printed cards", Up: func(ctx context.Context, db *mongo.Database) error {
		for coll, key := range map[string]string{sheetsCollection: "cards.place", electorsCollection: "sheet"} {
			model := mongo.IndexModel{Keys: bson.D{{Key: key, Value: 1}}}
			if _, err := db.Collection(coll).Indexes().CreateOne(ctx, model); err != nil {
				return fmt.Errorf("indexing %s: %w", coll, err)
			}
		}
		return nil
	}}
}

// Keep marks people of a cell as having their token, and keeps as many cards: all of it or nothing, whenever it ends. Show codes only
// when it returned nil.
func (s *Sheets) Keep(ctx context.Context, editionID, unitID string, personIDs []string, cards []Card) error {
	ids := make([]string, len(personIDs))
	for i, person := range personIDs {
		ids[i] = ElectorID(editionID, person)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	// Places are as good as drawn by chance: this order tells nothing of the one in which cards were made.
	cards = slices.SortedFunc(slices.Values(cards), func(x, y Card) int { return strings.Compare(x.Place, y.Place) })
	switch {
	case len(ids) != len(personIDs) || len(ids) != len(cards):
		return fmt.Errorf("keeping a sheet: %d cards for %d people", len(cards), len(ids))
	case len(cards) < SmallestSheet:
		return ErrFewCards
	}
	if err := s.settleHeld(ctx, ids); err != nil {
		return err
	}
	id := uuid.NewString()
	held, err := s.electors.UpdateMany(ctx,
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "cell", Value: unitID}, {Key: "blinded", Value: nil}, {Key: "sheet", Value: nil}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "sheet", Value: id}}}})
	if err != nil {
		return fmt.Errorf("holding people for a sheet: %w", err)
	}
	if held.ModifiedCount != int64(len(ids)) {
		return errors.Join(ErrNotInCell, s.settle(ctx, editionID, id))
	}
	_, err = s.sheets.InsertOne(ctx, sheet{ID: id, EditionID: editionID, Cards: cards})
	if mongodb.IsDuplicate(err) {
		return errors.Join(ErrOvertaken, s.settle(ctx, editionID, id))
	}
	if err != nil {
		return fmt.Errorf("keeping a sheet of %d cards: %w", len(cards), err)
	}
	return s.settle(ctx, editionID, id)
}

// settleHeld puts what interrupted attempts left to its end.
func (s *Sheets) settleHeld(ctx context.Context, ids []string) error {
	cursor, err := s.electors.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "sheet", Value: bson.D{{Key: "$gt", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("looking for interrupted sheets: %w", err)
	}
	for e, err := range mongodb.Each[Elector](ctx, cursor) {
		if err != nil {
			return fmt.Errorf("looking for interrupted sheets: %w", err)
		}
		if err := s.settle(ctx, e.EditionID, e.Sheet); err != nil {
			return err
		}
	}
	return nil
}

// settle decides over a sheet, unless it was decided: without its cards it is given up, here and for whoever is still making it. Then
// its people have their token, or are free.
func (s *Sheets) settle(ctx context.Context, editionID, id string) error {
	if _, err := s.sheets.InsertOne(ctx, sheet{ID: id, EditionID: editionID}); err != nil && !mongodb.IsDuplicate(err) {
		return fmt.Errorf("giving a sheet up: %w", err)
	}
	decided, err := mongodb.One[sheet](s.sheets.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	if err != nil {
		return fmt.Errorf("reading a sheet: %w", mongodb.NotFound(err))
	}
	held := bson.D{{Key: "sheet", Value: id}}
	free := bson.E{Key: "$unset", Value: bson.D{{Key: "sheet", Value: ""}}}
	if len(decided.Cards) == 0 {
		if _, err := s.electors.UpdateMany(ctx, held, bson.D{free}); err != nil {
			return fmt.Errorf("letting the people of a sheet go: %w", err)
		}
		return nil
	}
	for {
		// What a hash of a blinded message looks like: later, nobody sees who was given a card and who took a token by themselves.
		mark := make([]byte, markBytes)
		_, _ = rand.Read(mark) // never fails, says crypto/rand
		marked, err := s.electors.UpdateOne(ctx, held, bson.D{{Key: "$set", Value: bson.D{{Key: "blinded", Value: hex.EncodeToString(mark)}}}, free})
		if err != nil {
			return fmt.Errorf("marking who has a card: %w", err)
		}
		if marked.ModifiedCount == 0 {
			return nil
		}
	}
}

// Find returns the card at a place of an edition, or mongodb.ErrNotFound. It stays there: whoever lost the answer to a ballot needs
// it again, and that its token was used is known by the token's hash alone.
func (s *Sheets) Find(ctx context.Context, editionID, place string) (Card, error) {
	found, err := mongodb.One[sheet](s.sheets.FindOne(ctx, bson.D{{Key: "cards.place", Value: place}, {Key: "edition", Value: editionID}}))
	if err != nil {
		return Card{}, fmt.Errorf("reading a card: %w", mongodb.NotFound(err)) // without its place
	}
	at := slices.IndexFunc(found.Cards, func(c Card) bool { return c.Place == place })
	return found.Cards[at], nil
}

// Forget removes the cards of an edition, with everything else by which tokens could be told apart.
func (s *Sheets) Forget(ctx context.Context, editionID string) error {
	if _, err := s.sheets.DeleteMany(ctx, bson.D{{Key: "edition", Value: editionID}}); err != nil {
		return fmt.Errorf("removing the cards of edition %s: %w", editionID, err)
	}
	return nil
}
