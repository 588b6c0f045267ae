package notifications

import (
	"errors"
	"fmt"
	"strings"

	"jalon.dev/services/notifications/internal/gate"
)

// CompanyRules are those of the gate's rules that a company sets; what is empty is as in DefaultRules.
type CompanyRules struct {
	// SendWindow is when people may be asked: "mon 12:00-18:00; tue-thu 09:00-18:00; fri 09:00-14:00", or "always".
	SendWindow string `env:"JALON_SEND_WINDOW"`
	// PressureCap is how often: "2/7d, 5/30d, routine 1/7d, routine 3/30d, appointment 3/7d, appointment 10/30d". It replaces all
	// the usual caps, so that what it does not limit is not limited.
	PressureCap string `env:"JALON_PRESSURE_CAP"`
	// QuietCap is how often people are asked who react to nothing, besides that: "2/30d, routine 1/30d".
	QuietCap string `env:"JALON_QUIET_CAP"`
}

// Validate says everything that is wrong at once.
func (c CompanyRules) Validate() error {
	_, err := c.apply(DefaultRules())
	return err
}

// apply puts the company's rules in the place of others.
func (c CompanyRules) apply(rules Rules) (Rules, error) {
	var errs []error
	if strings.TrimSpace(c.SendWindow) != "" {
		window, err := gate.ParseWindow(c.SendWindow)
		if err != nil {
			errs = append(errs, fmt.Errorf("JALON_SEND_WINDOW: %w", err))
		}
		rules.Window = window
	}
	if strings.TrimSpace(c.PressureCap) != "" {
		caps, err := gate.ParseCaps(c.PressureCap)
		if err != nil {
			errs = append(errs, fmt.Errorf("JALON_PRESSURE_CAP: %w", err))
		}
		rules.Caps = caps
	}
	if strings.TrimSpace(c.QuietCap) != "" {
		caps, err := gate.ParseCaps(c.QuietCap)
		if err != nil {
			errs = append(errs, fmt.Errorf("JALON_QUIET_CAP: %w", err))
		}
		rules.Quiet.Caps = caps
	}
	return rules, errors.Join(errs...)
}
