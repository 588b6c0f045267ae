package logging

import (
	"errors"
	"testing"

	"github.com/ThreeDotsLabs/watermill"
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

func TestWatermillsChatterIsDetailAndItsErrorsAreErrors(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	w := Watermill(zap.New(core)).With(watermill.LogFields{"handler_name": "open"})

	w.Info("Starting handler", nil)
	w.Trace("Message received", watermill.LogFields{"message_uuid": "1"})
	w.Error("Handler failed", errors.New("no"), watermill.LogFields{"payload": "secret", "message_uuid": "1"})

	entries := logs.All()
	require.Len(t, entries, 2)
	require.Equal(t, zapcore.DebugLevel, entries[0].Level)
	require.Equal(t, zapcore.ErrorLevel, entries[1].Level)
	fields := entries[1].ContextMap()
	require.Equal(t, "1", fields["message_uuid"])
	require.Equal(t, "open", fields["handler_name"])
	require.NotContains(t, fields, "payload")
}

func TestQuietKeepsWarnings(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	quiet := Quiet(zap.New(core))
	quiet.Info("step")
	quiet.Warn("trouble")
	require.Equal(t, 1, logs.Len())
}
