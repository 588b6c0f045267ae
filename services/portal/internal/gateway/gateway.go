// Package gateway lets the operator's command line reach the services' APIs through the portal, the one address that an
// installation shows to the outside.
package gateway

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
)

const (
	bearer = "Bearer "
	// Prefix of every procedure's path.
	Prefix = "/jalon."
)

// New serves the operator's own procedures and hands the others on. A caller with the operator's key asks as the operator;
// a service's signed token asks as whoever it names; anybody else is refused by the table. With an empty key there is no
// operator.
func New(
	operatorKey string, signer *identity.Signer, audience string, peers rpc.Peers, operator portalv1connect.OperatorServiceHandler,
	access portalv1connect.AccessServiceHandler,
	options ...connect.HandlerOption,
) http.Handler {
	mux := http.NewServeMux()
	// A peer's client answers exactly what a handler has to: the call goes on as the actor whom the gate found.
	mux.Handle(directoryv1connect.NewDirectoryServiceHandler(peers.Directory(), options...))
	mux.Handle(momentsv1connect.NewMomentsServiceHandler(peers.Moments(), options...))
	mux.Handle(notificationsv1connect.NewNotificationsServiceHandler(peers.Notifications(), options...))
	mux.Handle(interviewsv1connect.NewInterviewsServiceHandler(peers.Interviews(), options...))
	mux.Handle(barometerv1connect.NewBarometerServiceHandler(peers.Barometer(), options...))
	mux.Handle(portalv1connect.NewOperatorServiceHandler(operator, options...))
	mux.Handle(portalv1connect.NewAccessServiceHandler(access, options...))
	return &gateway{key: sha256.Sum256([]byte(operatorKey)), open: operatorKey != "", signer: signer, audience: audience, next: mux}
}

type gateway struct {
	key      [sha256.Size]byte
	open     bool
	signer   *identity.Signer
	audience string
	next     http.Handler
}

// ServeHTTP exchanges the operator's key for a token that says so; all that follows knows tokens only.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), bearer)
	if ok && g.isOperator(given) {
		token, err := g.signer.Sign(identity.Actor{Roles: []identity.Role{identity.Operator}}, g.audience)
		if err != nil {
			http.Error(w, fmt.Sprintf("signing for the operator: %v", err), http.StatusInternalServerError)
			return
		}
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", bearer+token)
	}
	g.next.ServeHTTP(w, r)
}

// isOperator compares hashes, so that neither the key's length nor its beginning can be measured.
func (g *gateway) isOperator(given string) bool {
	sum := sha256.Sum256([]byte(given))
	return g.open && subtle.ConstantTimeCompare(sum[:], g.key[:]) == 1
}
