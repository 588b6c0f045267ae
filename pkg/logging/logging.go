// Package logging makes the process's zap logger: JSON for machines, short lines for a terminal.
package logging

import (
	"fmt"
	"os"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// Config is read from the environment by the process's own configuration.
type Config struct {
	// Level is debug, info, warn or error.
	Level string `env:"JALON_LOG_LEVEL" envDefault:"info"`
	// Format is json, console or auto: console when standard error is a terminal.
	Format string `env:"JALON_LOG_FORMAT" envDefault:"auto"`
}

// New returns a logger that writes to standard error, so that a command's own output stays clean.
func New(cfg Config) (*zap.Logger, error) {
	level, err := zapcore.ParseLevel(cfg.Level)
	if err != nil {
		return nil, fmt.Errorf("JALON_LOG_LEVEL: %q is not one of debug, info, warn, error", cfg.Level)
	}
	console := cfg.Format == "console"
	switch cfg.Format {
	case "json", "console":
	case "auto", "":
		console = isTerminal(os.Stderr)
	default:
		return nil, fmt.Errorf("JALON_LOG_FORMAT: %q is not one of json, console, auto", cfg.Format)
	}
	return zap.New(zapcore.NewCore(encoder(console), zapcore.Lock(os.Stderr), level)), nil
}

// Quiet returns the logger with everything under warning left out, for libraries that tell of their every step.
func Quiet(log *zap.Logger) *zap.Logger {
	if !log.Core().Enabled(zapcore.InfoLevel) {
		return log // it is quieter already, and a level can only be raised
	}
	return log.WithOptions(zap.IncreaseLevel(zapcore.WarnLevel))
}

func encoder(console bool) zapcore.Encoder {
	if console {
		cfg := zap.NewDevelopmentEncoderConfig()
		cfg.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
		cfg.EncodeLevel = zapcore.CapitalColorLevelEncoder
		return zapcore.NewConsoleEncoder(cfg)
	}
	cfg := zap.NewProductionEncoderConfig()
	cfg.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	cfg.TimeKey = "time"
	return zapcore.NewJSONEncoder(cfg)
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
