//go:build linux || darwin

package mongolocal

import (
	"encoding/binary"
	"strings"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"jalon.dev/pkg/mongolocal/internal/wire"
)

// refusal returns the answer to a command that must not reach the engine, or nil when the command may pass.
//
// The engine has no transport session behind its connections and dies on the commands that use one: signing in and
// logical sessions. Those of transactions are refused with them, so that nobody mistakes single writes for one.
func refusal(req wire.Request) []byte {
	if req.Transaction {
		return refused("transactions are not available on the local MongoDB engine")
	}
	switch strings.ToLower(req.Name) {
	case "saslstart", "saslcontinue", "authenticate", "_authenticate", "getnonce", "logout",
		"startsession", "refreshsessions", "endsessions", "killsessions", "killallsessions", "killallsessionsbypattern",
		"refreshlogicalsessioncachenow", "reaplogicalsessioncachenow",
		"committransaction", "aborttransaction", "preparetransaction", "coordinatecommittransaction":
		return refused("signing in, sessions and transactions are not available on the local MongoDB engine")
	default:
		return nil
	}
}

// refused words the answer as a server does that does not know the command, which is what drivers are prepared for.
func refused(why string) []byte {
	const commandNotFound = 59
	return bsoncore.NewDocumentBuilder().
		AppendDouble("ok", 0).
		AppendString("errmsg", why).
		AppendInt32("code", commandNotFound).
		AppendString("codeName", "CommandNotFound").
		Build()
}

func isHello(name string) bool {
	name = strings.ToLower(name)
	return name == "hello" || name == "ismaster"
}

// plainHello replaces a driver's greeting: what the driver says there about itself and about compression needs a
// transport session too.
func plainHello() []byte {
	return bsoncore.NewDocumentBuilder().AppendInt32("hello", 1).AppendBoolean("helloOk", true).Build()
}

// maxMessageBytes keeps drivers from sending batches that are too large for a document, which is what the engine takes a
// command as. It leaves room for the largest single document and the command around it.
const maxMessageBytes = 16<<20 + 8<<10

// adaptHello takes from the answer to a greeting what would make a driver use sessions or wait for changes of the
// topology, and answers under the old name of the field too.
func adaptHello(reply []byte) []byte {
	elements, err := bsoncore.Document(reply).Elements()
	if err != nil {
		return reply
	}
	adapted := []byte{0, 0, 0, 0}
	for _, element := range elements {
		switch element.Key() {
		case "topologyVersion", "logicalSessionTimeoutMinutes":
		case "maxMessageSizeBytes":
			adapted = bsoncore.AppendInt32Element(adapted, "maxMessageSizeBytes", maxMessageBytes)
		case "isWritablePrimary":
			adapted = append(adapted, element...)
			adapted = bsoncore.AppendBooleanElement(adapted, "ismaster", true)
		default:
			adapted = append(adapted, element...)
		}
	}
	adapted = append(adapted, 0)
	binary.LittleEndian.PutUint32(adapted, uint32(len(adapted)))
	return adapted
}
