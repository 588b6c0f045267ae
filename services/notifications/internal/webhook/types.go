package webhook

import (
	"slices"
	"sync"

	"jalon.dev/pkg/event"

	eventv1 "jalon.dev/proto/gen/jalon/event/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"

	_ "jalon.dev/proto/gen/jalon/barometer/v1" // so that their events are known
	_ "jalon.dev/proto/gen/jalon/directory/v1"
	_ "jalon.dev/proto/gen/jalon/interviews/v1"
	_ "jalon.dev/proto/gen/jalon/moments/v1"
)

// tested is what the test button sends; it does not happen.
var tested = string((*notificationsv1.WebhookTested)(nil).ProtoReflect().Descriptor().FullName())

// Types lists every type of event that may leave, in order.
var Types = sync.OnceValue(func() []string {
	return slices.DeleteFunc(event.Types(), func(typ string) bool {
		class := ClassOf(typ)
		return typ == tested || class != eventv1.Class_CLASS_PUBLIC && class != eventv1.Class_CLASS_HR
	})
})

// ClassOf is the class of a type of event; that of what never leaves for anything that is not known.
func ClassOf(typ string) eventv1.Class {
	class, err := event.ClassOf(typ)
	if err != nil {
		return eventv1.Class_CLASS_INNER
	}
	return class
}

// Granted tells that a receiver may be told of events of a type and wants to be.
func (d Draft) Granted(typ string) bool {
	class := ClassOf(typ)
	allowed := class == eventv1.Class_CLASS_PUBLIC || class == eventv1.Class_CLASS_HR && d.HRSystem
	return allowed && slices.Contains(d.Types, typ)
}
