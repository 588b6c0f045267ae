package service

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/logging"
	"jalon.dev/pkg/rpc"
)

// environment is the configuration of a process that runs one service.
type environment struct {
	Addr string `env:"JALON_ADDR" envDefault:":8080"`
	// MetricsAddr is where Prometheus reads; empty serves no metrics. It is a door of its own because counts that rise tell when
	// somebody answered: keep it closed to the people in the company.
	MetricsAddr string `env:"JALON_METRICS_ADDR"`
	ServiceKey  string `env:"JALON_SERVICE_KEY,required,notEmpty"`

	MongoURI string `env:"MONGODB_URI,required,notEmpty"`
	// Database is this service's own; "jalon_moments" when empty.
	Database string `env:"JALON_DATABASE"`

	NATSURL         string `env:"NATS_URL,required,notEmpty"`
	NATSUser        string `env:"NATS_USER"`
	NATSPassword    string `env:"NATS_PASSWORD"`
	NATSCredentials string `env:"NATS_CREDENTIALS"` // path of a credentials file
	NATSNKey        string `env:"NATS_NKEY"`        // path of a seed file
	NATSReplicas    int    `env:"NATS_REPLICAS" envDefault:"1"`

	DirectoryURL     string `env:"JALON_DIRECTORY_URL"`
	MomentsURL       string `env:"JALON_MOMENTS_URL"`
	NotificationsURL string `env:"JALON_NOTIFICATIONS_URL"`
	InterviewsURL    string `env:"JALON_INTERVIEWS_URL"`
	BarometerURL     string `env:"JALON_BAROMETER_URL"`
	PortalURL        string `env:"JALON_PORTAL_URL"`

	// OTLPEndpoint is read again by the exporter itself; here it says whether traces leave at all.
	OTLPEndpoint string `env:"OTEL_EXPORTER_OTLP_ENDPOINT"`

	// StopTimeout is how long a graceful stop may take; orchestrators commonly kill after 30 s.
	StopTimeout time.Duration `env:"JALON_STOP_TIMEOUT" envDefault:"25s"`
	// AutoMigrate brings the database up to date at start. Switched off where migrating is a step of its own.
	AutoMigrate bool `env:"JALON_AUTO_MIGRATE" envDefault:"true"`

	// ClockOffset is for drills: the process lives that far from the machine's time. Leave it at 0.
	ClockOffset time.Duration `env:"JALON_CLOCK_OFFSET" envDefault:"0s"`

	Log logging.Config
}

// Validate checks what types cannot.
func (e *environment) Validate() error {
	var errs []error
	if len(e.ServiceKey) < identity.MinKeyBytes {
		errs = append(errs, fmt.Errorf("JALON_SERVICE_KEY: has %d bytes: at least %d are needed, the same in every service",
			len(e.ServiceKey), identity.MinKeyBytes))
	}
	for name, address := range e.addresses() {
		if address == "" {
			continue
		}
		if u, err := url.Parse(address); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			errs = append(errs, fmt.Errorf("%s: must look like http://%s:8080", rpc.AddressVariable(name), name))
		}
	}
	if e.StopTimeout <= 0 {
		errs = append(errs, errors.New("JALON_STOP_TIMEOUT: must be positive"))
	}
	if e.NATSReplicas < 1 {
		errs = append(errs, errors.New("NATS_REPLICAS: must be 1 or more"))
	}
	return errors.Join(errs...)
}

func (e *environment) addresses() rpc.Addresses {
	return rpc.Addresses{
		"directory":     e.DirectoryURL,
		"moments":       e.MomentsURL,
		"notifications": e.NotificationsURL,
		"interviews":    e.InterviewsURL,
		"barometer":     e.BarometerURL,
		"portal":        e.PortalURL,
	}
}

func (e *environment) database(service string) string {
	if e.Database != "" {
		return e.Database
	}
	return "jalon_" + service
}

func (e *environment) bus(service string) bus.Config {
	return bus.Config{
		URL:             e.NATSURL,
		Name:            service,
		User:            e.NATSUser,
		Password:        e.NATSPassword,
		CredentialsFile: e.NATSCredentials,
		NKeyFile:        e.NATSNKey,
		Replicas:        e.NATSReplicas,
	}
}
