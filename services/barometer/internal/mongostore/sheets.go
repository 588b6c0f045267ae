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
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
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
	// ErrDecided says that a sheet was confirmed, or given up, before: it stays what it is.
	ErrDecided = errors.New("the sheet was confirmed or given up already")
)

// SheetState is what became of a sheet. It is decided once.
type SheetState string

// The states of a sheet.
const (
	// SheetPending: nobody said yet whether it is on paper. Its people get no token, and its cards open nothing.
	SheetPending SheetState = "pending"
	// SheetConfirmed: its cards work, and count as its people's tokens.
	SheetConfirmed SheetState = "confirmed"
	// SheetGivenUp: its cards are gone, and its people vote as anybody. What is left of it keeps whoever may still be making it from
	// going on.
	SheetGivenUp SheetState = "given_up"
)

// Card is what a printed card holds, sealed under its code. Nothing in it says whose it is or when it was made.
type Card struct {
	// Place is derived from the code.
	Place  string `bson:"place"`
	Sealed []byte `bson:"sealed"`
}

// Sheet is what was printed together.
type Sheet struct {
	ID        string     `bson:"_id"`
	EditionID string     `bson:"edition"`
	State     SheetState `bson:"state"`
	CellID    string     `bson:"cell,omitempty"`
	// Until is the last day on which it is confirmed.
	Until clock.Date `bson:"until,omitempty"`
	// Size is how many cards it has.
	Size  int    `bson:"n,omitempty"`
	Cards []Card `bson:"cards,omitempty"`
}

// Sheets keeps the sealed tokens of printed cards. A sheet's document decides over all of it: people are held for it before, and marked
// as having their token, or let go, after; and whoever finds somebody held puts that to its end.
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

// Keep holds people of a cell for a sheet, and keeps as many cards of it: all of it or nothing, whenever it ends. Show codes only when
// it failed with nothing; they open nothing before Confirm.
func (s *Sheets) Keep(ctx context.Context, of Sheet, personIDs []string) (Sheet, error) {
	ids := make([]string, len(personIDs))
	for i, person := range personIDs {
		ids[i] = ElectorID(of.EditionID, person)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	// Places are as good as drawn by chance: this order tells nothing of the one in which cards were made.
	of.Cards = slices.SortedFunc(slices.Values(of.Cards), func(x, y Card) int { return strings.Compare(x.Place, y.Place) })
	switch {
	case len(ids) != len(personIDs) || len(ids) != len(of.Cards):
		return Sheet{}, fmt.Errorf("keeping a sheet: %d cards for %d people", len(of.Cards), len(ids))
	case len(ids) < SmallestSheet:
		return Sheet{}, ErrFewCards
	}
	if err := s.settleHeld(ctx, among(ids)); err != nil {
		return Sheet{}, err
	}
	of.ID, of.State, of.Size = uuid.NewString(), SheetPending, len(ids)
	held, err := s.electors.UpdateMany(ctx,
		bson.D{among(ids), {Key: "cell", Value: of.CellID}, {Key: "blinded", Value: nil}, {Key: "sheet", Value: nil}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "sheet", Value: of.ID}}}})
	if err != nil {
		return Sheet{}, fmt.Errorf("holding people for a sheet: %w", err)
	}
	if held.ModifiedCount != int64(len(ids)) {
		return Sheet{}, errors.Join(ErrNotInCell, s.settle(ctx, of.EditionID, of.ID))
	}
	_, err = s.sheets.InsertOne(ctx, of)
	if mongodb.IsDuplicate(err) {
		return Sheet{}, errors.Join(ErrOvertaken, s.settle(ctx, of.EditionID, of.ID))
	}
	if err != nil {
		return Sheet{}, fmt.Errorf("keeping a sheet of %d cards: %w", of.Size, err)
	}
	of.Cards = nil
	return of, nil
}

