package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/interviews/internal/talk"
)

const textsCollection = "texts"

// Texts keeps what people write in talks. Nothing of it is stored in clear.
type Texts struct {
	texts *mongo.Collection
	vault *vault.Vault
}

// NewTexts returns the store of the database, sealing with the vault.
func NewTexts(db *mongo.Database, v *vault.Vault) *Texts {
	return &Texts{texts: db.Collection(textsCollection), vault: v}
}

// Get returns a text of a talk, opened; mongodb.ErrNotFound where nobody has written it yet.
func (s *Texts) Get(ctx context.Context, id string) (talk.Text, error) {
	text, err := mongodb.One[talk.Text](s.texts.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
	if err != nil {
		return talk.Text{}, fmt.Errorf("reading a text: %w", mongodb.NotFound(err))
	}
	opened, err := s.open(ctx, []talk.Text{text})
	if err != nil {
		return talk.Text{}, err
	}
	return opened[0], nil
}

// Of returns the texts of the talk, opened.
func (s *Texts) Of(ctx context.Context, talkID string) ([]talk.Text, error) {
	return s.find(ctx, bson.D{{Key: "talk_id", Value: talkID}})
}

// About returns every text of the talks about the employee, opened: for that employee's access to what is kept about them.
func (s *Texts) About(ctx context.Context, employeeID string) ([]talk.Text, error) {
	return s.find(ctx, bson.D{{Key: "employee_id", Value: employeeID}})
}

// Written tells which of the talks the author has begun to prepare or has shared, without opening anything.
func (s *Texts) Written(ctx context.Context, talkIDs []string) ([]talk.Text, error) {
	cursor, err := s.texts.Find(ctx, append(in("talk_id", talkIDs), bson.E{Key: "part", Value: talk.PartPreparation}))
	if err != nil {
		return nil, fmt.Errorf("reading what is prepared: %w", err)
	}
	texts, err := mongodb.All[talk.Text](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading what is prepared: %w", err)
	}
	return texts, nil
}

func (s *Texts) find(ctx context.Context, filter bson.D) ([]talk.Text, error) {
	cursor, err := s.texts.Find(ctx, filter)
	if err != nil {
		return nil, fmt.Errorf("reading texts: %w", err)
	}
	texts, err := mongodb.All[talk.Text](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading texts: %w", err)
	}
	return s.open(ctx, texts)
}

func (s *Texts) open(ctx context.Context, texts []talk.Text) ([]talk.Text, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	var subjects []string
	for _, text := range texts {
		subjects = append(subjects, text.EmployeeID)
	}
	keys, err := s.vault.Keys(ctx, distinct(subjects)...)
	if err != nil {
		return nil, err
	}
	for i := range texts {
		if texts[i].Content, err = keys[texts[i].EmployeeID].Open(texts[i].ID, texts[i].Sealed); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// Save seals and writes a text whose version is the next after the one that is stored; mongodb.ErrConflict says that somebody else
// saved it meanwhile.
func (s *Texts) Save(ctx context.Context, text talk.Text) error {
	key, err := s.vault.Key(ctx, text.EmployeeID)
	if err != nil {
		return err
	}
	text.Sealed = key.Seal(text.ID, text.Content)
	if text.Version > 1 {
		if err := mongodb.ReplaceGuarded(ctx, s.texts, text.ID, text.Version-1, text); err != nil {
			return fmt.Errorf("saving a text: %w", err)
		}
		return nil
	}
	_, err = s.texts.InsertOne(ctx, text)
	if mongodb.IsDuplicate(err) {
		err = mongodb.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("saving a text: %w", err)
	}
	return nil
}

// Move gives the texts of a talk to another one of the same two people, except those that it has already: what was prepared for a
// talk that was not held is prepared for the next. Doing it again changes nothing.
func (s *Texts) Move(ctx context.Context, from, to talk.Talk) error {
	texts, err := s.Of(ctx, from.ID)
	if err != nil {
		return err
	}
	for _, text := range texts {
		moved := talk.NewText(to, text.Part, text.AuthorID)
		if moved.EmployeeID != text.EmployeeID || text.Part == talk.PartShared && text.ManagerID != to.ManagerID {
			continue
		}
		moved.ManagerID, moved.SharedAt, moved.Content, moved.Version = text.ManagerID, text.SharedAt, text.Content, 1
		if err := s.Save(ctx, moved); err != nil && !isConflict(err) {
			return err
		}
	}
	return nil
}

// Forget removes the texts of talks about people, and those that they wrote.
func (s *Texts) Forget(ctx context.Context, personIDs []string) error {
	for _, field := range []string{"employee_id", "author_id"} {
		if _, err := s.texts.DeleteMany(ctx, in(field, personIDs)); err != nil {
			return fmt.Errorf("removing the texts of %d people: %w", len(personIDs), err)
		}
	}
	return nil
}
