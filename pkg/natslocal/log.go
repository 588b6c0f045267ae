package natslocal

import (
	"errors"
	"fmt"

	"go.uber.org/zap"
)

// serverLog passes the server's words to zap, keeps the one with which it gave up starting, and notices that the disk is full.
type serverLog struct {
	log   *zap.Logger
	fatal chan string
	full  chan<- struct{}
}

func (l *serverLog) Noticef(format string, v ...any) { l.log.Debug(fmt.Sprintf(format, v...)) }
func (l *serverLog) Warnf(format string, v ...any)   { l.log.Warn(fmt.Sprintf(format, v...)) }

func (l *serverLog) Errorf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	if errors.Is(classify(errors.New(text)), ErrStoreFull) {
		select {
		case l.full <- struct{}{}:
			l.log.Error("the disk of the bus is full: free some space; what was accepted waits in the database", zap.String("server", text))
		default: // said already
		}
		return
	}
	l.log.Error(text)
}

func (l *serverLog) Debugf(string, ...any) {}
func (l *serverLog) Tracef(string, ...any) {}

func (l *serverLog) Fatalf(format string, v ...any) {
	select {
	case l.fatal <- fmt.Sprintf(format, v...):
	default:
	}
}
