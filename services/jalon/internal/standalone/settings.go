package standalone

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jalon.dev/pkg/config"
	"jalon.dev/pkg/logging"
	"jalon.dev/services/moments"
	"jalon.dev/services/notifications"
	"jalon.dev/services/portal"
)

// Settings come from the environment; all of them have a default that works on a laptop.
type Settings struct {
	// Address is where the pages are served, host and port.
	Address string `env:"JALON_ADDR" envDefault:"localhost:8080"`
	// Data is the folder that holds everything this Jalon knows.
	Data string `env:"JALON_DATA" envDefault:".jalon"`
	// PublicURL is the address that people type, where it differs from Address.
	PublicURL string `env:"JALON_PUBLIC_URL"`
	// MetricsAddress is where Prometheus reads; empty serves no metrics. It is a door of its own because counts that rise tell
	// when somebody answered: keep it closed to the people in the company.
	MetricsAddress string `env:"JALON_METRICS_ADDR"`
	// MongoDB replaces the local engine.
	MongoDB string `env:"MONGODB_URI"`
	// NATS replaces the embedded server.
	NATS string `env:"NATS_URL"`

	// TimeZone is the company's, for readers whom no HR file names.
	TimeZone string `env:"JALON_TIME_ZONE" envDefault:"Europe/Paris"`
	// ClockOffset is for drills: the process lives that far from the machine's time. Leave it at 0.
	ClockOffset time.Duration `env:"JALON_CLOCK_OFFSET" envDefault:"0s"`

	// SignIn is the company's own sign-in; without it people enter by one-time links.
	SignIn portal.SignIn
	// AuditDays is for how many days what HR and operators did is kept.
	AuditDays int `env:"JALON_AUDIT_DAYS" envDefault:"365"`
	// Widget says which pages of other sites may show prompts.
	Widget portal.Widget

	// Mail says how e-mail leaves; without it people are told in-app only. A demo sends none: it catches its mails.
	Mail notifications.MailConfig
	// Outgoing says how other systems are told. A demo tells programs of this machine too.
	Outgoing notifications.OutgoingConfig

	// Holidays are public holidays besides those of France and Alsace-Moselle: "BE=2026-07-21,2026-11-11; CH-GE=2026-09-10".
	Holidays string `env:"JALON_HOLIDAYS"`
	// Company are the rules on when and how often people may be asked.
	Company notifications.CompanyRules
	// TalksKey seals what people write in talks, in place of the key in the data folder.
	TalksKey string `env:"JALON_TALKS_KEY"`
	// BallotsKey seals ballots that wait, in place of the key in the data folder.
	BallotsKey string `env:"JALON_BALLOTS_KEY"`
	// BallotsURL is where browsers cast ballots when that is another origin.
	BallotsURL string `env:"JALON_BALLOTS_URL"`
	// TalksLost gives up what is sealed under a missing key; see interviews.Config.
	TalksLost string `env:"JALON_TALKS_LOST"`
	// GuestsKeptDays is for how many days candidates are remembered after the last of their invitations ended.
	GuestsKeptDays int `env:"JALON_GUESTS_KEPT_DAYS" envDefault:"30"`

	Log logging.Config
}

// LoadSettings reads and checks the environment; the error names every wrong variable at once.
func LoadSettings() (Settings, error) {
	s, err := config.Load[Settings](os.Environ())
	if err != nil {
		return s, err
	}
	if s.Data, err = filepath.Abs(s.Data); err != nil {
		return s, fmt.Errorf("JALON_DATA: %w", err)
	}
	s.PublicURL = strings.TrimSuffix(s.PublicURL, "/")
	return s, nil
}

// Validate checks what types cannot.
func (s *Settings) Validate() error {
	var wrong []error
	if _, port, err := net.SplitHostPort(s.Address); err != nil || port == "" {
		wrong = append(wrong, fmt.Errorf("JALON_ADDR: %q must be host:port, such as localhost:8080", s.Address))
	}
	if u, err := url.Parse(s.PublicURL); s.PublicURL != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "") {
		wrong = append(wrong, fmt.Errorf("JALON_PUBLIC_URL: %q must look like https://jalon.example.com", s.PublicURL))
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil {
		wrong = append(wrong, fmt.Errorf("JALON_TIME_ZONE: %q is not an IANA time zone", s.TimeZone))
	}
	if s.AuditDays < 0 {
		wrong = append(wrong, errors.New("JALON_AUDIT_DAYS: must be a number of days; 0 is a year"))
	}
	if err := (moments.Config{GuestsKeptDays: s.GuestsKeptDays}).Validate(); err != nil {
		wrong = append(wrong, err)
	}
	if err := s.Company.Validate(); err != nil {
		wrong = append(wrong, err)
	}
	if err := s.SignIn.Check(s.URL()); err != nil {
		wrong = append(wrong, err)
	}
	if err := portal.CheckBallotURL(s.BallotsURL); err != nil {
		wrong = append(wrong, err)
	}
	if err := s.Widget.Check(s.URL()); err != nil {
		wrong = append(wrong, err)
	}
	mail := s.Mail
	mail.Home = s.URL()
	if err := mail.Validate(); err != nil {
		wrong = append(wrong, err)
	}
	if err := s.Outgoing.Validate(); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// URL is what people type to reach this Jalon.
func (s Settings) URL() string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	return s.LocalURL()
}

// LocalURL is where a program on this machine reaches the server.
func (s Settings) LocalURL() string {
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return "http://" + s.Address
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// onLoopback says whether nobody but this machine can connect.
func (s Settings) onLoopback() bool {
	host, _, err := net.SplitHostPort(s.Address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// DatabaseURI is where the database of a running Jalon answers: MONGODB_URI, or the local engine of the data folder.
func (s Settings) DatabaseURI() (string, error) {
	if s.MongoDB != "" {
		return s.MongoDB, nil
	}
	content, err := os.ReadFile(filepath.Join(s.Data, databaseFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("no database in the data folder %s: start the server there first, point JALON_DATA at its folder, or set MONGODB_URI", s.Data)
	case errors.Is(err, fs.ErrPermission):
		return "", fmt.Errorf("the data folder %s is readable by its owner only: run this as the user that runs the server", s.Data)
	case err != nil:
		return "", fmt.Errorf("finding the database: %w", err)
	}
	return strings.TrimSpace(string(content)), nil
}
