package rpc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/questionnaire"
	"jalon.dev/services/barometer/internal/token"
)

var (
	errOneAtATime = errors.New("another edition is running")
	errIssued     = errors.New("a token was issued already")
	errNotOpen    = errors.New("the edition is not open")
	errNotThere   = errors.New("not among those who may vote")
)

// GetBallotPaper returns what the person who asks may vote in now.
func (h Handler) GetBallotPaper(ctx context.Context, req *barometerv1.GetBallotPaperRequest) (*barometerv1.GetBallotPaperResponse, error) {
	actor, _ := identity.FromContext(ctx)
	err := policy.Allow(actor, barometerv1connect.BarometerServiceGetBallotPaperProcedure, policy.Subject{PersonID: actor.PersonID})
	if err != nil {
		return nil, err
	}
	e, open, err := h.open(ctx)
	if err != nil {
		return nil, err
	}
	if !open {
		return &barometerv1.GetBallotPaperResponse{State: barometerv1.GetBallotPaperResponse_STATE_NONE}, nil
	}
	res := &barometerv1.GetBallotPaperResponse{
		EditionId: e.ID, EditionName: e.Name, ClosesOn: e.ClosesOn.String(), ScoresFrom: int32(e.ScoresFrom), DetailsFrom: int32(e.DetailsFrom),
	}
	elector, err := h.Electors.Get(ctx, e.ID, actor.PersonID)
	switch {
	case errors.Is(err, mongodb.ErrNotFound):
		res.State = barometerv1.GetBallotPaperResponse_STATE_NOT_ELIGIBLE
		return res, nil
	case err != nil:
		return nil, err
	}
	c, err := h.Cells.Get(ctx, e.ID, elector.CellID)
	if err != nil {
		return nil, err
	}
	if res.State, err = h.stateOf(ctx, e, elector); err != nil {
		return nil, err
	}
	res.CellUnitId, res.CellName, res.CellEligible, res.Merged = c.UnitID, c.Name, int32(c.Eligible), elector.UnitID != c.UnitID
	res.PublicKey, res.KeyFingerprint = c.Public, c.Key
	q := questionnaire.Standard()
	res.Enps, res.CommentHint, res.Themes = q.ENPS.In(req.GetLanguage()), q.Comment.In(req.GetLanguage()), themes(q, req.GetLanguage())
	return res, nil
}

// stateOf is how far an elector is. A sheet of cards that was interrupted, or that nobody confirmed before people vote, is brought to
// its end first: it holds nobody up.
func (h Handler) stateOf(ctx context.Context, e edition.Edition, elector mongostore.Elector) (barometerv1.GetBallotPaperResponse_State, error) {
	if elector.Sheet != "" {
		if err := h.settleSheets(ctx, e); err != nil {
			return 0, err
		}
		settled, err := h.Electors.Get(ctx, e.ID, elector.PersonID)
		if err != nil {
			return 0, err
		}
		elector = settled
	}
	if elector.Blinded != "" {
		return barometerv1.GetBallotPaperResponse_STATE_TOKEN_ISSUED, nil
	}
	return barometerv1.GetBallotPaperResponse_STATE_OPEN, nil
}

// themes are the questions in a language.
func themes(q questionnaire.Questionnaire, language string) []*barometerv1.Theme {
	var all []*barometerv1.Theme
	for _, t := range q.Themes {
		theme := &barometerv1.Theme{Code: t.Code, Name: t.In(language)}
		for _, question := range t.Questions {
			theme.Statements = append(theme.Statements, &barometerv1.Statement{Code: question.Code, Text: question.In(language)})
		}
		all = append(all, theme)
	}
	return all
}

// open is the edition in which people may vote at this moment.
func (h Handler) open(ctx context.Context) (edition.Edition, bool, error) {
	running, err := h.Editions.In(ctx, edition.Open)
	if err != nil {
		return edition.Edition{}, false, err
	}
	now := h.Clock.Now()
	for _, e := range running {
		opens, err := e.Opens()
		if err != nil {
			return edition.Edition{}, false, err
		}
		closes, err := e.Closes()
		if err != nil {
			return edition.Edition{}, false, err
		}
		if !now.Before(opens) && now.Before(closes) {
			return e, true, nil
		}
	}
	return edition.Edition{}, false, nil
}

// IssueToken signs a person's voting token without seeing it. That it is signed is noted first: a crash between the two leaves a
// person who asks again, with the same.
func (h Handler) IssueToken(ctx context.Context, req *barometerv1.IssueTokenRequest) (*barometerv1.IssueTokenResponse, error) {
	actor, _ := identity.FromContext(ctx)
	err := policy.Allow(actor, barometerv1connect.BarometerServiceIssueTokenProcedure, policy.Subject{PersonID: actor.PersonID})
	if err != nil {
		return nil, err
	}
	e, open, err := h.open(ctx)
	switch {
	case err != nil:
		return nil, err
	case !open || e.ID != req.GetEditionId():
		return nil, connect.NewError(connect.CodeFailedPrecondition, errNotOpen)
	}
	elector, err := h.Electors.Get(ctx, e.ID, actor.PersonID)
	if errors.Is(err, mongodb.ErrNotFound) {
		return nil, connect.NewError(connect.CodePermissionDenied, errNotThere)
	}
	if err != nil {
		return nil, err
	}
	key, err := h.keyOf(ctx, e.ID, elector.CellID)
	if err != nil {
		return nil, err
	}
	signature, err := key.Sign(req.GetBlinded()) // it leaves here only when it was noted
	if err != nil {
		return nil, rpc.InvalidField("blinded", "must be a message blinded for the key of the cell")
	}
	if elector.Sheet != "" {
		if err := h.settleSheets(ctx, e); err != nil {
			return nil, err
		}
	}
	sum := sha256.Sum256(req.GetBlinded())
	if _, err := h.Electors.Issue(ctx, e.ID, actor.PersonID, hex.EncodeToString(sum[:])); errors.Is(err, mongostore.ErrIssued) {
		return nil, connect.NewError(connect.CodeAlreadyExists, errIssued)
	} else if err != nil {
		return nil, err
	}
	return &barometerv1.IssueTokenResponse{Signature: signature}, nil
}

func (h Handler) keyOf(ctx context.Context, editionID, unitID string) (token.Key, error) {
	c, err := h.Cells.Get(ctx, editionID, unitID)
	if err != nil {
		return token.Key{}, err
	}
	seal, err := h.Vault.Key(ctx, mongostore.KeysOf(editionID))
	if err != nil {
		return token.Key{}, err
	}
	der, err := seal.Open(c.ID, c.Private)
	if err != nil {
		return token.Key{}, fmt.Errorf("opening the key of a cell: %w", err)
	}
	return token.ParseKey(der)
}

// ListCellKeys returns the public keys of an edition: one to a cell, and none to a person.
func (h Handler) ListCellKeys(ctx context.Context, req *barometerv1.ListCellKeysRequest) (*barometerv1.ListCellKeysResponse, error) {
	if err := allow(ctx, barometerv1connect.BarometerServiceListCellKeysProcedure); err != nil {
		return nil, err
	}
	cells, err := h.Cells.List(ctx, req.GetEditionId())
	if err != nil {
		return nil, err
	}
	res := &barometerv1.ListCellKeysResponse{}
	for _, c := range cells {
		if c.Key == "" {
			continue
		}
		res.Keys = append(res.Keys, &barometerv1.ListCellKeysResponse_Key{
			UnitId: c.UnitID, UnitName: c.Name, Eligible: int32(c.Eligible), PublicKey: c.Public, Fingerprint: c.Key,
		})
	}
	return res, nil
}
