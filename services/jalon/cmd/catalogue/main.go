// Command catalogue writes what outside systems read of proto/. As "catalogue events", the event catalogue, an AsyncAPI 3
// document: every event type, its class, who publishes it, who reacts to it, and the shape of its data. As "catalogue api", the
// calls that an API key opens, an OpenAPI 3.1 document. It reads a FileDescriptorSet with source information on its standard
// input (scripts/gen.sh makes it), because the doc comments are part of both.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	_ "jalon.dev/proto/gen/jalon/event/v1" // registers the class option, so that decoding the set understands it
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}

var documents = map[string]func(*protoregistry.Files) *yaml.Node{"events": document, "api": apiDocument}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 1 || documents[args[0]] == nil {
		return errors.New("say which document: events, or api")
	}
	content, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("reading the descriptors: %w", err)
	}
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(content, &set); err != nil {
		return fmt.Errorf("decoding the descriptors: %w", err)
	}
	files, err := protodesc.NewFiles(&set)
	if err != nil {
		return fmt.Errorf("linking the descriptors: %w", err)
	}
	fmt.Fprintln(out, "# Generated from proto/ by make gen. Do not edit.")
	encoder := yaml.NewEncoder(out)
	encoder.SetIndent(2)
	if err := encoder.Encode(documents[args[0]](files)); err != nil {
		return fmt.Errorf("writing the document: %w", err)
	}
	return encoder.Close()
}
