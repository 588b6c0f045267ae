package main

import (
	"strconv"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// addRules writes a text's rules of the contract into its schema. Rules that a schema has no word for stay in the comments.
func addRules(schema *yaml.Node, f protoreflect.FieldDescriptor) {
	rules, _ := proto.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules)
	texts := rules.GetString()
	if texts.GetUuid() {
		put(schema, "format", text("uuid"))
	}
	if n := texts.GetMinLen(); n > 0 {
		put(schema, "minLength", number(n))
	}
	if n := texts.GetMaxLen(); n > 0 {
		put(schema, "maxLength", number(n))
	}
	if p := texts.GetPattern(); p != "" {
		put(schema, "pattern", text(p))
	}
	if len(texts.GetIn()) > 0 {
		words := list()
		for _, word := range texts.GetIn() {
			words.Content = append(words.Content, text(word))
		}
		put(schema, "enum", words)
	}
}

// required tells that a message without the field breaks a rule.
func required(f protoreflect.FieldDescriptor) bool {
	rules, _ := proto.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules)
	if rules.GetIgnore() == validate.Ignore_IGNORE_IF_ZERO_VALUE {
		return false
	}
	return rules.GetString().GetMinLen() > 0 || rules.GetString().GetUuid()
}

func number(n uint64) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatUint(n, 10), Tag: "!!int"}
}
