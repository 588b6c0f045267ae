package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	eventv1 "jalon.dev/proto/gen/jalon/event/v1"
	"jalon.dev/services/jalon/internal/reactions"
)

// classes are the words of architecture 3 for who may be told.
var classes = map[eventv1.Class]string{
	eventv1.Class_CLASS_PUBLIC: "public",
	eventv1.Class_CLASS_HR:     "hr",
	eventv1.Class_CLASS_INNER:  "inner",
}

// document is the whole AsyncAPI document.
func document(files *protoregistry.Files) *yaml.Node {
	channels, operations, messages, schemas := object(), object(), object(), object()
	for _, event := range events(files) {
		name, typ := string(event.Name()), string(event.FullName())
		publisher := strings.Split(typ, ".")[1]
		put(channels, name, object(
			"address", text(typ),
			"title", text(publisher+" · "+name),
			"messages", object(name, reference("components", "messages", name)),
			"x-stream", text(strings.ToUpper(publisher)),
		))
		put(operations, publisher+".publish."+name, operation("send", name, "", comment(event)))
		for _, durable := range reactions.To(typ) {
			put(operations, durable, operation("receive", name, durable, ""))
		}
		put(messages, name, object(
			"name", text(typ),
			"title", text(name),
			"summary", text(comment(event)),
			"contentType", text("application/protobuf"),
			"headers", reference("components", "schemas", "CloudEventHeaders"),
			"payload", reference("components", "schemas", name),
			"x-class", text(classes[classOf(event)]),
		))
		addSchemas(schemas, event)
	}
	put(schemas, "CloudEventHeaders", cloudEventHeaders())
	return object(
		"asyncapi", text("3.0.0"),
		"info", object(
			"title", text("Jalon events"),
			"version", text("1.0.0"),
			"description", text("CloudEvents 1.0 in binary mode over NATS JetStream: attributes in ce-… headers, a protobuf message as data. "+
				"The schemas below give the data in protobuf's JSON form, in which outside systems receive it. "+
				"Class public may leave by webhook, hr only to HR systems that were granted it, inner never leaves."),
			"license", object("name", text("Apache-2.0")),
		),
		"defaultContentType", text("application/protobuf"),
		"channels", channels,
		"operations", operations,
		"components", object("messages", messages, "schemas", schemas),
	)
}

func operation(action, channel, durable, summary string) *yaml.Node {
	node := object("action", text(action), "channel", reference("channels", channel))
	if summary != "" {
		put(node, "summary", text(summary))
	}
	if durable != "" {
		put(node, "x-durable", text(durable))
	}
	return node
}

// events are the messages that carry a class, by name.
func events(files *protoregistry.Files) []protoreflect.MessageDescriptor {
	var found []protoreflect.MessageDescriptor
	files.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Messages().Len() {
			if m := file.Messages().Get(i); classOf(m) != eventv1.Class_CLASS_UNSPECIFIED {
				found = append(found, m)
			}
		}
		return true
	})
	slices.SortFunc(found, func(a, b protoreflect.MessageDescriptor) int {
		return strings.Compare(string(a.FullName()), string(b.FullName()))
	})
	return found
}

func classOf(m protoreflect.MessageDescriptor) eventv1.Class {
	class, _ := proto.GetExtension(m.Options(), eventv1.E_Class).(eventv1.Class)
	return class
}

// comment is the doc comment of a message or field, on one line.
func comment(d protoreflect.Descriptor) string {
	location := d.ParentFile().SourceLocations().ByDescriptor(d)
	return strings.Join(strings.Fields(location.LeadingComments), " ")
}
