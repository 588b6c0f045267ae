package wire

import (
	"encoding/binary"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// maxDepth is how deep documents may be nested; MongoDB's own limit for a command is lower.
const maxDepth = 250

// checkDocument makes sure that the lengths inside a document, at any depth, stay within it, because the engine is handed
// nothing but an address.
func checkDocument(document []byte) error {
	return checkNested(document, maxDepth)
}

func checkNested(document []byte, depth int) error {
	if depth == 0 {
		return malformed("nested too deeply")
	}
	if len(document) < minDocument || int64(binary.LittleEndian.Uint32(document)) != int64(len(document)) || document[len(document)-1] != 0 {
		return malformed("document length")
	}
	rest := document[4 : len(document)-1]
	for len(rest) > 0 {
		element, after, ok := bsoncore.ReadElement(rest)
		if !ok {
			return malformed("element")
		}
		rest = after
		value := element.Value()
		if err := checkValue(value, depth); err != nil {
			return err
		}
	}
	return nil
}

func checkValue(value bsoncore.Value, depth int) error {
	switch value.Type {
	case bsoncore.TypeEmbeddedDocument, bsoncore.TypeArray:
		return checkNested(value.Data, depth-1)
	case bsoncore.TypeCodeWithScope:
		_, scope, ok := value.CodeWithScopeOK()
		if !ok {
			return malformed("code")
		}
		return checkNested(scope, depth-1)
	default:
		if err := value.Validate(); err != nil {
			return malformed("value: %v", err)
		}
		return nil
	}
}
