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

	// AuditDays is for how many days what HR and operators did is kept.
	AuditDays int `env:"JALON_AUDIT_DAYS" envDefault:"365"`

	// BallotURL is where browsers cast the barometer's ballots when that is another origin.
	BallotURL string `env:"JALON_BALLOTS_URL"`

	SignIn portal.SignIn
	Widget portal.Widget
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
	if e.AuditDays < 0 {
		wrong = append(wrong, errors.New("JALON_AUDIT_DAYS: must be a number of days; 0 is a year"))
	}
	if err := portal.CheckBallotURL(e.BallotURL); err != nil {
		wrong = append(wrong, err)
	}
	if err := e.SignIn.Check(e.PublicURL); err != nil {
		wrong = append(wrong, err)
	}
	if err := e.Widget.Check(e.PublicURL); err != nil {
		wrong = append(wrong, err)
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
		return portal.New(parts, portal.Config{PublicURL: env.PublicURL, OperatorKey: env.OperatorKey, Zone: zone, SignIn: env.SignIn, AuditDays: env.AuditDays, Widget: env.Widget, BallotURL: env.BallotURL})
	})
}
