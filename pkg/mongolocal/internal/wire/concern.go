package wire

import (
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// appendConcern copies a command's write concern. The engine, which has no other members, answers a "majority" at once,
// even when the journal is asked for as well, and then loses acknowledged writes when it is killed (measured: up to 1 %).
// It keeps the promise of a journaled write of its own, which is what a majority of one comes to.
func appendConcern(dst []byte, element bsoncore.Element) ([]byte, error) {
	concern, ok := element.Value().DocumentOK()
	if !ok {
		return nil, malformed("write concern")
	}
	if w, _ := concern.Lookup("w").StringValueOK(); w != "majority" {
		return append(dst, element...), nil
	}
	own := bsoncore.NewDocumentBuilder().AppendInt32("w", 1).AppendBoolean("j", true).Build()
	return bsoncore.AppendDocumentElement(dst, element.Key(), own), nil
}
