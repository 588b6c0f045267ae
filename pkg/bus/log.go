package bus

import (
	"github.com/ThreeDotsLabs/watermill"
	"go.uber.org/zap"
)

// watermillLog passes Watermill's words to zap. Its informational ones are our debugging ones.
type watermillLog struct{ log *zap.Logger }

func (l watermillLog) Error(msg string, err error, fields watermill.LogFields) {
	l.log.Warn(msg, append(zapFields(fields), zap.Error(err))...)
}

func (l watermillLog) Info(msg string, fields watermill.LogFields)  { l.debug(msg, fields) }
func (l watermillLog) Debug(msg string, fields watermill.LogFields) { l.debug(msg, fields) }
func (l watermillLog) Trace(string, watermill.LogFields)            {}

func (l watermillLog) With(fields watermill.LogFields) watermill.LoggerAdapter {
	return watermillLog{log: l.log.With(zapFields(fields)...)}
}

func (l watermillLog) debug(msg string, fields watermill.LogFields) {
	if entry := l.log.Check(zap.DebugLevel, msg); entry != nil {
		entry.Write(zapFields(fields)...)
	}
}

func zapFields(fields watermill.LogFields) []zap.Field {
	out := make([]zap.Field, 0, len(fields)+1)
	for key, value := range fields {
		out = append(out, zap.Any(key, value))
	}
	return out
}
