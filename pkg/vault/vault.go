// Package vault seals what a copy of the database must not tell: what people write in talks, ballots that wait. Each subject, such
// as an employee, has a key of its own, kept in the database wrapped by a master key that is not: a copy of the database alone tells
// nothing, and forgetting a subject's key makes everything that was sealed under it unreadable, wherever copies of it lie.
//
// Whoever holds both the database and the master key can read. The pages say so.
package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
)

// ErrSealed says that something cannot be opened: it was sealed under a master key that is not there any more, it was changed, or
// its key was forgotten.
var ErrSealed = errors.New("sealed under a key that is not there")

// Vault seals and opens under the keys in one database.
type Vault struct {
	keys    *mongo.Collection
	masters Masters
}

// New is the vault of the database, with the keys in the collection "keys".
func New(db *mongo.Database, masters Masters) *Vault {
	return &Vault{keys: db.Collection("keys"), masters: masters}
}

// wrapped is a subject's key.
type wrapped struct {
	ID string `bson:"_id"`
	// Master is the id of the master key that wraps it.
	Master string `bson:"master"`
	Key    []byte `bson:"key"`
}

// Key seals and opens what belongs to one subject. Use it for one piece of work and let it go.
type Key struct {
	subject string
	aead    cipher.AEAD
	secret  []byte
}

// Key returns the subject's key, and makes it the first time.
func (v *Vault) Key(ctx context.Context, subject string) (Key, error) {
	key, err := v.find(ctx, subject)
	if !errors.Is(err, mongodb.ErrNotFound) {
		return key, err
	}
	fresh := make([]byte, keyBytes)
	_, _ = rand.Read(fresh) // never fails, says crypto/rand
	master := v.masters.keys[0]
	_, err = v.keys.InsertOne(ctx, wrapped{ID: subject, Master: master.id, Key: seal(master.aead, fresh, []byte(subject))})
	if err != nil && !mongodb.IsDuplicate(err) { // a duplicate: somebody else made it at this moment
		return Key{}, fmt.Errorf("keeping a key: %w", err)
	}
	return v.find(ctx, subject)
}

// Keys returns the keys of those subjects that have one.
func (v *Vault) Keys(ctx context.Context, subjects ...string) (map[string]Key, error) {
	cursor, err := v.keys.Find(ctx, among(subjects))
	if err != nil {
		return nil, fmt.Errorf("reading keys: %w", err)
	}
	found := make(map[string]Key, len(subjects))
	for doc, err := range mongodb.Each[wrapped](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading keys: %w", err)
		}
		if found[doc.ID], err = v.unwrap(doc); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (v *Vault) find(ctx context.Context, subject string) (Key, error) {
	doc, err := mongodb.One[wrapped](v.keys.FindOne(ctx, bson.D{{Key: "_id", Value: subject}}))
	if err != nil {
		return Key{}, fmt.Errorf("reading a key: %w", mongodb.NotFound(err))
	}
	return v.unwrap(doc)
}

func (v *Vault) unwrap(doc wrapped) (Key, error) {
	master, known := v.masters.find(doc.Master)
	if !known {
		return Key{}, fmt.Errorf("opening the key of %s: %w: %s no longer holds the master key %s", doc.ID, ErrSealed, v.masters.use.Setting, doc.Master)
	}
	raw, err := master.aead.Open(nil, nil, doc.Key, []byte(doc.ID))
	if err != nil {
		return Key{}, fmt.Errorf("opening the key of %s: %w", doc.ID, ErrSealed)
	}
	aead, err := newAEAD(raw)
	return Key{subject: doc.ID, aead: aead, secret: raw}, err
}

// Derive makes a secret for one purpose: the same each time, as long as the subject has its key, and for nobody without it.
func (k Key) Derive(purpose string, bytes int) ([]byte, error) {
	if k.secret == nil {
		return nil, fmt.Errorf("deriving a secret: %w", ErrSealed)
	}
	derived, err := hkdf.Key(sha256.New, k.secret, nil, "jalon vault: "+purpose, bytes)
	if err != nil {
		return nil, fmt.Errorf("deriving a secret: %w", err)
	}
	return derived, nil
}

// Seal encrypts what stands at a place, such as the id of a document: it opens there and nowhere else.
func (k Key) Seal(place string, plain []byte) []byte {
	return seal(k.aead, plain, k.bound(place))
}

// seal leaves the nonce to the AEAD, which draws one each time and puts it first.
func seal(aead cipher.AEAD, plain, bound []byte) []byte {
	return aead.Seal(nil, nil, plain, bound) //nolint:gosec // no nonce is given; see newAEAD
}

// Open decrypts what Seal made, or fails with ErrSealed.
func (k Key) Open(place string, sealed []byte) ([]byte, error) {
	if k.aead == nil {
		return nil, fmt.Errorf("opening %s: %w", place, ErrSealed)
	}
	plain, err := k.aead.Open(nil, nil, sealed, k.bound(place))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", place, ErrSealed)
	}
	return plain, nil
}

