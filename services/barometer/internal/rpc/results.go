package rpc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/electorate"
	"jalon.dev/services/barometer/internal/heat"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// Results implements barometerv1connect.ResultsServiceHandler. It reads publications only.
type Results struct {
	Register  *people.Register
	Editions  *mongostore.Editions
	Published *mongostore.Results
	Maps      *heat.Kept
	Clock     clock.Clock
}

var _ barometerv1connect.ResultsServiceHandler = Results{}

// ListPublications returns the editions of which there are results, the newest first.
func (h Results) ListPublications(ctx context.Context, _ *barometerv1.ListPublicationsRequest) (*barometerv1.ListPublicationsResponse, error) {
	if err := allow(ctx, barometerv1connect.ResultsServiceListPublicationsProcedure); err != nil {
		return nil, err
	}
	over, err := h.Editions.In(ctx, edition.Published)
	if err != nil {
		return nil, err
	}
	res := &barometerv1.ListPublicationsResponse{Questionnaire: questionnaire.Standard().Fingerprint()}
	for _, e := range over {
		res.Publications = append(res.Publications, &barometerv1.ListPublicationsResponse_Publication{
			EditionId: e.ID, Name: e.Name, ClosedOn: e.ClosesOn.String(),
		})
	}
	return res, nil
}

// GetResults returns what was published of a unit and of the units right below it.
func (h Results) GetResults(ctx context.Context, req *barometerv1.GetResultsRequest) (*barometerv1.GetResultsResponse, error) {
	e, earlier, err := h.edition(ctx, req.GetEditionId())
	if err != nil {
		return nil, err
	}
	q := questionnaire.Standard()
	res := &barometerv1.GetResultsResponse{
		EditionId: e.ID, EditionName: e.Name, ClosedOn: e.ClosesOn.String(), ComparedWith: earlier,
		ScoresFrom: int32(e.ScoresFrom), DetailsFrom: int32(e.DetailsFrom), Questionnaire: e.Questionnaire,
		Enps: q.ENPS.In(req.GetLanguage()), Themes: themes(q, req.GetLanguage()),
	}
	if !e.PublishedOn.IsZero() {
		res.PublishedOn = e.PublishedOn.String()
	}
	r, err := h.Published.Get(ctx, e.ID, req.GetUnitId())
	if errors.Is(err, mongodb.ErrNotFound) {
		return res, h.unpublished(ctx, res, req.GetUnitId())
	}
	if err != nil {
		return nil, err
	}
	if err := h.mayRead(ctx, r.UnitID, r.Path); err != nil {
		return nil, err
	}
	above, err := h.Published.Named(ctx, e.ID, r.Path[:len(r.Path)-1])
	if err != nil {
		return nil, err
	}
	for _, unit := range above {
		res.Path = append(res.Path, unitName(unit))
	}
	res.Unit = resultView(r)
	res.Path = append(res.Path, res.GetUnit().GetUnit())
	if r.Below > 0 {
		if err := h.below(ctx, res, r.UnitID, req.GetBelow()); err != nil {
			return nil, err
		}
	}
	if !r.Detailed {
		return res, nil
	}
	comments, err := h.Published.Comments(ctx, e.ID, r.UnitID)
	if err != nil {
		return nil, err
	}
	for _, t := range q.Themes {
		if len(comments[t.Code]) > 0 {
			res.Comments = append(res.Comments, &barometerv1.ThemeComments{Theme: t.Code, Texts: comments[t.Code]})
		}
	}
	return res, nil
}

