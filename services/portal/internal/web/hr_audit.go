package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"jalon.dev/services/portal/internal/apikey"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const auditPage = 50

// hrAudit shows what HR, operators and outside systems did, newest first, of everybody or of one person, on everything or on one.
func (s *Site) hrAudit(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	query := audit.Query{PersonID: clip(r.FormValue("person"), 100), About: clip(r.FormValue("about"), 100)}
	entries, next, err := s.Audit.List(ctx, query, auditPage, pageToken(r))
	if errors.Is(err, audit.ErrPage) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	names, err := s.auditNames(ctx, entries, query)
	if err != nil {
		return err
	}
	view := page.AuditView{Filtered: query != audit.Query{}}
	if view.People, err = s.auditPeople(ctx, words, query.PersonID); err != nil {
		return err
	}
	if query.About != "" {
		view.About, view.AboutID = names(query.About).Label, query.About
	}
	if next != "" {
		view.Next = "/hr/audit?" + url.Values{"person": {query.PersonID}, "about": {query.About}, "page": {next}}.Encode()
	}
	for _, entry := range entries {
		view.Entries = append(view.Entries, auditRow(words, entry, names))
	}
	return s.show(w, r, page.Audit(view))
}

func auditRow(words *i18n.Words, entry audit.Entry, names func(string) page.AuditName) page.AuditRow {
	row := page.AuditRow{
		At: words.Instant(entry.At.Format(time.RFC3339)), As: words.Or("role."+string(entry.Role), string(entry.Role)),
		What: words.Or("audit_route."+routeKey(entry.Route), ""), Route: entry.Route,
		Outcome: words.T("audit_outcome." + string(entry.Outcome)), Bad: entry.Outcome != audit.Done,
	}
	switch {
	case entry.PersonID != "":
		row.Who, row.WhoID = names(entry.PersonID).Label, entry.PersonID
	case entry.Key != "":
		row.Who = entry.Key
	}
	for _, id := range entry.About {
		row.About = append(row.About, names(id))
	}
	return row
}

// auditNames asks what ids are called today. What is erased or no person keeps the beginning of its id.
func (s *Site) auditNames(ctx context.Context, entries []audit.Entry, query audit.Query) (func(string) page.AuditName, error) {
	ids := []string{query.About}
	for _, entry := range entries {
		ids = append(append(ids, entry.PersonID), entry.About...)
	}
	cards, err := s.cards(ctx, ids...)
	if err != nil {
		return nil, err
	}
	units, err := s.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := s.keyNames(ctx)
	if err != nil {
		return nil, err
	}
	accesses, err := s.accessNames(ctx)
	if err != nil {
		return nil, err
	}
	return func(id string) page.AuditName {
		return page.AuditName{ID: id, Label: cmp.Or(personOf(cards, id).Name, units[id].GetName(), keys[id], accesses[id], "#"+clip(id, 8))}
	}, nil
}

// keyNames are the names of outside systems' keys by the ids that the log knows them by.
func (s *Site) keyNames(ctx context.Context) (map[string]string, error) {
	all, err := s.Keys.All(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(all))
	for _, key := range all {
		names[apikey.ID(key.Name)] = key.Name
	}
	return names, nil
}

// auditPeople are those who hold a role, or are in without being known: whoever can have done something.
func (s *Site) auditPeople(ctx context.Context, words *i18n.Words, chosen string) ([]page.Choice, error) {
	held, err := s.Roles.All(ctx)
	if err != nil {
		return nil, err
	}
	ids := []string{chosen}
	for _, h := range held {
		ids = append(ids, h.PersonID)
	}
	cards, err := s.cards(ctx, ids...)
	if err != nil {
		return nil, err
	}
	accesses, err := s.accessNames(ctx)
	if err != nil {
		return nil, err
	}
	var choices []page.Choice
	for id, name := range accesses {
		choices = append(choices, page.Choice{Value: id, Label: name, Chosen: id == chosen})
	}
	for id, card := range cards {
		choices = append(choices, page.Choice{Value: id, Label: fullName(card), Chosen: id == chosen})
	}
	slices.SortFunc(choices, func(a, b page.Choice) int {
		return cmp.Or(words.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	return choices, nil
}

// routeKey is a route as a message's key: letters, digits and lines.
func routeKey(route string) string {
	key := make([]byte, 0, len(route))
	for i := range len(route) {
		switch c := route[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			key = append(key, c)
		case len(key) > 0 && key[len(key)-1] != '_':
			key = append(key, '_')
		}
	}
	for len(key) > 0 && key[len(key)-1] == '_' {
		key = key[:len(key)-1]
	}
	return string(key)
}
