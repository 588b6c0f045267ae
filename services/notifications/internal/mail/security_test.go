package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications/internal/mail"
)

// login is the user and the password that a server wants; empty where it wants none.
type login string

const goodLogin login = "jalon:s3cret"

// String is how a URL names it.
func (l login) String() string {
	if l == "" {
		return ""
	}
	return string(l) + "@"
}

// guarded is a conversation with a server that wants to know who writes.
type guarded struct {
	*talk
	known bool
}

func (g *guarded) AuthMechanisms() []string { return []string{sasl.Plain} }

func (g *guarded) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		if login(name+":"+password) != goodLogin {
			return smtp.ErrAuthFailed
		}
		g.known = true
		return nil
	}), nil
}

func (g *guarded) Mail(from string, opts *smtp.MailOptions) error {
	if !g.known {
		return smtp.ErrAuthRequired
	}
	return g.talk.Mail(from, opts)
}

// certificate makes one for an address of this machine, or for another name, and the file of the authority that vouches for it.
func certificate(t *testing.T, ip net.IP, names ...string) (config *tls.Config, authority string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: names, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip != nil {
		template.IPAddresses = []net.IP{ip}
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	authority = filepath.Join(t.TempDir(), "authority.pem")
	require.NoError(t, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, authority
}

var thisMachine = net.IPv4(127, 0, 0, 1)

// send lets an office whose mail server is another one tell of a prompt.
func send(t *testing.T, server *scripted, authority string) *office {
	t.Helper()
	o := open(t, func(c *mail.Config) { c.URL, c.Authorities, c.Patience = server.URL, authority, 5*time.Second })
	o.tell(o.show(o.know("anna")...))
	return o
}

func TestMailsLeaveOverTLSToAServerThatKnowsWhoWrites(t *testing.T) {
	for name, atOnce := range map[string]bool{"STARTTLS": false, "TLS from the first byte": true} {
		t.Run(name, func(t *testing.T) {
			config, authority := certificate(t, thisMachine)
			server := startServer(t, func(s *scripted) { s.certified, s.tlsAtOnce, s.user = config, atOnce, goodLogin })
			o := send(t, server, authority)
			require.Len(t, server.taken(), 1)
			require.EqualValues(t, 1, o.counts().GetSent())
		})
	}
}

func TestAServerThatCannotProveItsNameIsToldNothing(t *testing.T) {
	for name, atOnce := range map[string]bool{"STARTTLS": false, "TLS from the first byte": true} {
		t.Run(name, func(t *testing.T) {
			for _, wrong := range []func() (*tls.Config, string){
				func() (*tls.Config, string) { config, _ := certificate(t, thisMachine); return config, "" },
				func() (*tls.Config, string) { return certificate(t, nil, "mail.example.net") },
			} {
				config, authority := wrong()
				server := startServer(t, func(s *scripted) { s.certified, s.tlsAtOnce, s.user = config, atOnce, goodLogin })
				o := send(t, server, authority)
				require.Empty(t, server.taken())
				require.EqualValues(t, 1, o.counts().GetWaiting(), "it waits until the server is put right")
			}
		})
	}
}

func TestAServerWithoutTLSIsToldNothingWhereTLSIsRequired(t *testing.T) {
	server := startServer(t)
	server.URL += "?starttls=required"
	o := send(t, server, "")
	require.Empty(t, server.taken())
	require.EqualValues(t, 1, o.counts().GetWaiting())
}

func TestAWrongPasswordLosesNoMailAndIsNotLogged(t *testing.T) {
	config, authority := certificate(t, thisMachine)
	server := startServer(t, func(s *scripted) { s.certified, s.user = config, "jalon:wrong-s3cret" })
	o := send(t, server, authority)
	require.Empty(t, server.taken())
	require.EqualValues(t, 1, o.counts().GetWaiting())
	require.NotContains(t, logged(o), "s3cret")
}

func TestAuthoritiesThatCannotBeReadAreNamed(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	require.NoError(t, os.WriteFile(empty, []byte("nothing"), 0o600))
	for _, file := range []string{empty, filepath.Join(t.TempDir(), "missing.pem")} {
		cfg := mail.Config{URL: "smtp://mail.example.com", From: "jalon@example.com", Home: "https://jalon.example.com", Authorities: file}
		require.ErrorContains(t, cfg.Validate(), "JALON_SMTP_CA")
	}
}
