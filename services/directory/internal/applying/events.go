package applying

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/unit"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

const source = "directory"

// events are what a batch tells the others: at most one event of each type, the same ones each time it is redone. Names and
// addresses stay here.
func events(ctx context.Context, b importing.Batch) ([]event.Event, error) {
	asOf := b.AsOf.String()
	units := &directoryv1.UnitsChanged{}
	registered := &directoryv1.PeopleRegistered{AsOf: asOf}
	hired := &directoryv1.PeopleHired{AsOf: asOf}
	moved := &directoryv1.PeopleMoved{AsOf: asOf}
	updated := &directoryv1.PeopleUpdated{AsOf: asOf}
	left := &directoryv1.PeopleLeft{AsOf: asOf}
	promoted := &directoryv1.PeoplePromoted{AsOf: asOf}
	away := &directoryv1.PeopleOnLeave{AsOf: asOf}
	returned := &directoryv1.PeopleReturned{AsOf: asOf}
	for _, u := range b.Units {
		units.Units = append(units.Units, Unit(u))
	}
	for _, c := range b.Changes {
		if c.Tells == (importing.Tells{}) {
			continue
		}
		someone := Employee(c.Person, c.UnitPath, c.TimeZone)
		if c.Tells.Registered {
			registered.People = append(registered.People, someone)
		}
		if c.Tells.Hired {
			hired.People = append(hired.People, someone)
		}
		if c.Tells.Moved {
			moved.Moves = append(moved.Moves, &directoryv1.PeopleMoved_Move{Person: someone, FromUnitId: c.FromUnit, MovedOn: effect(c, b.AsOf), Change: changeOf(c)})
		}
		if c.Tells.Updated {
			updated.People = append(updated.People, someone)
			if change := changeOf(c); change != nil {
				if updated.Changes == nil {
					updated.Changes = map[string]*directoryv1.Change{}
				}
				updated.Changes[c.Person.ID] = change
			}
		}
		if c.Tells.Left {
			left.People = append(left.People, someone)
		}
		if c.Tells.Promoted {
			promoted.Promotions = append(promoted.Promotions, &directoryv1.PeoplePromoted_Promotion{Person: someone, PromotedOn: c.Person.PromotedOn.String()})
		}
		if c.Tells.OnLeave {
			away.People = append(away.People, someone)
		}
		if c.Tells.Returned {
			returned.Returns = append(returned.Returns, &directoryv1.PeopleReturned_Return{
				Person: someone, ReturnedOn: c.ReturnedOn.String(), AwayFrom: c.LeaveBegan.String(),
			})
		}
	}
	var told []event.Event
	for _, e := range []struct {
		size int
		msg  proto.Message
	}{
		{len(units.GetUnits()), units},
		{len(registered.GetPeople()), registered},
		{len(hired.GetPeople()), hired},
		{len(moved.GetMoves()), moved},
		{len(updated.GetPeople()), updated},
		{len(left.GetPeople()), left},
		{len(promoted.GetPromotions()), promoted},
		{len(away.GetPeople()), away},
		{len(returned.GetReturns()), returned},
	} {
		if e.size == 0 {
			continue
		}
		ev, err := event.NewKeyed(ctx, source, b.ImportID, fmt.Sprintf("%s/%d", b.ImportID, b.Seq), b.At, e.msg)
		if err != nil {
			return nil, fmt.Errorf("telling of batch %d: %w", b.Seq, err)
		}
		told = append(told, ev)
	}
	return told, nil
}

// changeOf is what there is to say of a change beyond the facts that result; nil: nothing.
func changeOf(c importing.Change) *directoryv1.Change {
	if !c.ManagerChanged && c.FormerHiredOn.IsZero() {
		return nil
	}
	told := &directoryv1.Change{ManagerChanged: c.ManagerChanged, FormerManagerId: c.FormerManager, FormerHiredOn: c.FormerHiredOn.String()}
	if c.ManagerChanged {
		told.ManagerChangedOn = c.On.String()
	}
	return told
}

// effect is the day of a move; plans that were made before days were kept have none.
func effect(c importing.Change, asOf clock.Date) string {
	if c.On.IsZero() {
		return asOf.String()
	}
	return c.On.String()
}

// Employee is what the rest of Jalon knows of a person.
func Employee(p person.Person, unitPath []string, timeZone string) *directoryv1.Employee {
	return &directoryv1.Employee{
		Id: p.ID, Version: p.Version, UnitId: p.UnitID, UnitPath: unitPath, ManagerId: p.ManagerID, Language: p.Language,
		TimeZone: timeZone, HiredOn: p.HiredOn.String(), LeftOn: p.LeftOn.String(),
		AwayFrom: p.AwayFrom.String(), AwayUntil: p.AwayUntil.String(),
		JobTitle: p.JobTitle, Contract: p.Contract,
	}
}

// Unit is what the rest of Jalon knows of a unit.
func Unit(u unit.Unit) *directoryv1.Unit {
	return &directoryv1.Unit{
		Id: u.ID, Version: u.Version, Name: u.Name, Kind: string(u.Kind), ParentId: u.ParentID, TimeZone: u.TimeZone,
		Unplaced: u.Unplaced, HolidayCalendar: u.Holidays, Code: u.Code, MergedInto: u.MergedInto,
	}
}
