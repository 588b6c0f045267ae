package webhook

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"jalon.dev/pkg/event"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// erasing is the event that says itself who was erased: other systems have to hear it.
var erasing = string((*directoryv1.PeopleErased)(nil).ProtoReflect().Descriptor().FullName())

// naming are the fields by which an entry of an event says whose it is.
var naming = []protoreflect.Name{"id", "person_id", "employee_id"}

// without is an event without what it says of people: their entries are taken out, and wherever else one of them is named, such as
// somebody's manager, nobody is. False says that nothing is left.
func without(ev event.Event, people map[string]bool) (event.Event, bool, error) {
	found, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(ev.Type))
	if err != nil {
		return ev, false, fmt.Errorf("%w: type %q is not known", event.ErrInvalid, ev.Type)
	}
	msg := found.New()
	if err := proto.Unmarshal(ev.Data, msg.Interface()); err != nil {
		return ev, false, fmt.Errorf("%w: decoding %s: %w", event.ErrInvalid, ev.Type, err)
	}
	before := entries(msg)
	strike(msg, people)
	if people[ev.Subject] {
		ev.Subject = ""
	}
	if ev.Data, err = (proto.MarshalOptions{Deterministic: true}).Marshal(msg.Interface()); err != nil {
		return ev, false, fmt.Errorf("encoding %s: %w", ev.Type, err)
	}
	return ev, before == 0 || entries(msg) > 0, nil
}

// entries counts what an event lists.
func entries(msg protoreflect.Message) (n int) {
	msg.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if field.IsList() {
			n += value.List().Len()
		}
		return true
	})
	return n
}

func strike(msg protoreflect.Message, people map[string]bool) {
	msg.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsMap():
			strikeMap(field, value.Map(), people)
		case field.IsList():
			strikeList(msg, field, value.List(), people)
		case field.Kind() == protoreflect.MessageKind:
			strike(value.Message(), people)
		case field.Kind() == protoreflect.StringKind && people[value.String()]:
			msg.Clear(field)
		}
		return true
	})
}

func strikeList(msg protoreflect.Message, field protoreflect.FieldDescriptor, list protoreflect.List, people map[string]bool) {
	kept := 0
	for i := range list.Len() {
		entry := list.Get(i)
		switch {
		case field.Kind() == protoreflect.StringKind && people[entry.String()]:
			continue
		case field.Kind() == protoreflect.MessageKind && concerns(entry.Message(), people):
			continue
		case field.Kind() == protoreflect.MessageKind:
			strike(entry.Message(), people)
		}
		list.Set(kept, entry)
		kept++
	}
	list.Truncate(kept)
	if kept == 0 {
		msg.Clear(field)
	}
}

func strikeMap(field protoreflect.FieldDescriptor, entries protoreflect.Map, people map[string]bool) {
	entries.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
		switch {
		case people[key.String()]:
			entries.Clear(key)
		case field.MapValue().Kind() == protoreflect.MessageKind:
			strike(value.Message(), people)
		}
		return true
	})
}

// concerns tells that an entry is about one of the people.
func concerns(entry protoreflect.Message, people map[string]bool) bool {
	fields := entry.Descriptor().Fields()
	for _, name := range naming {
		if field := fields.ByName(name); field != nil && field.Kind() == protoreflect.StringKind && people[entry.Get(field).String()] {
			return true
		}
	}
	person := fields.ByName("person")
	return person != nil && person.Kind() == protoreflect.MessageKind && concerns(entry.Get(person).Message(), people)
}

// named are all ids that an event names anywhere.
func named(ev event.Event) ([]string, error) {
	found, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(ev.Type))
	if err != nil {
		return nil, fmt.Errorf("%w: type %q is not known", event.ErrInvalid, ev.Type)
	}
	msg := found.New()
	if err := proto.Unmarshal(ev.Data, msg.Interface()); err != nil {
		return nil, fmt.Errorf("%w: decoding %s: %w", event.ErrInvalid, ev.Type, err)
	}
	var ids []string
	collect(msg, func(text string) {
		if len(text) == idLength {
			ids = append(ids, text)
		}
	})
	return ids, nil
}

// idLength is that of a UUID: what is longer or shorter is nobody's.
const idLength = 36

func collect(msg protoreflect.Message, each func(string)) {
	one := func(field protoreflect.FieldDescriptor, value protoreflect.Value) {
		switch field.Kind() {
		case protoreflect.StringKind:
			each(value.String())
		case protoreflect.MessageKind:
			collect(value.Message(), each)
		}
	}
	msg.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsMap():
			value.Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
				each(key.String())
				one(field.MapValue(), value)
				return true
			})
		case field.IsList():
			for i := range value.List().Len() {
				one(field, value.List().Get(i))
			}
		default:
			one(field, value)
		}
		return true
	})
}
