package react

import (
	"strings"
	"unicode"

	"jalon.dev/pkg/event"
)

// WebhookName is the handler that keeps events of a type for receivers: "webhooks-directory-people-hired".
func WebhookName(typ string) string {
	var name strings.Builder
	name.WriteString("webhooks-" + event.Service(typ))
	for _, letter := range typ[strings.LastIndexByte(typ, '.')+1:] {
		if unicode.IsUpper(letter) {
			name.WriteByte('-')
		}
		name.WriteRune(unicode.ToLower(letter))
	}
	return name.String()
}
