package roster

import (
	"fmt"
	"strings"

	"jalon.dev/services/directory/internal/fold"
)

// dateOrders decides for each date column from the whole column; a column that leaves it open follows the rest of the file,
// then what the headers say of themselves, then their language. Where even that tells nothing, the file is refused: a wrong
// guess would be noticed only after people were congratulated on the wrong day.
func (t *table) dateOrders() (map[Field]order, *RefusalError) {
	seen := make(map[Field]*evidence)
	var all evidence
	for _, f := range dateFields() {
		seen[f] = &evidence{}
		if t.Has(f) {
			for _, rec := range t.records {
				seen[f].add(strings.TrimSpace(t.raw(rec, f)))
			}
		}
		all.addAll(*seen[f])
	}
	orders := make(map[Field]order, len(seen))
	for _, f := range dateFields() {
		said, says := t.saysOrder(f)
		switch {
		case seen[f].decides():
			orders[f] = seen[f].order()
		case seen[f].either+seen[f].dayFirst+seen[f].monthFirst == 0:
		case says:
			orders[f] = said
		case all.decides():
			orders[f] = all.order()
		case t.french():
			orders[f] = dayFirst
		default:
			return nil, t.undecidable(f)
		}
	}
	t.dateOrder = describeOrder(all, orders)
	return orders, nil
}

func (t *table) undecidable(f Field) *RefusalError {
	example := ""
	for _, rec := range t.records {
		if n, yearFirst, ok := threeNumbers(strings.TrimSpace(t.raw(rec, f))); ok && !yearFirst && n[0] != n[1] {
			example = clean(t.raw(rec, f))
			break
		}
	}
	header := t.Header(f)
	r := refuse(DateOrderUnknown, header, fmt.Sprintf("2026-11-02, or a header such as %q", withoutRemark(header)+" (DD/MM/YYYY)"),
		fmt.Sprintf("Nothing in the file tells the day from the month: %q could be either. Write dates as YYYY-MM-DD, or say the order in the header: %q.",
			example, withoutRemark(header)+" (DD/MM/YYYY)"))
	r.Problem.Value = Shorten(example)
	return r
}

// saysOrder reads the order from the header's own remark: "(jj/mm/aaaa)", "[MM/DD/YYYY]".
func (t *table) saysOrder(f Field) (order, bool) {
	if !t.Has(f) {
		return dayFirst, false
	}
	header := t.headers[t.place[f]]
	letters := strings.Join(fold.Words(strings.TrimPrefix(header, withoutRemark(header))), "")
	switch {
	case strings.HasPrefix(letters, "jm"), strings.HasPrefix(letters, "jjmm"), strings.HasPrefix(letters, "ddmm"), strings.HasPrefix(letters, "dmy"):
		return dayFirst, true
	case strings.HasPrefix(letters, "mmdd"), strings.HasPrefix(letters, "mmjj"), strings.HasPrefix(letters, "mdy"):
		return monthFirst, true
	}
	return dayFirst, false
}

func describeOrder(all evidence, orders map[Field]order) string {
	for _, f := range dateFields() {
		if o, decided := orders[f]; decided && o == monthFirst {
			return "month_first"
		} else if decided {
			return "day_first"
		}
	}
	switch {
	case all.either+all.dayFirst+all.monthFirst > 0:
		return "day_first"
	case all.yearFirst > 0:
		return "year_first"
	}
	return ""
}
