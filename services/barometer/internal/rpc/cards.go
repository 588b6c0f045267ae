package rpc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/card"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/questionnaire"
	"jalon.dev/services/barometer/internal/token"
)

const (
	// largestSheet is how many cards are made at a time: a large store's.
	largestSheet = 200
	// undecided is for how many days a sheet may wait after the one on which it was made, if nobody votes before.
	undecided = 1
)

var (
	errNotNow    = errors.New("cards are made between the launch and the first day")
	errDecided   = errors.New("the sheet was confirmed or given up already")
	errNotTheirs = errors.New("some of them have a card already, or do not vote in this cell")
)

// Cards implements barometerv1connect.CardsServiceHandler.
type Cards struct{ Handler }

var _ barometerv1connect.CardsServiceHandler = Cards{}

// making tells whether cards are made in the edition now. Once people vote none are: who is left without a token would tell who took one.
func (c Cards) making(e edition.Edition) (bool, error) {
	opens, err := e.Opens()
	return err == nil && e.State == edition.Ready && c.Clock.Now().Before(opens), err
}

func (c Cards) readyFor(ctx context.Context, editionID string) (edition.Edition, error) {
	e, err := c.Editions.Get(ctx, editionID)
	if err != nil {
		return edition.Edition{}, err
	}
	making, err := c.making(e)
	if err != nil {
		return edition.Edition{}, err
	}
	if !making {
		return edition.Edition{}, connect.NewError(connect.CodeFailedPrecondition, errNotNow)
	}
	return e, c.settleSheets(ctx, e)
}

func (h Handler) today(e edition.Edition) (clock.Date, error) {
	zone, err := clock.Zone(e.Zone)
	if err != nil {
		return clock.Date{}, fmt.Errorf("reading the time zone of edition %s: %w", e.ID, err)
	}
	return clock.DateOf(h.Clock.Now(), zone), nil
}

// settleSheets gives up what nobody confirmed in time, and brings to its end what was interrupted: whoever that holds would be missing
// from the list of those who may get a card.
func (h Handler) settleSheets(ctx context.Context, e edition.Edition) error {
	today, err := h.today(e)
	if err != nil {
		return err
	}
	return h.Sheets.Settle(ctx, e.ID, today)
}

// ListCardVoters returns who of a cell may get a card still. Before the first day nobody has a token by themselves, so that the list
// tells nothing but who was given a card.
func (c Cards) ListCardVoters(ctx context.Context, req *barometerv1.ListCardVotersRequest) (*barometerv1.ListCardVotersResponse, error) {
	if err := allow(ctx, barometerv1connect.CardsServiceListCardVotersProcedure); err != nil {
		return nil, err
	}
	e, err := c.readyFor(ctx, req.GetEditionId())
	if err != nil {
		return nil, err
	}
	res := &barometerv1.ListCardVotersResponse{Least: mongostore.SmallestSheet, Most: largestSheet}
	for elector, err := range c.Electors.Tokenless(ctx, e.ID, req.GetUnitId()) {
		if err != nil {
			return nil, err
		}
		res.PersonIds = append(res.PersonIds, elector.PersonID)
	}
	return res, nil
}

// MakeCards makes a sheet. Codes are in the answer and nowhere else: whoever loses it gives the sheet up and makes another.
func (c Cards) MakeCards(ctx context.Context, req *barometerv1.MakeCardsRequest) (*barometerv1.MakeCardsResponse, error) {
	if err := allow(ctx, barometerv1connect.CardsServiceMakeCardsProcedure); err != nil {
		return nil, err
	}
	e, err := c.readyFor(ctx, req.GetEditionId())
	if err != nil {
		return nil, err
	}
	people := req.GetPersonIds()
	if len(people) < mongostore.SmallestSheet || len(people) > largestSheet {
		return nil, rpc.InvalidField("person_ids", "must name %d to %d people", mongostore.SmallestSheet, largestSheet)
	}
	of, err := c.Cells.Get(ctx, e.ID, req.GetUnitId())
	if err != nil {
		return nil, err
	}
	key, err := c.keyOf(ctx, e.ID, of.UnitID)
	if err != nil {
		return nil, err
	}
	today, err := c.today(e)
	if err != nil {
		return nil, err
	}
	// Once people vote nothing is decided any more: they would be invited already, and the tokens of a cell would jump by as many.
	until := earlier(today.AddDays(undecided), e.OpensOn.AddDays(-1))
	sheet := mongostore.Sheet{EditionID: e.ID, CellID: of.UnitID, Until: until}
	codes := make([]string, 0, len(people))
	for range people {
		code, kept, err := newCard(key, of.Key)
		if err != nil {
			return nil, err
		}
		codes, sheet.Cards = append(codes, code.Typed()), append(sheet.Cards, kept)
	}
	if making, err := c.making(e); err != nil {
		return nil, err
	} else if !making { // meanwhile: the tokens of a large sheet take a moment
		return nil, connect.NewError(connect.CodeFailedPrecondition, errNotNow)
	}
	made, err := c.Sheets.Keep(ctx, sheet, people)
	if errors.Is(err, mongostore.ErrNotInCell) || errors.Is(err, mongostore.ErrOvertaken) {
		return nil, connect.NewError(connect.CodeAborted, errNotTheirs)
	}
	if err != nil {
		return nil, err
	}
	slices.Sort(codes) // drawn by chance: in this order they tell nothing
	return &barometerv1.MakeCardsResponse{Sheet: sheetView(made, of.Name), Codes: codes}, nil
}

