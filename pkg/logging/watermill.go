package logging

import (
	"github.com/ThreeDotsLabs/watermill"
	"go.uber.org/zap"
)

// Watermill lets Watermill write to a zap logger. What Watermill calls information (each handler that starts, each
// subscription) is detail to whoever runs Jalon, and its traces tell of every message: the first is logged as debug, the
// second not at all.
func Watermill(log *zap.Logger) watermill.LoggerAdapter {
	return watermillLog{log: log.WithOptions(zap.AddCallerSkip(1))}
}

type watermillLog struct{ log *zap.Logger }

func (w watermillLog) Error(msg string, err error, fields watermill.LogFields) {
	w.log.Error(msg, append(zapFields(fields), zap.Error(err))...)
}

func (w watermillLog) Info(msg string, fields watermill.LogFields) {
	w.log.Debug(msg, zapFields(fields)...)
}

func (w watermillLog) Debug(msg string, fields watermill.LogFields) {
	w.log.Debug(msg, zapFields(fields)...)
}

func (w watermillLog) Trace(string, watermill.LogFields) {}

func (w watermillLog) With(fields watermill.LogFields) watermill.LoggerAdapter {
	return watermillLog{log: w.log.With(zapFields(fields)...)}
}

// zapFields keeps ids and names of things. A payload or a message's metadata would carry what must not be logged.
func zapFields(fields watermill.LogFields) []zap.Field {
	out := make([]zap.Field, 0, len(fields))
	for key, value := range fields {
		switch key {
		case "payload", "metadata", "message", "msg":
			continue
		}
		out = append(out, zap.Any(key, value))
	}
	return out
}
