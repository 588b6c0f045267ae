package mongostore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/interviews/internal/talk"
)

const commitmentsCollection = "commitments"

// Commitments keeps what comes out of talks; its wording is sealed.
type Commitments struct {
	commitments *mongo.Collection
	vault       *vault.Vault
}

// NewCommitments returns the store of the database, sealing with the vault.
func NewCommitments(db *mongo.Database, v *vault.Vault) *Commitments {
	return &Commitments{commitments: db.Collection(commitmentsCollection), vault: v}
}

// Get returns a commitment, or mongodb.ErrNotFound.
func (s *Commitments) Get(ctx context.Context, id string) (talk.Commitment, error) {
	found, err := s.find(ctx, bson.D{{Key: "_id", Value: id}})
	if err != nil {
		return talk.Commitment{}, err
	}
	if len(found) == 0 {
		return talk.Commitment{}, fmt.Errorf("reading a commitment: %w", mongodb.ErrNotFound)
	}
	return found[0], nil
}

// Between returns the commitments of the employee with whoever is the manager, open or settled.
func (s *Commitments) Between(ctx context.Context, employeeID, managerID string) ([]talk.Commitment, error) {
	return s.find(ctx, bson.D{{Key: "employee_id", Value: employeeID}, {Key: "manager_id", Value: managerID}})
}

// OpenOf returns the employee's open commitments.
func (s *Commitments) OpenOf(ctx context.Context, employeeID string) ([]talk.Commitment, error) {
	return s.find(ctx, bson.D{{Key: "employee_id", Value: employeeID}, {Key: "state", Value: talk.Open}})
}

// OpenWith returns the open commitments of those who report to the manager.
func (s *Commitments) OpenWith(ctx context.Context, managerID string) ([]talk.Commitment, error) {
	return s.find(ctx, bson.D{{Key: "manager_id", Value: managerID}, {Key: "state", Value: talk.Open}})
}

// About returns all of the employee's.
func (s *Commitments) About(ctx context.Context, employeeID string) ([]talk.Commitment, error) {
	return s.find(ctx, bson.D{{Key: "employee_id", Value: employeeID}})
}

func (s *Commitments) find(ctx context.Context, filter bson.D) ([]talk.Commitment, error) {
	cursor, err := s.commitments.Find(ctx, filter)
	if err != nil {
		return nil, fmt.Errorf("reading commitments: %w", err)
	}
	found, err := mongodb.All[talk.Commitment](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading commitments: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	var subjects []string
	for _, c := range found {
		subjects = append(subjects, c.EmployeeID)
	}
	keys, err := s.vault.Keys(ctx, distinct(subjects)...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		plain, err := keys[found[i].EmployeeID].Open(found[i].ID, found[i].Sealed)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(plain, &found[i].Wording); err != nil {
			return nil, fmt.Errorf("reading a commitment: %w", err)
		}
	}
	return found, nil
}

// Save seals and writes a commitment whose version is the next after the one that is stored; mongodb.ErrConflict says that somebody
// else saved it meanwhile.
func (s *Commitments) Save(ctx context.Context, c talk.Commitment) error {
	key, err := s.vault.Key(ctx, c.EmployeeID)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(c.Wording)
	if err != nil {
		return fmt.Errorf("saving a commitment: %w", err)
	}
	c.Sealed = key.Seal(c.ID, plain)
	if c.Version > 1 {
		if err := mongodb.ReplaceGuarded(ctx, s.commitments, c.ID, c.Version-1, c); err != nil {
			return fmt.Errorf("saving a commitment: %w", err)
		}
		return nil
	}
	_, err = s.commitments.InsertOne(ctx, c)
	if mongodb.IsDuplicate(err) {
		err = mongodb.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("saving a commitment: %w", err)
	}
	return nil
}

// HandOver gives the employee's open commitments to another manager. Doing it again changes nothing.
func (s *Commitments) HandOver(ctx context.Context, employeeID, managerID string) error {
	open, err := s.OpenOf(ctx, employeeID)
	if err != nil {
		return err
	}
	for _, c := range open {
		if !c.HandOver(managerID) {
			continue
		}
		c.Version++
		if err := s.Save(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Forget removes the commitments of people, and takes managers out of those of others.
func (s *Commitments) Forget(ctx context.Context, personIDs []string) error {
	if _, err := s.commitments.DeleteMany(ctx, in("employee_id", personIDs)); err != nil {
		return fmt.Errorf("removing the commitments of %d people: %w", len(personIDs), err)
	}
	for _, field := range []string{"manager_id", "made_with", "owner_id"} {
		_, err := s.commitments.UpdateMany(ctx, in(field, personIDs), bson.D{
			{Key: "$set", Value: bson.D{{Key: field, Value: ""}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
		})
		if err != nil {
			return fmt.Errorf("taking %d people out of commitments: %w", len(personIDs), err)
		}
	}
	return nil
}

func distinct(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func isConflict(err error) bool { return errors.Is(err, mongodb.ErrConflict) }
