package audit

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Subject gathers whom and what a request turns out to concern.
type Subject struct {
	mu  sync.Mutex
	ids []string
}

type subjectKey struct{}

// WithSubject returns a context in which About adds to the subject.
func WithSubject(ctx context.Context) (context.Context, *Subject) {
	s := &Subject{}
	return context.WithValue(ctx, subjectKey{}, s), s
}

// About says that the request concerns these ids. Where nothing is recorded it does nothing.
func About(ctx context.Context, ids ...string) {
	if s, ok := ctx.Value(subjectKey{}).(*Subject); ok {
		s.add(ids...)
	}
}

// IDs are those gathered so far.
func (s *Subject) IDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids)
}

// add keeps ids only: whatever else is written where an id belongs might be a name.
func (s *Subject) add(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if uuid.Validate(id) == nil && len(s.ids) < mostIDs {
			s.ids = append(s.ids, strings.ToLower(id))
		}
	}
}

// AboutMessage adds the ids that a request's own fields hold.
func AboutMessage(ctx context.Context, message protoreflect.Message) {
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		name := string(field.Name())
		switch {
		case field.Kind() != protoreflect.StringKind || !isID(name) || field.IsMap():
		case field.IsList():
			for i := range value.List().Len() {
				About(ctx, value.List().Get(i).String())
			}
		default:
			About(ctx, value.String())
		}
		return true
	})
}

func isID(name string) bool {
	return name == "id" || name == "ids" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_ids")
}
