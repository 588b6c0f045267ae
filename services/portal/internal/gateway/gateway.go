// Package gateway lets those who come in with a key reach the services' APIs through the portal, the one address that an
// installation shows to the outside: the operator's command line, and outside systems.
package gateway

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"connectrpc.com/connect"
	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/portal/internal/apikey"
)

const (
	bearer = "Bearer "
	// Prefix of every procedure's path.
	Prefix = "/jalon."
)

// Config is whom the gateway knows, and whom it asks.
type Config struct {
	// OperatorKey is the operator's; empty: there is no operator.
	OperatorKey string
	// Keys are those of outside systems.
	Keys *apikey.Book
	// Signer signs for Audience, which is the portal.
	Signer   *identity.Signer
	Audience string
	Peers    rpc.Peers
	// Operator and Access are the portal's own procedures.
	Operator portalv1connect.OperatorServiceHandler
	Access   portalv1connect.AccessServiceHandler
	Log      *zap.Logger
}

// New serves the operator's own procedures and hands the others on. A caller with the operator's key asks as the operator, one
// with an API key as that outside system; whatever else is sent is looked at by each procedure's gate, which knows tokens only.
func New(cfg Config, options ...connect.HandlerOption) http.Handler {
	// A peer's client answers exactly what a handler has to: the call goes on as the actor whom the gate found.
	procedures := http.NewServeMux()
	mount := func(prefix string, handler http.Handler) { expose(procedures, prefix, handler) }
	mount(directoryv1connect.NewDirectoryServiceHandler(cfg.Peers.Directory(), options...))
	mount(momentsv1connect.NewMomentsServiceHandler(cfg.Peers.Moments(), options...))
	mount(momentsv1connect.NewGuestsServiceHandler(cfg.Peers.Guests(), options...))
	mount(notificationsv1connect.NewNotificationsServiceHandler(cfg.Peers.Notifications(), options...))
	mount(notificationsv1connect.NewOutgoingServiceHandler(cfg.Peers.Outgoing(), options...))
	mount(barometerv1connect.NewCustomersServiceHandler(cfg.Peers.Customers(), options...))
	mount(portalv1connect.NewOperatorServiceHandler(cfg.Operator, options...))
	mount(portalv1connect.NewAccessServiceHandler(cfg.Access, options...))
	return &gateway{
		Config: cfg, operator: sha256.Sum256([]byte(cfg.OperatorKey)), next: procedures, errors: connect.NewErrorWriter(options...),
	}
}

// expose mounts those of a service's procedures that the table opens to somebody who comes with a key. The others are not
// there: people use pages, and services reach each other without this door.
func expose(procedures *http.ServeMux, prefix string, handler http.Handler) {
	for _, route := range policy.Routes() {
		if strings.HasPrefix(route, prefix) && policy.Outside(route) {
			procedures.Handle(route, handler)
		}
	}
}

type gateway struct {
	Config
	operator [sha256.Size]byte
	next     http.Handler
	errors   *connect.ErrorWriter
}

// ServeHTTP exchanges a key for a token that says who holds it; all that follows knows tokens only.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), bearer)
	if !ok {
		g.next.ServeHTTP(w, r)
		return
	}
	actor, err := g.holder(r.Context(), given)
	if errors.Is(err, apikey.ErrNone) {
		g.next.ServeHTTP(w, r)
		return
	}
	var token string
	if err == nil {
		token, err = g.Signer.Sign(actor, g.Audience)
	}
	if err != nil {
		g.Log.Error("a key cannot be looked at", zap.Error(err))
		// Whoever cannot be asked who they are may try again; why is for the log.
		coded := connect.NewError(connect.CodeUnavailable, errors.New("keys cannot be checked: try again later"))
		_ = g.errors.Write(w, r, coded) // whoever hung up needs no answer
		return
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", bearer+token)
	g.next.ServeHTTP(w, r)
}

// holder is who holds a key, or apikey.ErrNone.
func (g *gateway) holder(ctx context.Context, key string) (identity.Actor, error) {
	if g.isOperator(key) {
		return identity.Actor{Roles: []identity.Role{identity.Operator}}, nil
	}
	found, err := g.Keys.Find(ctx, key)
	if err != nil {
		return identity.Actor{}, err
	}
	return identity.Actor{Roles: []identity.Role{identity.Integration}, Key: found.Name}, nil
}

// isOperator compares hashes, so that neither the key's length nor its beginning can be measured.
func (g *gateway) isOperator(given string) bool {
	sum := sha256.Sum256([]byte(given))
	return g.OperatorKey != "" && subtle.ConstantTimeCompare(sum[:], g.operator[:]) == 1
}
