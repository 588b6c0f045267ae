package portaltest

import (
	"context"

	"connectrpc.com/connect"

	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

// fingerprintAsked is the questionnaire's, of every edition.
const fingerprintAsked = "8f3c1f0e6f5a4b7d9c2e1a0b3d4c5e6f"

// DraftEdition and NextEdition are editions of the sample that HR is still choosing, and that is being prepared.
var (
	DraftEdition = event.ID("edition", "2028")
	NextEdition  = event.ID("edition", "2027")
)

func editions() []*barometerv1.Edition {
	edition := func(id, name string, state barometerv1.Edition_State) *barometerv1.Edition {
		return &barometerv1.Edition{
			Id: id, Name: name, State: state, OpensOn: name + "-06-02", ClosesOn: name + "-06-22", ScoresFrom: 5, DetailsFrom: 10, Version: 3,
			Questionnaire: fingerprintAsked, Eligible: 1242, Cells: 26, KeysMade: 26,
		}
	}
	next := edition(NextEdition, "2027", barometerv1.Edition_STATE_PREPARING)
	next.KeysMade = 11
	return []*barometerv1.Edition{
		edition(DraftEdition, "2028", barometerv1.Edition_STATE_DRAFT), next, edition(Edition, "2026", barometerv1.Edition_STATE_OPEN),
		edition(LastEdition, "2025", barometerv1.Edition_STATE_PUBLISHED),
	}
}

func (b barometer) ListEditions(context.Context, *barometerv1.ListEditionsRequest) (*barometerv1.ListEditionsResponse, error) {
	if b.Now().Empty {
		return &barometerv1.ListEditionsResponse{}, nil
	}
	return &barometerv1.ListEditionsResponse{Editions: editions()}, nil
}

func (b barometer) GetEdition(_ context.Context, req *barometerv1.GetEditionRequest) (*barometerv1.GetEditionResponse, error) {
	for _, e := range editions() {
		if e.GetId() != req.GetEditionId() {
			continue
		}
		res := &barometerv1.GetEditionResponse{Edition: e}
		if e.GetState() == barometerv1.Edition_STATE_OPEN || e.GetState() == barometerv1.Edition_STATE_PREPARING {
			res.TokensIssued = 815
			for i, c := range cells().GetCells() {
				taken := c.GetEligible() * int32(3+i%4) / 8 / 5 * 5
				cell := &barometerv1.CellParticipation{UnitId: c.GetUnitId(), UnitName: c.GetUnitName(), Eligible: c.GetEligible(), TokensIssued: &taken}
				switch i {
				case 0:
					cell.Cards, taken = 12, min(taken, c.GetEligible()-12)/5*5
				case 1: // too few have none
					cell.Cards, cell.TokensIssued = c.GetEligible()-6, nil
				}
				res.Participation = append(res.Participation, cell)
			}
		}
		return res, nil
	}
	return nil, connect.NewError(connect.CodeNotFound, nil)
}
