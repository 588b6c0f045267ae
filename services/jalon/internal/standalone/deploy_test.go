package standalone

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// here are the settings of the standalone alone, and those that Compose writes itself.
var here = map[string]bool{"JALON_DATA": true, "JALON_ENGINE_DIR": true, "JALON_ADDR": true, "JALON_DIRECTORY_URL": true}

// A setting that somebody read about and wrote into deploy/.env must not be lost on the way to its service.
func TestEverySettingOfTheGuideReachesTheContainers(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..")
	guide, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	require.NoError(t, err)
	compose, err := os.ReadFile(filepath.Join(root, "deploy", "compose.yaml"))
	require.NoError(t, err)

	settings := regexp.MustCompile(`\b(JALON_[A-Z]+(_[A-Z]+)*|NATS_[A-Z]+|MONGODB_URI|OTEL_[A-Z_]+)\b`).FindAllString(string(guide), -1)
	require.Greater(t, len(settings), 20)
	for _, setting := range settings {
		if !here[setting] {
			require.Regexp(t, `\n +`+setting+`: \$\{`+setting+`:`, string(compose), "%s is documented and not passed on", setting)
		}
	}
}
