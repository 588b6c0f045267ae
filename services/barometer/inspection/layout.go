package inspection

// Collection is a collection that may be there.
type Collection struct {
	Name string
	// Beside says that it holds nothing of ballots, tokens or results: its fields are not looked at, and its content only for ballots that
	// would lie there in the clear.
	Beside bool
	// Fields are all that its documents may have, by path: those of a list have the path of the list.
	Fields map[string]shape
}

// Layout is everything that may be in the barometer's database. docs/barometer.md tells the same, for people; a test compares.
var Layout = []Collection{
	{Name: "electors", Fields: map[string]shape{
		"_id": electorID, "edition": editionID, "person": personID, "unit": unitID, "cell": unitID, "blinded": hash, "sheet": randomID,
		"told": flag,
	}},
	{Name: "sheets", Fields: map[string]shape{
		"_id": randomID, "edition": editionID, "state": sheetState, "cell": unitID, "until": lastDay, "n": number,
		"cards": group, "cards.place": hash, "cards.sealed": sealed,
	}},
	{Name: "cells", Fields: map[string]shape{
		"_id": ofUnit, "edition": editionID, "unit": unitID, "name": words, "path": unitID, "eligible": number, "cards": number, "merged": unitID,
		"key": hash, "public": blob, "private": blob,
	}},
	{Name: "spool", Fields: map[string]shape{
		"_id": hash, "edition": editionID, "cell": unitID, "batch": randomID, "sealed": sealed,
	}},
	{Name: "ballots", Fields: map[string]shape{
		"_id": randomID, "edition": editionID, "cell": unitID, "n": number, "answers": packed, "of": randomID,
		"comments": group, "comments.theme": theme, "comments.text": words,
	}},
	{Name: "comments", Fields: map[string]shape{
		"_id": randomID, "edition": editionID, "path": unitID, "theme": theme, "text": words,
	}},
	{Name: "counted", Fields: map[string]shape{"_id": editionID, "edition": editionID, "with": unitsByUnit}},
	{Name: "results", Fields: resultFields()},
	{Name: "keys", Fields: map[string]shape{"_id": ofEdition, "master": hash, "key": blob}},

	{Name: "editions", Beside: true},
	{Name: "organisations", Beside: true},
	{Name: "people", Beside: true},
	{Name: "units", Beside: true},
	{Name: "register", Beside: true},
	{Name: "customer_waves", Beside: true},
	{Name: "customer_counts", Beside: true},
	{Name: "benchmarks", Beside: true},
	{Name: "agenda", Beside: true},
	{Name: "events", Beside: true},
	{Name: "relay", Beside: true},
	{Name: "leases", Beside: true},
	{Name: "migrations", Beside: true},
}

// resultFields are those of a publication: of a group, counts and what follows from them.
func resultFields() map[string]shape {
	fields := map[string]shape{
		"_id": ofUnit, "edition": editionID, "parent": unitID, "name": words, "kind": words, "below": number,
		"unit": unitID, "path": unitID, "rest": flag, "eligible": number, "ballots": number, "detailed": flag, "withheld": words,
		"themes": group, "questions": group, "enps": group, "enps.points": number, "enps.interval": group,
		"drivers": group, "drivers.pairs": number, "drivers.toofew": flag, "drivers.r": number, "drivers.interval": group,
		"changes": group, "changes.points": number, "changes.interval": group, "changes.detectable": number, "changes.verdict": words,
		"places": group, "places.best": number, "places.worst": number, "among": number,
	}
	for _, of := range []string{"themes", "questions"} {
		for _, field := range []string{"f", "n", "u", "m", "d"} {
			fields[of+"."+field] = number
		}
		fields[of+".mi"] = group
	}
	for _, interval := range []string{"themes.mi", "questions.mi", "enps.interval", "drivers.interval", "changes.interval"} {
		fields[interval+".low"], fields[interval+".high"] = number, number
	}
	return fields
}

func collection(name string) (Collection, bool) {
	for _, c := range Layout {
		if c.Name == name {
			return c, true
		}
	}
	return Collection{}, false
}