// below tells of the units right below those that are wanted, and of all of them what is said of all.
func (h Results) below(ctx context.Context, res *barometerv1.GetResultsResponse, unitID string, want *barometerv1.BelowWanted) error {
	all, err := h.Maps.Of(ctx, res.GetEditionId(), unitID)
	if err != nil {
		return err
	}
	res.BelowSummary = &barometerv1.BelowSummary{
		All: int32(all.All), Found: int32(all.All), Kind: all.Kind, Rest: all.Rest, Reach: all.Reach, Detectable: all.Detectable,
	}
	var below []mongostore.Result
	if want == nil {
		below, err = h.Published.Below(ctx, res.GetEditionId(), unitID)
	} else {
		ids, found := all.Find(heat.Wanted{
			By: orderBy(res.GetThemes(), want.GetOrderBy()), NameContains: want.GetNameContains(), Offset: int(want.GetOffset()), Limit: int(want.GetLimit()),
		})
		res.BelowSummary.Found = int32(found)
		below, err = h.Published.These(ctx, ids)
	}
	if err != nil {
		return err
	}
	for _, b := range below {
		res.Below = append(res.Below, resultView(b))
	}
	return nil
}

// orderBy is the place of the figure of a theme, or of the recommendation.
func orderBy(themes []*barometerv1.Theme, code string) int {
	if code == "enps" {
		return len(themes)
	}
	return slices.IndexFunc(themes, func(t *barometerv1.Theme) bool { return code != "" && t.GetCode() == code }) // heat.ByName is where there is none
}

// unpublished tells of a unit that was not published where it is, and with which one it was counted. It is the one question for which the
// whole organisation of the edition is read.
func (h Results) unpublished(ctx context.Context, res *barometerv1.GetResultsResponse, unitID string) error {
	units, err := h.Editions.Units(ctx, res.GetEditionId())
	if err != nil {
		return err
	}
	org := electorate.NewOrganisation(units)
	if unitID == "" {
		unitID = org.Root
	}
	path := org.Path(unitID)
	if err := h.mayRead(ctx, unitID, path); err != nil {
		return err
	}
	if len(path) == 0 {
		return fmt.Errorf("reading the results of a unit: %w", mongodb.ErrNotFound)
	}
	for _, id := range path {
		res.Path = append(res.Path, unitName(org.Unit(id)))
	}
	return h.countedWith(ctx, res, org, unitID)
}

// edition is the published one with the id, or the newest, and the name of the one with which it was compared.
func (h Results) edition(ctx context.Context, id string) (e edition.Edition, earlier string, err error) {
	over, err := h.Editions.In(ctx, edition.Published)
	if err != nil {
		return edition.Edition{}, "", err
	}
	found := false
	for _, candidate := range over { // the newest first
		switch {
		case !found && (id == "" || candidate.ID == id):
			e, found = candidate, true
		case found && candidate.Questionnaire == e.Questionnaire:
			return e, candidate.Name, nil
		}
	}
	if !found {
		return edition.Edition{}, "", fmt.Errorf("looking for a published edition: %w", mongodb.ErrNotFound)
	}
	return e, "", nil
}

// mayRead refuses those whose unit it is not. Whoever leads the unit today reads it as its manager.
func (h Results) mayRead(ctx context.Context, unitID string, path []string) error {
	actor, _ := identity.FromContext(ctx)
	subject := policy.Subject{UnitPath: path}
	led, err := h.Register.Leads(ctx, actor.PersonID, unitID, clock.DateOf(h.Clock.Now(), time.UTC))
	if err != nil {
		return err
	}
	if led {
		subject.ManagerID = actor.PersonID
	}
	return policy.Allow(actor, barometerv1connect.ResultsServiceGetResultsProcedure, subject)
}

func (h Results) countedWith(ctx context.Context, res *barometerv1.GetResultsResponse, org electorate.Organisation, unitID string) error {
	with, err := h.Published.CountedWith(ctx, res.GetEditionId(), unitID)
	if err != nil {
		return err
	}
	if with == "" { // a unit that voted in the cell of one above
		path := org.Path(unitID)
		for i := len(path) - 2; i >= 0 && with == ""; i-- {
			_, err := h.Published.Get(ctx, res.GetEditionId(), path[i])
			switch {
			case err == nil:
				with = path[i]
			case !errors.Is(err, mongodb.ErrNotFound):
				return err
			}
		}
	}
	if with != "" {
		res.CountedWith = unitName(org.Unit(with))
	}
	return nil
}

func unitName(u people.Unit) *barometerv1.UnitName {
	return &barometerv1.UnitName{Id: u.ID, Name: u.Name, Kind: u.Kind}
}