func (k Key) bound(place string) []byte { return []byte(k.subject + "\x00" + place) }

// Forget destroys the subjects' keys.
func (v *Vault) Forget(ctx context.Context, subjects ...string) error {
	if _, err := v.keys.DeleteMany(ctx, among(subjects)); err != nil {
		return fmt.Errorf("forgetting %d keys: %w", len(subjects), err)
	}
	return nil
}

// LostError says that keys are wrapped under master keys that are not there.
type LostError struct {
	Use Use
	// Subjects are those whose keys cannot be opened, Masters the names of the missing master keys.
	Subjects, Masters []string
}

func (e *LostError) Error() string {
	return fmt.Sprintf("%s is sealed under keys (%d of them) that are wrapped by a master key that is missing (%s): put that key back in %s, "+
		"after the newer one and a comma", e.Use.Sealed, len(e.Subjects), strings.Join(e.Masters, ", "), e.Use.Setting)
}

// Check fails with a LostError where a key cannot be opened for want of its master key: better to notice at the start than when two
// people meet.
func (v *Vault) Check(ctx context.Context) error {
	here := make([]string, len(v.masters.keys))
	for i, known := range v.masters.keys {
		here[i] = known.id
	}
	cursor, err := v.keys.Find(ctx, bson.D{{Key: "master", Value: bson.D{{Key: "$nin", Value: here}}}})
	if err != nil {
		return fmt.Errorf("looking for keys that cannot be opened: %w", err)
	}
	lost := LostError{Use: v.masters.use}
	for doc, err := range mongodb.Each[wrapped](ctx, cursor) {
		if err != nil {
			return fmt.Errorf("looking for keys that cannot be opened: %w", err)
		}
		lost.Subjects = append(lost.Subjects, doc.ID)
		if !slices.Contains(lost.Masters, doc.Master) {
			lost.Masters = append(lost.Masters, doc.Master)
		}
	}
	if len(lost.Subjects) > 0 {
		return &lost
	}
	return nil
}

// Rewrap wraps every key under the first master key, so that the others may be taken away. It may be run again.
func (v *Vault) Rewrap(ctx context.Context) error {
	master := v.masters.keys[0]
	cursor, err := v.keys.Find(ctx, bson.D{{Key: "master", Value: bson.D{{Key: "$ne", Value: master.id}}}})
	if err != nil {
		return fmt.Errorf("reading keys to wrap anew: %w", err)
	}
	for doc, err := range mongodb.Each[wrapped](ctx, cursor) {
		if err != nil {
			return fmt.Errorf("reading keys to wrap anew: %w", err)
		}
		old, known := v.masters.find(doc.Master)
		if !known {
			return fmt.Errorf("wrapping the key of %s anew: %w: %s no longer holds the master key %s", doc.ID, ErrSealed, v.masters.use.Setting, doc.Master)
		}
		raw, err := old.aead.Open(nil, nil, doc.Key, []byte(doc.ID))
		if err != nil {
			return fmt.Errorf("wrapping the key of %s anew: %w", doc.ID, ErrSealed)
		}
		_, err = v.keys.UpdateOne(ctx, bson.D{{Key: "_id", Value: doc.ID}, {Key: "master", Value: doc.Master}}, bson.D{{Key: "$set", Value: bson.D{
			{Key: "master", Value: master.id}, {Key: "key", Value: seal(master.aead, raw, []byte(doc.ID))},
		}}})
		if err != nil {
			return fmt.Errorf("wrapping the key of %s anew: %w", doc.ID, err)
		}
	}
	return nil
}

func among(ids []string) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("making a cipher: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}
