package web

import (
	"context"
	"net/http"
	"time"

	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/session"
)

// accessRows are those whom no HR file names, as the page shows them to the reader.
func accessRows(reader *visitor, accesses []session.Access) (rows []page.AccessRow) {
	words := reader.frame().Words
	for _, a := range accesses {
		row := page.AccessRow{ID: a.ID, Name: a.Name, Sessions: a.Sessions, Own: a.ID == reader.actor.AccessID}
		for _, role := range a.Roles {
			row.Role = words.T("role." + string(role))
		}
		if a.Sessions > 0 {
			row.Since, row.SeenAt = words.Instant(a.Since.Format(time.RFC3339)), words.Instant(a.SeenAt.Format(time.RFC3339))
		}
		rows = append(rows, row)
	}
	return rows
}

// givenBy names who gave a role and is no person of directory.
func givenBy(words *i18n.Words, accesses []session.Access, id string) string {
	for _, a := range accesses {
		if a.ID == id {
			return a.Name
		}
	}
	if id == "" {
		return words.T("access.operator")
	}
	return words.T("access.without_gone")
}

// endAccess ends the sessions of somebody whom no HR file names. Whoever ends their own is signed out.
func (s *Site) endAccess(w http.ResponseWriter, r *http.Request) error {
	if err := s.Sessions.EndAccess(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/hr/access", http.StatusSeeOther)
	return nil
}

// accessNames are the names of those whom no HR file names, by the ids that the log knows them by.
func (s *Site) accessNames(ctx context.Context) (map[string]string, error) {
	accesses, err := s.Sessions.Accesses(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(accesses))
	for _, a := range accesses {
		names[a.ID] = a.Name
	}
	return names, nil
}