// Confirm has the cards of a sheet work from now on. Confirmed again it is fine; one that was given up is refused with ErrDecided.
func (s *Sheets) Confirm(ctx context.Context, editionID, id string) error {
	return s.decide(ctx, editionID, id, SheetConfirmed, bson.D{})
}

// GiveUp destroys the cards of a sheet. Given up again it is fine; one that was confirmed is refused with ErrDecided: somebody may have
// voted with it.
func (s *Sheets) GiveUp(ctx context.Context, editionID, id string) error {
	return s.decide(ctx, editionID, id, SheetGivenUp, bson.D{{Key: "$unset", Value: bson.D{
		{Key: "cards", Value: ""}, {Key: "cell", Value: ""}, {Key: "until", Value: ""}, {Key: "n", Value: ""},
	}}})
}

func (s *Sheets) decide(ctx context.Context, editionID, id string, state SheetState, and bson.D) error {
	_, err := s.sheets.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: id}, {Key: "edition", Value: editionID}, {Key: "state", Value: SheetPending}},
		append(bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: state}}}}, and...))
	if err != nil {
		return fmt.Errorf("deciding over a sheet: %w", err)
	}
	decided, err := mongodb.One[Sheet](s.sheets.FindOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "edition", Value: editionID}}))
	switch {
	case err != nil:
		return fmt.Errorf("reading a sheet: %w", mongodb.NotFound(err))
	case decided.State != state:
		return ErrDecided
	}
	return s.settle(ctx, editionID, id)
}

// giveUpOverdue gives up what nobody confirmed by its last day.
func (s *Sheets) giveUpOverdue(ctx context.Context, editionID string, today clock.Date) error {
	pending, err := s.List(ctx, editionID)
	if err != nil {
		return err
	}
	for _, one := range pending {
		if one.State != SheetPending || !one.Until.Before(today) {
			continue
		}
		if err := s.GiveUp(ctx, editionID, one.ID); err != nil && !errors.Is(err, ErrDecided) {
			return err
		}
	}
	return nil
}

// List returns the sheets of an edition that were not given up, without their cards, in an order that tells nothing.
func (s *Sheets) List(ctx context.Context, editionID string) ([]Sheet, error) {
	cursor, err := s.sheets.Find(ctx,
		bson.D{{Key: "edition", Value: editionID}, {Key: "state", Value: bson.D{{Key: "$ne", Value: SheetGivenUp}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: "cards", Value: 0}}))
	if err != nil {
		return nil, fmt.Errorf("reading the sheets of edition %s: %w", editionID, err)
	}
	sheets, err := mongodb.All[Sheet](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading the sheets of edition %s: %w", editionID, err)
	}
	return sheets, nil
}

// CountConfirmed counts the cards that are confirmed, by cell.
func (s *Sheets) CountConfirmed(ctx context.Context, editionID string) (map[string]int, error) {
	all, err := s.List(ctx, editionID)
	if err != nil {
		return nil, err
	}
	cards := map[string]int{}
	for _, one := range all {
		if one.State == SheetConfirmed {
			cards[one.CellID] += one.Size
		}
	}
	return cards, nil
}

// Get returns a sheet without its cards, or mongodb.ErrNotFound.
func (s *Sheets) Get(ctx context.Context, editionID, id string) (Sheet, error) {
	found, err := mongodb.One[Sheet](s.sheets.FindOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "edition", Value: editionID}},
		options.FindOne().SetProjection(bson.D{{Key: "cards", Value: 0}})))
	if err != nil {
		return Sheet{}, fmt.Errorf("reading a sheet: %w", mongodb.NotFound(err))
	}
	return found, nil
}

// Settle gives up what nobody confirmed by its last day, and puts what interrupted attempts left of an edition to its end.
func (s *Sheets) Settle(ctx context.Context, editionID string, today clock.Date) error {
	if err := s.giveUpOverdue(ctx, editionID, today); err != nil {
		return err
	}
	return s.settleInterrupted(ctx, editionID)
}

