package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/jalon/internal/standalone"
)

// server is a running Jalon, asked with the operator's key.
type server struct {
	address       string // where it listens
	public        string // what people type
	directory     directoryv1connect.DirectoryServiceClient
	customers     barometerv1connect.CustomersServiceClient
	notifications notificationsv1connect.NotificationsServiceClient
	outgoing      notificationsv1connect.OutgoingServiceClient
	operator      portalv1connect.OperatorServiceClient
}

// runningServer finds the server that JALON_ADDR and JALON_DATA point at. Its key is JALON_OPERATOR_KEY where there is no
// data folder to read it from.
func runningServer() (*server, error) {
	settings, err := standalone.LoadSettings()
	if err != nil {
		return nil, err
	}
	key := os.Getenv("JALON_OPERATOR_KEY")
	if key == "" {
		content, err := os.ReadFile(filepath.Join(settings.Data, standalone.OperatorKeyFile))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("no operator's key in the data folder %s: start the server there first, or point JALON_DATA at its folder", settings.Data)
		case errors.Is(err, fs.ErrPermission):
			return nil, fmt.Errorf("the operator's key in %s is readable by its owner only: run this as the user that runs the server", settings.Data)
		case err != nil:
			return nil, fmt.Errorf("reading the operator's key: %w", err)
		}
		key = strings.TrimSpace(string(content))
	}
	address := settings.LocalURL()
	client := &http.Client{Transport: bearer{key: key, next: http.DefaultTransport}}
	return &server{
		address:       address,
		public:        settings.URL(),
		directory:     directoryv1connect.NewDirectoryServiceClient(client, address),
		customers:     barometerv1connect.NewCustomersServiceClient(client, address),
		notifications: notificationsv1connect.NewNotificationsServiceClient(client, address),
		outgoing:      notificationsv1connect.NewOutgoingServiceClient(client, address),
		operator:      portalv1connect.NewOperatorServiceClient(client, address),
	}, nil
}

// bearer puts the operator's key on every call.
type bearer struct {
	key  string
	next http.RoundTripper
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.key)
	return b.next.RoundTrip(r)
}

// explain turns a failed call into a sentence that says what to do.
func (s *server) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return fmt.Errorf("no Jalon answers at %s: start it with `jalon serve`, or set JALON_ADDR to where it listens", s.address)
	}
	if call := new(connect.Error); errors.As(err, &call) {
		return fmt.Errorf("%s: %s", doing, call.Message())
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// localTime writes an instant of the server as the terminal's reader reads clocks.
func localTime(rfc3339 string) string {
	t, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		return rfc3339
	}
	return t.Local().Format("2006-01-02 15:04:05")
}
