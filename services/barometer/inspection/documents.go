package inspection

import (
	"context"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// readCollections looks at which collections there are, and whether the database keeps a record of what it is asked.
func (l *look) readCollections(ctx context.Context) error {
	names, err := l.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return fmt.Errorf("listing collections: %w", err)
	}
	for _, name := range names {
		if _, known := collection(name); !known {
			l.breach(Collections, Breach{What: UnknownCollection, Collection: tellable(name)})
		}
	}
	var profile struct {
		Level int `bson:"was"`
	}
	// A database that does not know the command, or lets nobody ask, keeps no profile or shows it as a collection.
	err = l.db.RunCommand(ctx, bson.D{{Key: "profile", Value: -1}}).Decode(&profile)
	if err == nil && profile.Level > 0 {
		l.breach(Collections, Breach{What: Profiled})
	}
	return nil
}

// inOrder are the collections as they are to be read beside a running Jalon: what is counted against something later only ever grows.
var inOrder = []string{"ballots", "spool", "electors", "sheets", "cells", "keys", "comments", "counted", "results"}

func (l *look) readDocuments(ctx context.Context) error {
	for _, name := range inOrder {
		c, _ := collection(name)
		err := l.each(ctx, name, func(doc bson.Raw) error {
			breaches := map[located]bool{}
			if err := l.walk(c, "", doc, breaches); err != nil {
				return err
			}
			for b := range breaches { // once for a document, however often it is in it
				l.breach(b.promise, b.Breach)
			}
			return l.tally(name, doc)
		})
		if err != nil {
			return err
		}
	}
	for _, c := range Layout {
		if !c.Beside {
			continue
		}
		err := l.each(ctx, c.Name, func(doc bson.Raw) error {
			if holdsBallot(doc) {
				l.breach(Sealed, Breach{What: InClear, Collection: c.Name})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type located struct {
	promise Promise
	Breach
}

// walk looks at every field of a document, and of what is in it.
func (l *look) walk(c Collection, above string, doc bson.Raw, breaches map[located]bool) error {
	elements, err := doc.Elements()
	if err != nil {
		return fmt.Errorf("reading a document: %w", err)
	}
	for _, e := range elements {
		if err := l.visit(c, above+e.Key(), e.Value(), breaches); err != nil {
			return err
		}
	}
	return nil
}

func (l *look) visit(c Collection, path string, v bson.RawValue, breaches map[located]bool) error {
	if v.Type == bson.TypeArray {
		values, err := v.Array().Values()
		if err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		for _, value := range values {
			if err := l.visit(c, path, value, breaches); err != nil {
				return err
			}
		}
		if len(values) > 0 {
			return nil
		}
	}
	wanted, known := c.Fields[path]
	at := Breach{Collection: c.Name, Field: tellable(path)}
	switch {
	case !known:
		at.What = UnknownField
		breaches[located{Fields, at}] = true
		if promise, what := l.suspected(path); what != "" { // a name can tell as much as a value
			breaches[located{promise, Breach{What: what, Collection: at.Collection, Field: at.Field}}] = true
		}
		l.suspect(at, v, breaches)
	case v.Type == bson.TypeNull || v.Type == bson.TypeArray: // nothing is in it
	case !l.fits(wanted, v):
		at.What = OtherShape
		if wanted == sealed {
			at.What = InClear
			breaches[located{Sealed, at}] = true
			return nil
		}
		breaches[located{Fields, at}] = true
		l.suspect(at, v, breaches)
	case wanted == words:
		// People write what they like. No id of a person is among it, unless a program put it there.
		if promise, what := l.suspected(v.StringValue()); what == Person {
			at.What = what
			breaches[located{promise, at}] = true
		}
	case wanted == group:
		return l.walk(c, path+".", v.Document(), breaches)
	}
	return nil
}

// plainName is the name of a collection or a path as programs have them.
var plainName = regexp.MustCompile(`^[A-Za-z_]{1,40}(\.[A-Za-z_]{1,40})*$`)

// tellable is a name that tells nobody's id: what is planted may have one as its name.
func tellable(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return "…"
}

// suspect says what a value tells that does not belong, however deep it lies.
func (l *look) suspect(at Breach, v bson.RawValue, breaches map[located]bool) {
	if v.Type == bson.TypeEmbeddedDocument || v.Type == bson.TypeArray {
		elements, _ := bson.Raw(v.Value).Elements() // what cannot be read is of an unknown field in any case
		for _, e := range elements {
			if promise, what := l.suspected(e.Key()); what != "" {
				breaches[located{promise, Breach{What: what, Collection: at.Collection, Field: at.Field}}] = true
			}
			l.suspect(at, e.Value(), breaches)
		}
		return
	}
	if promise, what := l.suspicion(v); what != "" {
		at.What = what
		breaches[located{promise, at}] = true
	}
}

func formatted(uuid []byte) string { return dashed(hex.EncodeToString(uuid)) }

// dashed writes the 32 digits of a UUID as they are written.
func dashed(digits string) string {
	d := strings.ToLower(strings.ReplaceAll(digits, "-", ""))
	return strings.Join([]string{d[:8], d[8:12], d[12:16], d[16:20], d[20:]}, "-")
}

// readPeople learns who there is, so that they are recognised where they do not belong.
func (l *look) readPeople(ctx context.Context) error {
	for collection, field := range map[string]string{"people": "_id", "electors": "person"} {
		err := l.each(ctx, collection, func(doc bson.Raw) error {
			if id, ok := doc.Lookup(field).StringValueOK(); ok {
				l.people[id] = true
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readUnits learns which units there are, and were at the launches.
func (l *look) readUnits(ctx context.Context) error {
	add := func(doc bson.Raw) {
		if id, ok := doc.Lookup("_id").StringValueOK(); ok {
			l.units[id] = true
		}
	}
	if err := l.each(ctx, "units", func(doc bson.Raw) error { add(doc); return nil }); err != nil {
		return err
	}
	return l.each(ctx, "organisations", func(doc bson.Raw) error {
		units, ok := doc.Lookup("units").ArrayOK()
		if !ok {
			return nil
		}
		values, err := units.Values()
		for _, v := range values {
			if unit, ok := v.DocumentOK(); ok {
				add(unit)
			}
		}
		return err
	})
}