func (s *Sheets) settleInterrupted(ctx context.Context, editionID string) error {
	return s.settleHeld(ctx, bson.E{Key: "edition", Value: editionID})
}

// settleHeld puts what interrupted attempts left to its end.
func (s *Sheets) settleHeld(ctx context.Context, of bson.E) error {
	cursor, err := s.electors.Find(ctx, bson.D{of, {Key: "sheet", Value: bson.D{{Key: "$gt", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("looking for interrupted sheets: %w", err)
	}
	held := map[string]string{}
	for e, err := range mongodb.Each[Elector](ctx, cursor) {
		if err != nil {
			return fmt.Errorf("looking for interrupted sheets: %w", err)
		}
		held[e.Sheet] = e.EditionID
	}
	for id, editionID := range held {
		if err := s.settle(ctx, editionID, id); err != nil {
			return err
		}
	}
	return nil
}

// settle brings the people of a sheet to where it is: one without a document is given up, here and for whoever is still making it. Then
// its people have their token, or are free, or are held until it is decided.
func (s *Sheets) settle(ctx context.Context, editionID, id string) error {
	_, err := s.sheets.InsertOne(ctx, Sheet{ID: id, EditionID: editionID, State: SheetGivenUp})
	if err != nil && !mongodb.IsDuplicate(err) {
		return fmt.Errorf("giving a sheet up: %w", err)
	}
	decided, err := s.Get(ctx, editionID, id)
	if err != nil {
		return err
	}
	held := bson.D{{Key: "sheet", Value: id}}
	free := bson.E{Key: "$unset", Value: bson.D{{Key: "sheet", Value: ""}}}
	switch decided.State {
	case SheetPending:
		return nil
	case SheetGivenUp:
		if _, err := s.electors.UpdateMany(ctx, held, bson.D{free}); err != nil {
			return fmt.Errorf("letting the people of a sheet go: %w", err)
		}
		return nil
	}
	for {
		// What a hash of a blinded message looks like. They are told of already: among those who took a token by themselves, of whom the
		// next night tells, they would leave so few that HR, who knows them, could name the others.
		mark := make([]byte, markBytes)
		_, _ = rand.Read(mark) // never fails, says crypto/rand
		marked, err := s.electors.UpdateOne(ctx, held, bson.D{
			{Key: "$set", Value: bson.D{{Key: "blinded", Value: hex.EncodeToString(mark)}, {Key: "told", Value: true}}}, free,
		})
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
	found, err := mongodb.One[Sheet](s.sheets.FindOne(ctx,
		bson.D{{Key: "cards.place", Value: place}, {Key: "edition", Value: editionID}, {Key: "state", Value: SheetConfirmed}},
		options.FindOne().SetProjection(bson.D{{Key: "cards.$", Value: 1}})))
	if err != nil {
		return Card{}, fmt.Errorf("reading a card: %w", mongodb.NotFound(err)) // without its place
	}
	at := slices.IndexFunc(found.Cards, func(c Card) bool { return c.Place == place })
	if at < 0 {
		return Card{}, fmt.Errorf("reading a card: %w", mongodb.ErrNotFound)
	}
	return found.Cards[at], nil
}

// Forget brings everything of an edition to its end, and removes its cards, with everything else by which tokens could be told apart.
func (s *Sheets) Forget(ctx context.Context, editionID string) error {
	open, err := s.List(ctx, editionID)
	if err != nil {
		return err
	}
	for _, one := range open {
		if one.State != SheetPending {
			continue
		}
		if err := s.GiveUp(ctx, editionID, one.ID); err != nil && !errors.Is(err, ErrDecided) {
			return err
		}
	}
	if err := s.settleInterrupted(ctx, editionID); err != nil {
		return err
	}
	if _, err := s.sheets.DeleteMany(ctx, bson.D{{Key: "edition", Value: editionID}}); err != nil {
		return fmt.Errorf("removing the cards of edition %s: %w", editionID, err)
	}
	return nil
}

func among(ids []string) bson.E {
	return bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}
}
