package event

import (
	"encoding/json"
	"fmt"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// envelope is the structured JSON form of CloudEvents.
type envelope struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Type            string          `json:"type"`
	Source          string          `json:"source"`
	Subject         string          `json:"subject,omitempty"`
	Time            string          `json:"time"`
	TraceParent     string          `json:"traceparent,omitempty"`
	DataContentType string          `json:"datacontenttype"`
	Data            json.RawMessage `json:"data"`
}

// JSON writes the event for outside systems and for people's eyes: CloudEvents' JSON form, the data as JSON too. The
// type must be linked into this program; errors wrap ErrInvalid.
func JSON(e Event) ([]byte, error) {
	found, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(e.Type))
	if err != nil {
		return nil, fmt.Errorf("%w: type %q is not known", ErrInvalid, e.Type)
	}
	msg := found.New().Interface()
	if err := e.Decode(msg); err != nil {
		return nil, err
	}
	data, err := protojson.Marshal(msg)
	if err != nil {
		return nil, fmt.Errorf("writing %s as JSON: %w", e.Type, err)
	}
	out, err := json.Marshal(envelope{
		SpecVersion: specVersion, ID: e.ID, Type: e.Type, Source: e.Source, Subject: e.Subject,
		Time: e.Time.UTC().Format(time.RFC3339Nano), TraceParent: e.TraceParent,
		DataContentType: "application/json", Data: data,
	})
	if err != nil {
		return nil, fmt.Errorf("writing event %s as JSON: %w", e.ID, err)
	}
	return out, nil
}
