package mail

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	defaultConnections = 4
	// maxConnections is more than any one server takes kindly from one client.
	maxConnections = 32
	// patience is how long a server may take to answer a command; taking over a whole mail may take twice as long.
	patience = 20 * time.Second
)

// Config says how e-mail leaves. The zero Config sends none.
type Config struct {
	// URL of the server: smtp://user:password@host:587?starttls=required, or smtps://... for TLS from the first byte. Without a
	// word about starttls it is required, except on this very machine. Empty: no e-mail is sent.
	URL string `env:"JALON_SMTP_URL"`
	// Authorities is a PEM file of certificate authorities that may vouch for the server besides the system's: a company's own.
	Authorities string `env:"JALON_SMTP_CA"`
	// From is who writes: "Jalon <jalon@example.com>" or the bare address.
	From string `env:"JALON_MAIL_FROM"`
	// Bounces is the address to which servers return what cannot be delivered; that of From when empty.
	Bounces string `env:"JALON_MAIL_BOUNCES"`
	// Home is the address of the portal's pages, which links lead to.
	Home string `env:"JALON_PUBLIC_URL"`
	// Opens is "on" where the company wants to know how often the mails of campaigns are displayed: by one image for each, the same for
	// everybody.
	Opens string `env:"JALON_MAIL_OPENS"`
	// Connections is how many are open at once, at most 32; 4 when 0.
	Connections int `env:"JALON_SMTP_CONNECTIONS"`
	// Patience is how long a server may take to answer; 20 s when 0.
	Patience time.Duration `env:"JALON_SMTP_PATIENCE"`
}

// Enabled says whether mails are sent at all.
func (c *Config) Enabled() bool { return c.URL != "" }

// opens says whether mails of campaigns carry an image.
func (c *Config) opens() bool { return strings.EqualFold(strings.TrimSpace(c.Opens), "on") }

// Validate tells everything that is wrong.
func (c *Config) Validate() error {
	if !c.Enabled() {
		return nil
	}
	var wrong []error
	if _, err := parseServer(c.URL); err != nil {
		wrong = append(wrong, err)
	}
	if _, err := c.trusted(); err != nil {
		wrong = append(wrong, err)
	}
	if _, err := netmail.ParseAddress(c.From); err != nil {
		wrong = append(wrong, errors.New("JALON_MAIL_FROM: must be who writes, such as Jalon <jalon@example.com>"))
	}
	if address, err := netmail.ParseAddress(c.Bounces); c.Bounces != "" && (err != nil || address.Address != c.Bounces) {
		wrong = append(wrong, errors.New("JALON_MAIL_BOUNCES: must be a bare address, such as bounces@jalon.example.com"))
	}
	if home, err := url.Parse(c.Home); err != nil || home.Host == "" || (home.Scheme != "http" && home.Scheme != "https") {
		wrong = append(wrong, errors.New("JALON_PUBLIC_URL: mails need it for their links; it must look like https://jalon.example.com"))
	}
	if c.Connections < 0 || c.Connections > maxConnections {
		wrong = append(wrong, fmt.Errorf("JALON_SMTP_CONNECTIONS: must be between 1 and %d", maxConnections))
	}
	switch strings.ToLower(strings.TrimSpace(c.Opens)) {
	case "", "on", "off":
	default:
		wrong = append(wrong, errors.New("JALON_MAIL_OPENS: must be on or off"))
	}
	if c.Patience < 0 {
		wrong = append(wrong, errors.New("JALON_SMTP_PATIENCE: must be positive"))
	}
	return errors.Join(wrong...)
}

// trusted are the authorities that may vouch for the server; nil for the system's alone.
func (c *Config) trusted() (*x509.CertPool, error) {
	if c.Authorities == "" {
		return nil, nil
	}
	content, err := os.ReadFile(c.Authorities)
	if err != nil {
		return nil, fmt.Errorf("JALON_SMTP_CA: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("JALON_SMTP_CA: reading the system's authorities: %w", err)
	}
	if !pool.AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("JALON_SMTP_CA: %s holds no certificate in PEM", c.Authorities)
	}
	return pool, nil
}

// server is where mail is handed over.
type server struct {
	host, address  string
	user, password string
	tls, startTLS  bool
	trusted        *x509.CertPool
}

// parseServer reads JALON_SMTP_URL. Its errors never hold the password.
func parseServer(text string) (server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return server{}, errors.New("JALON_SMTP_URL: must look like smtp://user:password@mail.example.com:587?starttls=required")
	}
	s := server{host: u.Hostname(), user: u.User.Username(), tls: u.Scheme == "smtps"}
	s.password, _ = u.User.Password()
	port := u.Port()
	if port == "" {
		port = map[bool]string{true: "465", false: "587"}[s.tls]
	}
	s.address = net.JoinHostPort(s.host, port)
	near := onThisMachine(s.host)
	switch choice := u.Query().Get("starttls"); {
	case choice == "required", choice == "" && !near:
		s.startTLS = !s.tls
	case choice == "off", choice == "":
	default:
		return server{}, errors.New("JALON_SMTP_URL: starttls must be required or off")
	}
	if s.password != "" && !s.tls && !s.startTLS && !near {
		return server{}, errors.New("JALON_SMTP_URL: a password must not travel in the clear; leave starttls=off away")
	}
	return s, nil
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}
