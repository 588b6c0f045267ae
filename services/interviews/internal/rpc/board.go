package rpc

import (
	"cmp"
	"context"
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/interviews/internal/auditing"
	"jalon.dev/services/interviews/internal/board"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// trendWeeks is how many weeks the board shows.
const trendWeeks = 26

// GetBoard tells how the talks of units go.
func (h Handler) GetBoard(ctx context.Context, req *interviewsv1.GetBoardRequest) (*interviewsv1.GetBoardResponse, error) {
	organisation, err := h.organisation(ctx)
	if err != nil {
		return nil, err
	}
	whole, shown, err := organisation.asked(ctx, req.GetUnitId())
	if err != nil {
		return nil, err
	}
	figures, err := h.Board.Figures(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(shown))
	for i, unit := range shown {
		ids[i] = unit.ID
	}
	trends, err := h.Trends.Of(ctx, trendWeeks, ids...)
	if err != nil {
		return nil, err
	}
	res := &interviewsv1.GetBoardResponse{AsOf: rfc3339(figures.AsOf)}
	audit, gaps, found, err := h.Audits.Latest(ctx, ids...)
	if err != nil {
		return nil, err
	}
	if found {
		next := auditing.After(clock.DateOf(h.Clock.Now(), people.Person{}.Location()))
		res.Audit = &interviewsv1.Audit{AuditOn: audit.On.String(), Since: audit.Since.String(), NextOn: next.String()}
	}
	ratios := figures.Ratios(whole, slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == whole }))
	for _, unit := range shown {
		view := organisation.view(unit, figures.Units[unit.ID])
		for _, week := range trends[unit.ID] {
			view.Trend = append(view.Trend, &interviewsv1.WeekShare{
				Week: week.Monday.String(), People: int32(week.People), Met: int32(week.Met),
			})
		}
		view.Gap = gapOf(gaps[unit.ID])
		if ratio, ok := ratios[unit.ID]; ok {
			view.Ratio = &interviewsv1.Ratio{Congratulations: int32(ratio.Congratulations), Reframings: int32(ratio.Reframings)}
		}
		res.Units = append(res.Units, view)
	}
	return res, nil
}

func gapOf(gap mongostore.Gap) *interviewsv1.AuditGap {
	if gap.Said == nil || gap.Said.Responses == 0 || gap.Recorded.People == 0 {
		return nil
	}
	return &interviewsv1.AuditGap{
		Responses: int32(gap.Said.Responses), Recorded: float64(gap.Recorded.Held) / float64(gap.Recorded.People),
		Said: float64(gap.Said.Talks) / float64(gap.Said.Responses), Decision: gap.Said.Decision, Skills: gap.Said.Skills,
	}
}

// SetRhythm sets how many days lie between two talks in a unit.
func (h Handler) SetRhythm(ctx context.Context, req *interviewsv1.SetRhythmRequest) (*interviewsv1.SetRhythmResponse, error) {
	if err := allow(ctx, interviewsv1connect.InterviewsServiceSetRhythmProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	if _, err := h.People.Unit(ctx, req.GetUnitId()); err != nil {
		return nil, err
	}
	return &interviewsv1.SetRhythmResponse{}, h.Settings.SetRhythm(ctx, req.GetUnitId(), int(req.GetDays()))
}

// organisation is the tree of units, with what is set for them.
type organisation struct {
	units   map[string]people.Unit
	below   map[string][]people.Unit
	rhythms map[string]int
}

func (h Handler) organisation(ctx context.Context) (organisation, error) {
	units, err := h.People.Units(ctx)
	if err != nil {
		return organisation{}, err
	}
	rhythms, err := h.Settings.Rhythms(ctx)
	if err != nil {
		return organisation{}, err
	}
	o := organisation{units: map[string]people.Unit{}, below: map[string][]people.Unit{}, rhythms: rhythms}
	for _, unit := range units {
		o.units[unit.ID] = unit
	}
	for _, unit := range units {
		o.below[unit.ParentID] = append(o.below[unit.ParentID], unit)
	}
	for _, siblings := range o.below {
		slices.SortFunc(siblings, func(x, y people.Unit) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID)) })
	}
	return o, nil
}

// asked are the units that the asker is shown: the one asked for and those right below it. For whoever holds a role over units only,
// and asks for no particular one, they are those units, and there is no whole.
func (o organisation) asked(ctx context.Context, unitID string) (whole string, shown []people.Unit, err error) {
	actor, _ := identity.FromContext(ctx)
	const procedure = interviewsv1connect.InterviewsServiceGetBoardProcedure
	if unitID != "" {
		if err := policy.Allow(actor, procedure, policy.Subject{UnitPath: o.path(unitID)}); err != nil {
			return "", nil, err
		}
		unit, known := o.units[unitID]
		if !known {
			return "", nil, mongodb.ErrNotFound
		}
		return unitID, append([]people.Unit{unit}, o.below[unitID]...), nil
	}
	granted, err := policy.Within(actor, procedure, policy.Subject{})
	if err != nil {
		return "", nil, err
	}
	if granted != nil {
		for _, id := range granted {
			if unit, known := o.units[id]; known {
				shown = append(shown, unit)
			}
		}
		return "", shown, nil
	}
	// Units that an import invented have no parent until HR places them: they stand beside those right below the company.
	roots := o.below[""]
	for i, root := range roots {
		if root.Kind == "company" {
			others := slices.Delete(slices.Clone(roots), i, i+1)
			return root.ID, slices.Concat([]people.Unit{root}, o.below[root.ID], others), nil
		}
	}
	return "", roots, nil
}

// path leads from the company down to the unit.
func (o organisation) path(unitID string) []string {
	var path []string
	for id := unitID; id != "" && len(path) <= len(o.units); id = o.units[id].ParentID {
		path = append(path, id)
	}
	slices.Reverse(path)
	return path
}

func (o organisation) view(unit people.Unit, counts board.Counts) *interviewsv1.UnitRhythm {
	days := mongostore.RhythmOf(o.rhythms, o.path(unit.ID))
	if days == 0 {
		days = talk.Rhythm
	}
	return &interviewsv1.UnitRhythm{
		UnitId: unit.ID, Name: unit.Name, People: int32(counts.People), Met: int32(counts.Met), Late: int32(counts.Late),
		RhythmDays: int32(days), RhythmSet: o.rhythms[unit.ID] > 0, HasUnits: len(o.below[unit.ID]) > 0,
	}
}
