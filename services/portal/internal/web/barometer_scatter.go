package web

import (
	"math"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// shapes tell quadrants apart without colour.
var shapes = map[barometerv1.StorePosition_Quadrant]page.Shape{
	barometerv1.StorePosition_QUADRANT_BOTH_HIGH:      page.Disc,
	barometerv1.StorePosition_QUADRANT_EMPLOYEES_HIGH: page.Triangle,
	barometerv1.StorePosition_QUADRANT_CUSTOMERS_HIGH: page.Square,
	barometerv1.StorePosition_QUADRANT_BOTH_LOW:       page.Diamond,
	barometerv1.StorePosition_QUADRANT_NEAR:           page.Ring,
	barometerv1.StorePosition_QUADRANT_UNSPECIFIED:    page.Ring,
}

var quadrantKeys = map[barometerv1.StorePosition_Quadrant]string{
	barometerv1.StorePosition_QUADRANT_BOTH_HIGH:      "crossing.both_high",
	barometerv1.StorePosition_QUADRANT_EMPLOYEES_HIGH: "crossing.employees_high",
	barometerv1.StorePosition_QUADRANT_CUSTOMERS_HIGH: "crossing.customers_high",
	barometerv1.StorePosition_QUADRANT_BOTH_LOW:       "crossing.both_low",
	barometerv1.StorePosition_QUADRANT_NEAR:           "crossing.near",
}

// quadrantName is empty where the reader is not told.
func quadrantName(words *i18n.Words, q barometerv1.StorePosition_Quadrant) string {
	if key, told := quadrantKeys[q]; told {
		return words.T(key)
	}
	return ""
}

func quadrantCounts(words *i18n.Words, m *barometerv1.Middle) (counts []page.QuadrantCount) {
	if m == nil {
		return nil
	}
	for _, of := range []struct {
		quadrant barometerv1.StorePosition_Quadrant
		n        int32
	}{
		{barometerv1.StorePosition_QUADRANT_BOTH_HIGH, m.GetBothHigh()},
		{barometerv1.StorePosition_QUADRANT_EMPLOYEES_HIGH, m.GetEmployeesHigh()},
		{barometerv1.StorePosition_QUADRANT_CUSTOMERS_HIGH, m.GetCustomersHigh()},
		{barometerv1.StorePosition_QUADRANT_BOTH_LOW, m.GetBothLow()},
		{barometerv1.StorePosition_QUADRANT_NEAR, m.GetNear()},
	} {
		counts = append(counts, page.QuadrantCount{Shape: shapes[of.quadrant], Name: words.T(quadrantKeys[of.quadrant]), N: int(of.n)})
	}
	return counts
}

// scatter places the named stores: to the right those where employees say more good, above those where customers do.
func scatter(words *i18n.Words, res *barometerv1.GetCrossingResponse, marked string) *page.Scatter {
	var theirs, customers []float64
	for _, p := range res.GetPositions() {
		theirs, customers = append(theirs, p.GetEmployees()), append(customers, p.GetCustomers().GetPoints())
	}
	m := res.GetMiddle()
	if m != nil {
		theirs, customers = append(theirs, m.GetEmployees()), append(customers, m.GetCustomers())
	}
	lowest := 0.0
	if res.GetQuestion() == recommendation {
		lowest = -100
	}
	x, y := axisOf(theirs, 0), axisOf(customers, lowest)
	chart := &page.Scatter{Many: len(res.GetPositions()) > manyDots}
	for _, at := range x.ticks() {
		chart.XTicks = append(chart.XTicks, page.Tick{At: x.place(at), Text: words.Percent(at / 100)})
	}
	for _, at := range y.ticks() {
		chart.YTicks = append(chart.YTicks, page.Tick{At: 100 - y.place(at), Text: measured(words, res.GetQuestion(), at)})
	}
	if m != nil {
		chart.Middle, chart.MidX, chart.MidY = true, x.place(m.GetEmployees()), 100-y.place(m.GetCustomers())
	}
	for _, p := range res.GetPositions() {
		row := storeRow(words, res, p, marked)
		dot := page.Dot{
			X: x.place(p.GetEmployees()), Y: 100 - y.place(p.GetCustomers().GetPoints()), Shape: row.Shape, Href: row.Href, Marked: row.Marked, Name: row.Name,
			Told: words.T("crossing.dot", "Store", row.Name, "Employees", row.Employees, "Customers", row.Customers),
		}
		if dot.Marked = dot.Marked || len(res.GetPositions()) == 1; dot.Marked { // above all others
			chart.Marked = &dot
			continue
		}
		chart.Dots = append(chart.Dots, dot)
	}
	return chart
}

// manyDots is from how many stores on their marks let others shine through.
const manyDots = 150

// axis spans the values of a chart, in steps.
type axis struct{ from, to, step float64 }

// axisOf spans the values in whole steps, within what is possible: a few stores shall not look far apart because there are no others.
func axisOf(values []float64, lowest float64) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	const least = 40
	if missing := least - (high - low); missing > 0 {
		low, high = low-missing/2, high+missing/2
	}
	a := axis{step: 10}
	if high-low > 45 {
		a.step = 20
	}
	if high-low > 120 {
		a.step = 50
	}
	a.from, a.to = max(lowest, a.step*math.Floor(low/a.step)), min(100, a.step*math.Ceil(high/a.step))
	return a
}

func (a axis) place(value float64) float64 { return 100 * (value - a.from) / (a.to - a.from) }

func (a axis) ticks() (at []float64) {
	for v := a.from; v <= a.to+a.step/100; v += a.step {
		at = append(at, v)
	}
	return at
}
