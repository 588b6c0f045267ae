package session

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
)

// Access is how somebody whom no HR file names is in Jalon: by a link of the operator's that brings a role, since no role can be
// kept for a person who is not known. It lasts as long as its link and its sessions do, and ends with them.
type Access struct {
	ID    string
	Name  string
	Roles []identity.Role
	// Since is when the first of its sessions began; zero while its link was not used.
	Since, SeenAt time.Time
	Sessions      int
}

// NewAccessID names an access.
func NewAccessID() string { return uuid.NewString() }

// Accesses returns those that work, the oldest first.
func (st *Store) Accesses(ctx context.Context) ([]Access, error) {
	nobodys := bson.M{"person_id": nil, "access_id": bson.M{"$gt": ""}} // by the index of people
	links, err := all[Link](ctx, st.links, nobodys)
	if err != nil {
		return nil, err
	}
	sessions, err := all[Session](ctx, st.sessions, nobodys)
	if err != nil {
		return nil, err
	}
	now, found := st.clock.Now(), map[string]*Access{}
	for _, l := range links {
		if !now.After(l.ExpiresAt) {
			found[l.AccessID] = &Access{ID: l.AccessID, Name: l.Name, Roles: l.Roles}
		}
	}
	for _, s := range sessions {
		if s.ended(now) {
			continue
		}
		a := found[s.AccessID]
		if a == nil {
			a = &Access{ID: s.AccessID, Name: s.Name, Roles: s.Roles, Since: s.CreatedAt}
			found[s.AccessID] = a
		}
		a.Sessions++
		if s.SeenAt.After(a.SeenAt) {
			a.SeenAt = s.SeenAt
		}
	}
	list := make([]Access, 0, len(found))
	for _, a := range found {
		list = append(list, *a)
	}
	slices.SortFunc(list, func(a, b Access) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

// EndAccess ends the sessions of an access, and its link where that still waits. Ending it twice is fine.
func (st *Store) EndAccess(ctx context.Context, id string) error {
	of := bson.M{"person_id": nil, "access_id": id}
	if _, err := st.links.DeleteMany(ctx, of); err != nil {
		return fmt.Errorf("removing the link of an access: %w", err)
	}
	if _, err := st.sessions.DeleteMany(ctx, of); err != nil {
		return fmt.Errorf("ending the sessions of an access: %w", err)
	}
	return nil
}

func all[T any](ctx context.Context, coll *mongo.Collection, filter bson.M) ([]T, error) {
	cursor, err := coll.Find(ctx, filter)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", coll.Name(), err)
	}
	found, err := mongodb.All[T](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", coll.Name(), err)
	}
	return found, nil
}
