package mongodb

import (
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

var (
	// ErrNotFound says that there is no such document.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that somebody else changed the document since it was read: read it again and redo.
	ErrConflict = errors.New("changed by somebody else")
)

// IsDuplicate says whether a write failed because a document with the same unique key exists.
func IsDuplicate(err error) bool { return mongo.IsDuplicateKeyError(err) }

// NotFound turns the driver's word for a missing document into ErrNotFound and leaves every other error as it is.
func NotFound(err error) error {
	if errors.Is(err, mongo.ErrNoDocuments) {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return err
}
