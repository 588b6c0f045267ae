package main

import (
	"strings"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"jalon.dev/pkg/policy"
)

// apiDocument is the OpenAPI document of what outside systems may call: the policy table says which procedures these are, so
// that the document promises what a key opens and nothing else.
func apiDocument(files *protoregistry.Files) *yaml.Node {
	paths, schemas := object(), object()
	for _, method := range outsideMethods(files) {
		put(paths, procedure(method), object("post", call(method)))
		addSchemas(schemas, method.Input())
		addSchemas(schemas, method.Output())
	}
	put(schemas, "Error", errorSchema())
	return object(
		"openapi", text("3.1.0"),
		"info", object(
			"title", text("Jalon for outside systems"),
			"version", text("1.0.0"),
			"description", text("What a system with an API key may call. docs/api.md tells how, with examples. Requests and answers are "+
				"protobuf messages in their JSON form: a field that is empty, zero or false may be left out, and is left out."),
			"license", object("name", text("Apache-2.0"), "identifier", text("Apache-2.0")),
		),
		"servers", list(object("url", text("https://jalon.example.com"), "description", text("Your installation's address."))),
		"security", list(object("apiKey", list())),
		"paths", paths,
		"components", object(
			"securitySchemes", object("apiKey", object(
				"type", text("http"), "scheme", text("bearer"), "description", text("The key that jalon apikey create showed."),
			)),
			"responses", object("Error", object(
				"description", text("Nothing was done. The code says why."), "content", jsonOf(reference("components", "schemas", "Error")),
			)),
			"schemas", schemas,
		),
	)
}

// outsideMethods are those that the table opens to an outside system, in the table's order.
func outsideMethods(files *protoregistry.Files) []protoreflect.MethodDescriptor {
	var methods []protoreflect.MethodDescriptor
	for _, route := range policy.Routes() {
		if policy.Grants(route)[policy.Integration] == policy.None {
			continue
		}
		name := strings.ReplaceAll(strings.TrimPrefix(route, "/"), "/", ".")
		if found, err := files.FindDescriptorByName(protoreflect.FullName(name)); err == nil {
			if method, ok := found.(protoreflect.MethodDescriptor); ok {
				methods = append(methods, method)
			}
		}
	}
	return methods
}

func procedure(m protoreflect.MethodDescriptor) string {
	return "/" + string(m.Parent().FullName()) + "/" + string(m.Name())
}

func call(m protoreflect.MethodDescriptor) *yaml.Node {
	node := object("operationId", text(string(m.Name())))
	if c := comment(m); c != "" {
		put(node, "summary", text(c))
	}
	put(node, "requestBody", object("required", yes(), "content", jsonOf(reference("components", "schemas", schemaName(m.Input())))))
	put(node, "responses", object(
		"200", object("description", text("Done."), "content", jsonOf(reference("components", "schemas", schemaName(m.Output())))),
		"default", reference("components", "responses", "Error"),
	))
	return node
}

func jsonOf(schema *yaml.Node) *yaml.Node {
	return object("application/json", object("schema", schema))
}

// errorSchema is an error in the Connect protocol's JSON form.
func errorSchema() *yaml.Node {
	codes := list()
	for _, code := range []string{
		"invalid_argument", "unauthenticated", "permission_denied", "not_found", "aborted", "resource_exhausted", "unavailable",
		"deadline_exceeded", "internal",
	} {
		codes.Content = append(codes.Content, text(code))
	}
	return object("type", text("object"), "required", list(text("code")), "properties", object(
		"code", object("type", text("string"), "examples", codes, "description", text("A stable word.")),
		"message", object("type", text("string"), "description", text("For whoever mends the call: the field, and what would be right.")),
		"details", object("type", text("array"), "items", object("type", text("object"))),
	))
}
