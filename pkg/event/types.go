package event

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	eventv1 "jalon.dev/proto/gen/jalon/event/v1"
)

// ClassOf says who outside may be told of a type of event. It fails with ErrInvalid for what this program does not know
// or what carries no class.
func ClassOf(typ string) (eventv1.Class, error) {
	found, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(typ))
	if err != nil {
		return 0, fmt.Errorf("%w: type %q is not known", ErrInvalid, typ)
	}
	class := classOf(found.Descriptor())
	if class == eventv1.Class_CLASS_UNSPECIFIED {
		return 0, fmt.Errorf("%w: %s carries no class, so it is not an event", ErrInvalid, typ)
	}
	return class, nil
}

// Types lists every type of event linked into this program, in order.
func Types() []string {
	var types []string
	protoregistry.GlobalTypes.RangeMessages(func(found protoreflect.MessageType) bool {
		if classOf(found.Descriptor()) != eventv1.Class_CLASS_UNSPECIFIED {
			types = append(types, string(found.Descriptor().FullName()))
		}
		return true
	})
	slices.Sort(types)
	return types
}

func classOf(message protoreflect.MessageDescriptor) eventv1.Class {
	class, _ := proto.GetExtension(message.Options(), eventv1.E_Class).(eventv1.Class)
	return class
}
