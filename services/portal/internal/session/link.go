package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/identity"
)

// Link signs a named person in, once.
type Link struct {
	ID        string          `bson:"_id"` // the hash of the token
	PersonID  string          `bson:"person_id,omitempty"`
	Name      string          `bson:"name"`
	Roles     []identity.Role `bson:"roles,omitempty"`
	ExpiresAt time.Time       `bson:"expires_at"`
	// AccessID is what the session will be named by, where no HR file names its person.
	AccessID string `bson:"access_id,omitempty"`
	// CodeID is the hash of the code that can be typed instead; empty for a link that is not printed.
	CodeID string `bson:"code_id,omitempty"`
}

// Card tells that the link is printed on a card.
func (l Link) Card() bool { return l.CodeID != "" }

// CreateLink keeps a link for the person that l names and returns the token that stands in its address.
func (st *Store) CreateLink(ctx context.Context, l Link) (token string, expires time.Time, err error) {
	token = newToken()
	l.ID, l.ExpiresAt = hash(token), st.clock.Now().Add(LinkLifetime)
	if _, err := st.links.InsertOne(ctx, l); err != nil {
		return "", time.Time{}, fmt.Errorf("keeping a sign-in link: %w", err)
	}
	return token, l.ExpiresAt, nil
}

// PeekLink returns the link of a token without using it up, or ErrNone.
func (st *Store) PeekLink(ctx context.Context, token string) (Link, error) {
	return st.link(st.links.FindOne(ctx, bson.M{"_id": hash(token)}))
}

// UseLink takes the link of a token: whoever comes second gets ErrNone.
func (st *Store) UseLink(ctx context.Context, token string) (Link, error) {
	return st.link(st.links.FindOneAndDelete(ctx, bson.M{"_id": hash(token)}))
}

func (st *Store) link(found *mongo.SingleResult) (Link, error) {
	var l Link
	err := found.Decode(&l)
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return Link{}, ErrNone
	case err != nil:
		return Link{}, fmt.Errorf("reading a sign-in link: %w", err)
	case st.clock.Now().After(l.ExpiresAt):
		return Link{}, ErrNone
	}
	return l, nil
}
