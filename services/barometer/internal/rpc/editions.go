package rpc

import (
	"context"
	"slices"
	"strings"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/electorate"
)

// ListEditions returns all editions, the newest first.
func (h Handler) ListEditions(ctx context.Context, _ *barometerv1.ListEditionsRequest) (*barometerv1.ListEditionsResponse, error) {
	if err := allow(ctx, barometerv1connect.BarometerServiceListEditionsProcedure); err != nil {
		return nil, err
	}
	all, err := h.Editions.List(ctx)
	if err != nil {
		return nil, err
	}
	res := &barometerv1.ListEditionsResponse{}
	for _, e := range all {
		view := editionView(e)
		view.QuestionsChanged = questionsChanged(all, e)
		res.Editions = append(res.Editions, view)
	}
	return res, nil
}

// questionsChanged tells whether the edition before, among all with the newest first, asked other questions.
func questionsChanged(all []edition.Edition, e edition.Edition) bool {
	i := slices.IndexFunc(all, func(other edition.Edition) bool { return other.ID == e.ID })
	return i >= 0 && i+1 < len(all) && all[i+1].Questionnaire != e.Questionnaire
}

// GetEdition returns one edition with its participation, as far as that singles nobody out.
func (h Handler) GetEdition(ctx context.Context, req *barometerv1.GetEditionRequest) (*barometerv1.GetEditionResponse, error) {
	if err := allow(ctx, barometerv1connect.BarometerServiceGetEditionProcedure); err != nil {
		return nil, err
	}
	e, err := h.Editions.Get(ctx, req.GetEditionId())
	if err != nil {
		return nil, err
	}
	all, err := h.Editions.List(ctx)
	if err != nil {
		return nil, err
	}
	res := &barometerv1.GetEditionResponse{Edition: editionView(e)}
	res.Edition.QuestionsChanged = questionsChanged(all, e)
	if e.State == edition.Draft {
		return res, nil
	}
	cells, err := h.Cells.List(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	issued, err := h.Electors.CountIssued(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	begun := e.State != edition.Preparing && e.State != edition.Ready // until then there are no tokens but those of cards
	total := 0
	for _, c := range cells {
		if c.Key != "" {
			res.Edition.KeysMade++
		}
		// HR knows who has a card, and chose how many: counted with the others, they would have the next step tell of one person.
		cell := &barometerv1.CellParticipation{
			UnitId: c.UnitID, UnitName: c.Name, Eligible: int32(c.Eligible), Cards: int32(c.Cards),
		}
		if begun && c.Eligible-c.Cards >= fewestWatched {
			byThemselves := max(0, issued[c.UnitID]-c.Cards)
			cell.TokensIssued = proto.Int32(inSteps(byThemselves))
			total += byThemselves
		}
		res.Participation = append(res.Participation, cell)
	}
	slices.SortStableFunc(res.GetParticipation(), func(x, y *barometerv1.CellParticipation) int {
		return strings.Compare(x.GetUnitName(), y.GetUnitName())
	})
	res.TokensIssued = inSteps(total)
	return res, nil
}

// fewestWatched is of how many people at least, who have no card, participation is told: of as many as a cell has.
const fewestWatched = 10

// participationStep is in how many people's steps participation is told: watching it move tells of nobody.
const participationStep = 5

func inSteps(n int) int32 { return int32(n / participationStep * participationStep) }

// SaveEdition writes a draft.
func (h Handler) SaveEdition(ctx context.Context, req *barometerv1.SaveEditionRequest) (*barometerv1.SaveEditionResponse, error) {
	if err := allow(ctx, barometerv1connect.BarometerServiceSaveEditionProcedure); err != nil {
		return nil, err
	}
	choices, err := choicesOf(req)
	if err != nil {
		return nil, err
	}
	if req.GetEditionId() == "" {
		e, err := edition.New(uuid.NewString(), h.Zone, choices)
		if err != nil {
			return nil, explained(err)
		}
		if err := h.Editions.Insert(ctx, e); err != nil {
			return nil, err
		}
		return &barometerv1.SaveEditionResponse{Edition: editionView(e)}, nil
	}
	e, err := h.Editions.Get(ctx, req.GetEditionId())
	if err != nil {
		return nil, err
	}
	if err := e.Choose(choices); err != nil {
		return nil, explained(err)
	}
	if e.Version != req.GetVersion() {
		return nil, mongodb.ErrConflict
	}
	if err := h.Editions.Save(ctx, &e); err != nil {
		return nil, err
	}
	return &barometerv1.SaveEditionResponse{Edition: editionView(e)}, nil
}

func choicesOf(req *barometerv1.SaveEditionRequest) (edition.Choices, error) {
	opens, err := clock.ParseDate(req.GetOpensOn())
	if err != nil {
		return edition.Choices{}, rpc.InvalidField("opens_on", "must be a day that exists, as YYYY-MM-DD")
	}
	closes, err := clock.ParseDate(req.GetClosesOn())
	if err != nil {
		return edition.Choices{}, rpc.InvalidField("closes_on", "must be a day that exists, as YYYY-MM-DD")
	}
	return edition.Choices{
		Name: req.GetName(), OpensOn: opens, ClosesOn: closes,
		ScoresFrom: int(req.GetScoresFrom()), DetailsFrom: int(req.GetDetailsFrom()),
	}, nil
}

// LaunchEdition makes an edition final; who may vote is then frozen and keys are made. One edition runs at a time.
func (h Handler) LaunchEdition(ctx context.Context, req *barometerv1.LaunchEditionRequest) (*barometerv1.LaunchEditionResponse, error) {
	if err := allow(ctx, barometerv1connect.BarometerServiceLaunchEditionProcedure); err != nil {
		return nil, err
	}
	e, err := h.Editions.Get(ctx, req.GetEditionId())
	if err != nil {
		return nil, err
	}
	if e.State == edition.Draft && e.Version != req.GetVersion() {
		return nil, mongodb.ErrConflict
	}
	running, err := h.Editions.In(ctx, edition.Preparing, edition.Ready, edition.Open, edition.Counting)
	if err != nil {
		return nil, err
	}
	if len(running) > 0 && running[0].ID != e.ID {
		return nil, connect.NewError(connect.CodeFailedPrecondition, errOneAtATime)
	}
	now := h.Clock.Now()
	voters, err := electorate.Now(ctx, h.Register, now)
	if err != nil {
		return nil, err
	}
	zone, err := clock.Zone(e.Zone)
	if err != nil {
		return nil, err
	}
	if err := e.Launch(clock.DateOf(now, zone), len(voters.Cells)); err != nil {
		return nil, explained(err)
	}
	if err := h.Editions.Save(ctx, &e); err != nil {
		return nil, err
	}
	h.Launched()
	return &barometerv1.LaunchEditionResponse{Edition: editionView(e)}, nil
}

// DeleteEdition removes a draft.
func (h Handler) DeleteEdition(ctx context.Context, req *barometerv1.DeleteEditionRequest) (*barometerv1.DeleteEditionResponse, error) {
	if err := allow(ctx, barometerv1connect.BarometerServiceDeleteEditionProcedure); err != nil {
		return nil, err
	}
	if err := h.Editions.DeleteDraft(ctx, req.GetEditionId()); err != nil {
		return nil, explained(err)
	}
	return &barometerv1.DeleteEditionResponse{}, nil
}

var states = map[edition.State]barometerv1.Edition_State{
	edition.Draft:     barometerv1.Edition_STATE_DRAFT,
	edition.Preparing: barometerv1.Edition_STATE_PREPARING,
	edition.Ready:     barometerv1.Edition_STATE_READY,
	edition.Open:      barometerv1.Edition_STATE_OPEN,
	edition.Counting:  barometerv1.Edition_STATE_COUNTING,
	edition.Published: barometerv1.Edition_STATE_PUBLISHED,
}

func editionView(e edition.Edition) *barometerv1.Edition {
	return &barometerv1.Edition{
		Id: e.ID, Name: e.Name, State: states[e.State], OpensOn: e.OpensOn.String(), ClosesOn: e.ClosesOn.String(),
		ScoresFrom: int32(e.ScoresFrom), DetailsFrom: int32(e.DetailsFrom), Questionnaire: e.Questionnaire, Version: e.Version,
		Eligible: int32(e.Eligible), Cells: int32(e.Cells),
	}
}
