package event

import (
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// idSpace is the UUID namespace of every deterministic id; changing it would make known things look new.
var idSpace = uuid.NewSHA1(uuid.NameSpaceDNS, []byte("id.jalon.dev"))

// ID is a deterministic id: the UUIDv5 of the parts. Different lists of parts never run together: ("ab","c") and
// ("a","bc") differ.
func ID(parts ...string) string {
	var name strings.Builder
	for _, part := range parts {
		name.WriteString(strconv.Itoa(len(part)))
		name.WriteByte(':')
		name.WriteString(part)
	}
	return uuid.NewSHA1(idSpace, []byte(name.String())).String()
}
