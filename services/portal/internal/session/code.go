package session

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

const (
	// CodeLifetime is how long a printed code waits for its person.
	CodeLifetime = 7 * 24 * time.Hour
	// codeLetters are 32 that nobody takes for one another, so twelve of them are 60 random bits.
	codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	codeLength  = 12
	codeGroup   = 4
)

// Code is a sign-in to print, for somebody without e-mail: a link for the camera and a code to type. Either signs in once, and
// then neither does.
type Code struct {
	Link Link
	// Token stands in the link's address, Typed is "K7MP-3XQ9-TRVA". Both are kept as hashes alone.
	Token, Typed string
}

// CreateCodes makes a code for each of the people that the links name. Codes that they had before work no more.
func (st *Store) CreateCodes(ctx context.Context, links ...Link) ([]Code, error) {
	if len(links) == 0 {
		return nil, nil
	}
	codes, docs, people := make([]Code, len(links)), make([]any, len(links)), make([]string, len(links))
	for i, l := range links {
		token, typed := newToken(), newCode()
		l.ID, l.CodeID, l.ExpiresAt = hash(token), hashCode(typed), st.clock.Now().Add(CodeLifetime)
		codes[i], docs[i], people[i] = Code{Link: l, Token: token, Typed: typed}, l, l.PersonID
	}
	_, err := st.links.DeleteMany(ctx, bson.M{"person_id": bson.M{"$in": people}, "code_id": bson.M{"$gt": ""}})
	if err != nil {
		return nil, fmt.Errorf("replacing the codes of %d people: %w", len(people), err)
	}
	if _, err := st.links.InsertMany(ctx, docs); err != nil {
		return nil, fmt.Errorf("keeping %d codes: %w", len(codes), err)
	}
	return codes, nil
}

// ForgetCards removes the cards of people and ends the sessions begun with one. It is for those who are given a role: paper
// opens none.
func (st *Store) ForgetCards(ctx context.Context, personIDs ...string) error {
	of := bson.M{"$in": personIDs}
	if _, err := st.links.DeleteMany(ctx, bson.M{"person_id": of, "code_id": bson.M{"$gt": ""}}); err != nil {
		return fmt.Errorf("removing the cards of %d people: %w", len(personIDs), err)
	}
	if _, err := st.sessions.DeleteMany(ctx, bson.M{"person_id": of, "card": true}); err != nil {
		return fmt.Errorf("ending the sessions that cards of %d people began: %w", len(personIDs), err)
	}
	return nil
}

// UseCode takes the code that somebody typed, in whatever case and with or without its dashes; ErrNone where there is none.
//
// Wrong codes are not counted. A guess meets one of n waiting codes once in 2^60/n tries: with 10,000 waiting and 1,000 guesses a
// second, in 3,600 years, and each code waits for a week. Counting by address would count a proxy's, and counting them all
// would let anybody keep everybody out.
func (st *Store) UseCode(ctx context.Context, typed string) (Link, error) {
	if len(plain(typed)) != codeLength {
		return Link{}, ErrNone
	}
	return st.link(st.links.FindOneAndDelete(ctx, bson.M{"code_id": hashCode(typed)}))
}

func newCode() string {
	random := make([]byte, codeLength)
	_, _ = rand.Read(random) // never fails: it ends the program instead
	var code strings.Builder
	for i, b := range random {
		if i > 0 && i%codeGroup == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(codeLetters[int(b)%len(codeLetters)])
	}
	return code.String()
}

// plain is what counts of a code.
func plain(typed string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(codeLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(typed))
}

func hashCode(typed string) string { return hash("code/" + plain(typed)) }

// CodeMigration makes the index by which a typed code is found, as the step with the version.
func CodeMigration(version int) mongodb.Migration {
	return mongodb.Migration{Version: version, Name: "index sign-in codes", Up: func(ctx context.Context, db *mongo.Database) error {
		_, err := db.Collection("sign_in_links").Indexes().CreateMany(ctx, []mongo.IndexModel{
			{Keys: bson.D{{Key: "code_id", Value: 1}}, Options: options.Index().SetSparse(true)},
			{Keys: bson.D{{Key: "person_id", Value: 1}}},
		})
		if err != nil {
			return fmt.Errorf("indexing sign-in codes: %w", err)
		}
		return nil
	}}
}
