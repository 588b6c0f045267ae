// Command portal runs Jalon's web application as a process of its own.
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"jalon.dev/pkg/config"
	"jalon.dev/pkg/service"
	"jalon.dev/services/portal"
)

// environment is what the portal reads beside what every service does.
type environment struct {
	PublicURL   string `env:"JALON_PUBLIC_URL"`
	OperatorKey string `env:"JALON_OPERATOR_KEY"`
	TimeZone    string `env:"JALON_TIME_ZONE" envDefault:"Europe/Paris"`
}

// shortestKey is the least length of the operator's key: whoever guesses it imports people.
const shortestKey = 32

// Validate checks what types cannot.
func (e *environment) Validate() error {
	var wrong []error
	if e.OperatorKey != "" && len(e.OperatorKey) < shortestKey {
		wrong = append(wrong, fmt.Errorf("JALON_OPERATOR_KEY: has %d characters: at least %d are needed", len(e.OperatorKey), shortestKey))
	}
	if _, err := time.LoadLocation(e.TimeZone); err != nil {
		wrong = append(wrong, fmt.Errorf("JALON_TIME_ZONE: %q is not an IANA time zone", e.TimeZone))
	}
	return errors.Join(wrong...)
}

func main() {
	service.Main("portal", func(parts service.Parts) (service.Service, error) {
		env, err := config.Load[environment](os.Environ())
		if err != nil {
			return nil, err
		}
		zone, err := time.LoadLocation(env.TimeZone)
		if err != nil {
			return nil, err
		}
		return portal.New(parts, portal.Config{PublicURL: env.PublicURL, OperatorKey: env.OperatorKey, Zone: zone})
	})
}
