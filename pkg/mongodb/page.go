package mongodb

import (
	"encoding/base64"
	"errors"
	"fmt"
	"hash/fnv"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// ErrPageToken says that a page token was not made here, or was made for another question.
var ErrPageToken = errors.New("page token does not belong to this request")

// pageToken is what a token carries: where the last page ended, and a hash of the question it answered.
type pageToken struct {
	Filter int64  `bson:"f"`
	Key    bson.A `bson:"k"`
}

// PageToken is the opaque token of the page that follows the document with the sort key. The key's last part must make
// it unique, as _id does. Parts are strings, integers, booleans or times. The filter names everything that the listing
// was asked for except page size and token.
func PageToken(filter string, key ...any) (string, error) {
	raw, err := bson.Marshal(pageToken{Filter: hash(filter), Key: key})
	if err != nil {
		return "", fmt.Errorf("writing a page token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// ParsePageToken returns the sort key that the token was made of, which has as many parts as said; nil for the empty
// token, which asks for the first page. ErrPageToken says that it is not a token for this filter.
func ParsePageToken(token, filter string, parts int) (bson.A, error) {
	if token == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, ErrPageToken
	}
	var t pageToken
	if err := bson.Unmarshal(raw, &t); err != nil || t.Filter != hash(filter) || len(t.Key) != parts {
		return nil, ErrPageToken
	}
	for i, part := range t.Key {
		switch v := part.(type) {
		case string, int32, int64, bool:
		case bson.DateTime:
			t.Key[i] = v.Time().UTC()
		default:
			return nil, ErrPageToken // a token is data from outside: it must not smuggle in an expression
		}
	}
	return t.Key, nil
}

// After is the filter for documents whose fields, sorted ascending in this order, come after the key. A nil key filters
// nothing.
func After(fields []string, key bson.A) bson.D {
	if key == nil {
		return bson.D{}
	}
	var alternatives bson.A
	for i, field := range fields {
		var all bson.D
		for j := range i {
			all = append(all, bson.E{Key: fields[j], Value: bson.D{{Key: "$eq", Value: key[j]}}})
		}
		alternatives = append(alternatives, append(all, bson.E{Key: field, Value: bson.D{{Key: "$gt", Value: key[i]}}}))
	}
	return bson.D{{Key: "$or", Value: alternatives}}
}

func hash(s string) int64 {
	h := fnv.New64a()
	h.Write([]byte(s)) // never fails
	return int64(h.Sum64())
}
