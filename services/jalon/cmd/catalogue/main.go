// Command catalogue writes the event catalogue as an AsyncAPI 3 document: every event type of proto/, its class, who
// publishes it, who reacts to it, and the shape of its data. It reads a FileDescriptorSet with source information on its
// standard input (scripts/gen.sh makes it), because the doc comments are part of the catalogue.
package main

import (
	"fmt"
	"io"
	"os"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"

	_ "jalon.dev/proto/gen/jalon/event/v1" // registers the class option, so that decoding the set understands it
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
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
	if err := encoder.Encode(document(files)); err != nil {
		return fmt.Errorf("writing the catalogue: %w", err)
	}
	return encoder.Close()
}
