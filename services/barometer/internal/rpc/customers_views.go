package rpc

import (
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/barometer/internal/customers"
	"jalon.dev/services/barometer/internal/mongostore"
)

var lags = map[customers.Lag]barometerv1.Relation_Lag{
	customers.Before: barometerv1.Relation_LAG_BEFORE,
	customers.Same:   barometerv1.Relation_LAG_SAME,
	customers.After:  barometerv1.Relation_LAG_AFTER,
}

var relationVerdicts = map[customers.Verdict]barometerv1.Relation_Verdict{
	customers.Together:     barometerv1.Relation_VERDICT_TOGETHER,
	customers.Opposite:     barometerv1.Relation_VERDICT_OPPOSITE,
	customers.Unclear:      barometerv1.Relation_VERDICT_UNCLEAR,
	customers.TooFewStores: barometerv1.Relation_VERDICT_TOO_FEW_STORES,
}

var quadrants = map[customers.Quadrant]barometerv1.StorePosition_Quadrant{
	customers.BothHigh:      barometerv1.StorePosition_QUADRANT_BOTH_HIGH,
	customers.EmployeesHigh: barometerv1.StorePosition_QUADRANT_EMPLOYEES_HIGH,
	customers.CustomersHigh: barometerv1.StorePosition_QUADRANT_CUSTOMERS_HIGH,
	customers.BothLow:       barometerv1.StorePosition_QUADRANT_BOTH_LOW,
	customers.NearMiddle:    barometerv1.StorePosition_QUADRANT_NEAR,
}

func relationView(r customers.Relation) *barometerv1.Relation {
	view := &barometerv1.Relation{Lag: lags[r.Lag], Wave: string(r.Wave), Verdict: relationVerdicts[r.Verdict], Stores: int32(r.Pairs)}
	if !r.TooFew {
		view.R, view.Interval = r.R, intervalView(&r.Interval)
	}
	return view
}

func middleView(c customers.Crossing) *barometerv1.Middle {
	view := &barometerv1.Middle{Employees: c.EmployeeMedian, Customers: c.CustomerMedian}
	in := map[customers.Quadrant]*int32{
		customers.BothHigh: &view.BothHigh, customers.EmployeesHigh: &view.EmployeesHigh, customers.CustomersHigh: &view.CustomersHigh,
		customers.BothLow: &view.BothLow, customers.NearMiddle: &view.Near,
	}
	for _, p := range c.Stores {
		*in[p.Quadrant]++
	}
	return view
}

func positionView(p customers.Position, of mongostore.Result, want crossing, m customers.Measures) *barometerv1.StorePosition {
	f := of.Themes[want.theme]
	view := &barometerv1.StorePosition{
		Store: &barometerv1.UnitName{Id: of.UnitID, Name: of.Name, Kind: of.Kind}, Employees: p.Employees, Band: f.Band(), Ballots: int32(of.Ballots),
		Customers: customersFigure(m, want.question), Quadrant: quadrants[p.Quadrant],
	}
	if share, err := of.Share(f); err == nil && !f.Band() { // an error of more ballots than people, of whom nothing is said then
		i := share.Interval()
		view.EmployeesInterval = &barometerv1.Interval{Low: 100 * i.Low, High: 100 * i.High}
	}
	return view
}