func earlier(a, b clock.Date) clock.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// newCard makes a card of a cell: its code, and what is kept of it.
func newCard(key token.Key, fingerprint string) (card.Code, mongostore.Card, error) {
	made, err := key.Make()
	if err != nil {
		return card.Code{}, mongostore.Card{}, err
	}
	code := card.Draw()
	place, err := code.Place()
	if err != nil {
		return card.Code{}, mongostore.Card{}, err
	}
	sealed, err := code.Seal(card.Vote{Key: fingerprint, Token: made})
	if err != nil {
		return card.Code{}, mongostore.Card{}, err
	}
	return code, mongostore.Card{Place: place, Sealed: sealed}, nil
}

func sheetView(s mongostore.Sheet, unitName string) *barometerv1.Sheet {
	return &barometerv1.Sheet{
		Id: s.ID, UnitId: s.CellID, UnitName: unitName, Cards: int32(s.Size), Confirmed: s.State == mongostore.SheetConfirmed,
		ConfirmUntil: s.Until.String(),
	}
}

// ConfirmCards has the cards of a sheet work.
func (c Cards) ConfirmCards(ctx context.Context, req *barometerv1.ConfirmCardsRequest) (*barometerv1.ConfirmCardsResponse, error) {
	if err := allow(ctx, barometerv1connect.CardsServiceConfirmCardsProcedure); err != nil {
		return nil, err
	}
	if err := c.decided(ctx, req.GetEditionId(), req.GetSheetId(), c.Sheets.Confirm); err != nil {
		return nil, err
	}
	return &barometerv1.ConfirmCardsResponse{}, nil
}

// GiveUpCards destroys the cards of a sheet that was not confirmed.
func (c Cards) GiveUpCards(ctx context.Context, req *barometerv1.GiveUpCardsRequest) (*barometerv1.GiveUpCardsResponse, error) {
	if err := allow(ctx, barometerv1connect.CardsServiceGiveUpCardsProcedure); err != nil {
		return nil, err
	}
	if err := c.decided(ctx, req.GetEditionId(), req.GetSheetId(), c.Sheets.GiveUp); err != nil {
		return nil, err
	}
	return &barometerv1.GiveUpCardsResponse{}, nil
}

// decided decides over a sheet, whose day must not have passed.
func (c Cards) decided(ctx context.Context, editionID, sheetID string, decide func(ctx context.Context, editionID, id string) error) error {
	e, err := c.Editions.Get(ctx, editionID)
	if err != nil {
		return err
	}
	if err := c.settleSheets(ctx, e); err != nil {
		return err
	}
	err = decide(ctx, e.ID, sheetID)
	if errors.Is(err, mongostore.ErrDecided) {
		return connect.NewError(connect.CodeFailedPrecondition, errDecided)
	}
	return err
}

// ListSheets returns the sheets of an edition, by the names of their cells.
func (c Cards) ListSheets(ctx context.Context, req *barometerv1.ListSheetsRequest) (*barometerv1.ListSheetsResponse, error) {
	if err := allow(ctx, barometerv1connect.CardsServiceListSheetsProcedure); err != nil {
		return nil, err
	}
	e, err := c.Editions.Get(ctx, req.GetEditionId())
	if err != nil {
		return nil, err
	}
	if err := c.settleSheets(ctx, e); err != nil {
		return nil, err
	}
	res := &barometerv1.ListSheetsResponse{}
	if res.MayMake, err = c.making(e); err != nil {
		return nil, err
	}
	sheets, err := c.Sheets.List(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	for _, sheet := range sheets {
		of, err := c.Cells.Get(ctx, e.ID, sheet.CellID)
		if err != nil && !errors.Is(err, mongodb.ErrNotFound) {
			return nil, err
		}
		res.Sheets = append(res.Sheets, sheetView(sheet, of.Name))
	}
	slices.SortStableFunc(res.GetSheets(), func(x, y *barometerv1.Sheet) int { return strings.Compare(x.GetUnitName(), y.GetUnitName()) })
	return res, nil
}

// GetKiosk returns what is voted in now, to whoever stands before a shared device. It knows no cell: the card does.
func (c Cards) GetKiosk(ctx context.Context, req *barometerv1.GetKioskRequest) (*barometerv1.GetKioskResponse, error) {
	if err := allow(ctx, barometerv1connect.CardsServiceGetKioskProcedure); err != nil {
		return nil, err
	}
	e, open, err := c.open(ctx)
	if err != nil || !open {
		return &barometerv1.GetKioskResponse{}, err
	}
	q := questionnaire.Standard()
	return &barometerv1.GetKioskResponse{
		EditionId: e.ID, EditionName: e.Name, ClosesOn: e.ClosesOn.String(), ScoresFrom: int32(e.ScoresFrom), DetailsFrom: int32(e.DetailsFrom),
		Enps: q.ENPS.In(req.GetLanguage()), CommentHint: q.Comment.In(req.GetLanguage()), Themes: themes(q, req.GetLanguage()),
	}, nil
}
