package logging

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

func TestSettingsThatDoNotExistAreRefusedByName(t *testing.T) {
	_, err := New(Config{Level: "loud", Format: "json"})
	require.ErrorContains(t, err, "JALON_LOG_LEVEL")
	_, err = New(Config{Level: "info", Format: "xml"})
	require.ErrorContains(t, err, "JALON_LOG_FORMAT")
	for _, format := range []string{"json", "console", "auto"} {
		log, err := New(Config{Level: "warn", Format: format})
		require.NoError(t, err)
		require.False(t, log.Core().Enabled(zapcore.InfoLevel))
	}
}

func TestQuietKeepsWarnings(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	quiet := Quiet(zap.New(core))
	quiet.Info("step")
	quiet.Warn("trouble")
	require.Equal(t, 1, logs.Len())
}

func TestQuietLeavesALoggerAloneThatIsQuieter(t *testing.T) {
	core, logs := observer.New(zapcore.ErrorLevel)
	quiet := Quiet(zap.New(core))
	quiet.Warn("trouble")
	quiet.Error("failure")
	require.Equal(t, 1, logs.Len())
}
