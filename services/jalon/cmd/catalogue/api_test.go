package main

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/reflect/protoregistry"

	"jalon.dev/pkg/policy"
	_ "jalon.dev/proto/gen/jalon/moments/v1"
	_ "jalon.dev/proto/gen/jalon/notifications/v1"
)

func TestTheAPIDocumentNamesWhatAKeyOpensAndNothingElse(t *testing.T) {
	text, err := yaml.Marshal(apiDocument(protoregistry.GlobalFiles))
	require.NoError(t, err)
	var document struct {
		Paths      map[string]map[string]any
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any
				Required   []string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &document))
	for _, route := range policy.Routes() {
		if policy.Grants(route)[policy.Integration] != policy.None {
			require.Contains(t, document.Paths, route)
		} else {
			require.NotContains(t, document.Paths, route)
		}
	}
	guest := document.Components.Schemas["DeclareGuestMomentRequest"]
	require.Equal(t, []string{"keyMoment", "unitId"}, guest.Required, "what the contract refuses to do without")
	require.NotContains(t, document.Components.Schemas["DeclareMomentRequest"].Required, "personId")
	require.Contains(t, document.Components.Schemas, "GuestLink", "what an answer holds is described, too")
}
