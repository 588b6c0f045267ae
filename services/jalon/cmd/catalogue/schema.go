package main

import (
	"strconv"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// addSchemas describes a message and those inside it, in protobuf's JSON form.
func addSchemas(schemas *yaml.Node, m protoreflect.MessageDescriptor) {
	for i := 0; i < len(schemas.Content); i += 2 {
		if schemas.Content[i].Value == schemaName(m) {
			return
		}
	}
	properties, needed := object(), list()
	node := object("type", text("object"))
	if c := comment(m); c != "" {
		put(node, "description", text(c))
	}
	put(node, "properties", properties)
	put(schemas, schemaName(m), node)
	for i := range m.Fields().Len() {
		field := m.Fields().Get(i)
		schema := fieldSchema(field)
		addRules(schema, field)
		if required(field) {
			needed.Content = append(needed.Content, text(field.JSONName()))
		}
		if field.IsList() {
			schema = object("type", text("array"), "items", schema)
		}
		if c := comment(field); c != "" {
			put(schema, "description", text(c))
		}
		put(properties, field.JSONName(), schema)
		if field.Kind() == protoreflect.MessageKind {
			addSchemas(schemas, field.Message())
		}
	}
	if len(needed.Content) > 0 {
		put(node, "required", needed)
	}
}

func fieldSchema(f protoreflect.FieldDescriptor) *yaml.Node {
	switch f.Kind() {
	case protoreflect.MessageKind:
		return reference("components", "schemas", schemaName(f.Message()))
	case protoreflect.BoolKind:
		return object("type", text("boolean"))
	case protoreflect.Int32Kind:
		return object("type", text("integer"))
	case protoreflect.Int64Kind:
		return object("type", text("string"), "format", text("int64"))
	case protoreflect.BytesKind:
		return object("type", text("string"), "contentEncoding", text("base64"))
	default:
		return object("type", text("string"))
	}
}

// schemaName is the message's name within its package: "PeopleMoved.Move".
func schemaName(m protoreflect.MessageDescriptor) string {
	if outer, ok := m.Parent().(protoreflect.MessageDescriptor); ok {
		return schemaName(outer) + "." + string(m.Name())
	}
	return string(m.Name())
}

func cloudEventHeaders() *yaml.Node {
	properties := object()
	for _, header := range [][2]string{
		{"ce-id", "A UUID; the same event keeps it, however often it is delivered."},
		{"ce-type", "The protobuf message's full name, which is the subject too."},
		{"ce-source", "The publishing service."},
		{"ce-subject", "The id of what the event is about."},
		{"ce-time", "When it happened, RFC 3339."},
		{"ce-specversion", "1.0"},
		{"traceparent", "W3C trace context."},
	} {
		put(properties, header[0], object("type", text("string"), "description", text(header[1])))
	}
	return object("type", text("object"), "properties", properties)
}

// The helpers below keep the order of keys, which a Go map would not.

func object(keysAndValues ...any) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		put(node, keysAndValues[i].(string), keysAndValues[i+1].(*yaml.Node))
	}
	return node
}

func put(node *yaml.Node, key string, value *yaml.Node) {
	node.Content = append(node.Content, text(key), value)
}

func text(s string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Value: s, Tag: "!!str"}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

func list(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Content: items}
}

func yes() *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: "true", Tag: "!!bool"} }

func reference(path ...string) *yaml.Node {
	pointer := "#"
	for _, part := range path {
		pointer += "/" + part
	}
	return object("$ref", text(pointer))
}
