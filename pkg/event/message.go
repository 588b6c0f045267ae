package event

import (
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
)

// The headers of CloudEvents' binary mode. Watermill's metadata become NATS headers one to one.
const (
	headerID          = "ce-id"
	headerType        = "ce-type"
	headerSource      = "ce-source"
	headerSubject     = "ce-subject"
	headerTime        = "ce-time"
	headerSpecVersion = "ce-specversion"
	headerContentType = "ce-datacontenttype"
	headerTraceParent = "traceparent"

	specVersion         = "1.0"
	protobufContentType = "application/protobuf"
)

// ToMessage is the event as it travels: attributes in the metadata, protobuf as payload. The message's UUID is the
// event's id, by which the bus drops repetitions.
func ToMessage(e Event) *message.Message {
	msg := message.NewMessage(e.ID, e.Data)
	set := func(header, value string) {
		if value != "" {
			msg.Metadata.Set(header, encodeHeader(value))
		}
	}
	set(headerSpecVersion, specVersion)
	set(headerID, e.ID)
	set(headerType, e.Type)
	set(headerSource, e.Source)
	set(headerSubject, e.Subject)
	set(headerTime, e.Time.UTC().Format(time.RFC3339Nano))
	set(headerContentType, protobufContentType)
	set(headerTraceParent, e.TraceParent)
	return msg
}

// FromMessage reads an event back. Metadata it does not know are ignored; what is missing or unreadable fails with
// ErrInvalid. The message's own UUID plays no part: a copy of an event keeps the event's id.
func FromMessage(msg *message.Message) (Event, error) {
	var failed error
	get := func(header string) string {
		value, err := decodeHeader(msg.Metadata.Get(header))
		if err != nil && failed == nil {
			failed = fmt.Errorf("%w: header %s: %w", ErrInvalid, header, err)
		}
		return value
	}
	e := Event{
		ID: get(headerID), Type: get(headerType), Source: get(headerSource), Subject: get(headerSubject),
		TraceParent: get(headerTraceParent), Data: msg.Payload,
	}
	version, at, content := get(headerSpecVersion), get(headerTime), get(headerContentType)
	switch {
	case failed != nil:
		return Event{}, failed
	case version != specVersion:
		return Event{}, fmt.Errorf("%w: CloudEvents version %q", ErrInvalid, version)
	case e.ID == "" || e.Type == "" || e.Source == "":
		return Event{}, fmt.Errorf("%w: id, type or source is missing", ErrInvalid)
	case content != protobufContentType:
		return Event{}, fmt.Errorf("%w: content type %q", ErrInvalid, content)
	}
	var err error
	if e.Time, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return Event{}, fmt.Errorf("%w: time: %w", ErrInvalid, err)
	}
	if e.Time = e.Time.UTC(); e.Time.Year() < 1 || e.Time.Year() > 9999 {
		return Event{}, fmt.Errorf("%w: time %q", ErrInvalid, at)
	}
	return e, nil
}

// TypeOf reads only the type of the event in a message; it is empty when there is none.
func TypeOf(msg *message.Message) string {
	typ, err := decodeHeader(msg.Metadata.Get(headerType))
	if err != nil {
		return ""
	}
	return typ
}

// TraceParentOf reads only the trace context of the event in a message.
func TraceParentOf(msg *message.Message) string { return msg.Metadata.Get(headerTraceParent) }
