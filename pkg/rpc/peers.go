package rpc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/telemetry"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
)

// How long a call may take when its context does not say. An import writes a whole company.
const (
	callTimeout   = 10 * time.Second
	importTimeout = 5 * time.Minute
	// A forecast looks at everybody of an audience, and reach at everybody there is.
	forecastTimeout = time.Minute
)

// Peers are the other services. Every call is made as the actor in its context and is refused here when there is none.
type Peers struct {
	directory     directoryv1connect.DirectoryServiceClient
	moments       momentsv1connect.MomentsServiceClient
	guests        momentsv1connect.GuestsServiceClient
	contacts      momentsv1connect.ContactsServiceClient
	campaigns     momentsv1connect.CampaignsServiceClient
	audiences     momentsv1connect.AudiencesServiceClient
	reach         notificationsv1connect.ReachServiceClient
	opens         notificationsv1connect.OpensServiceClient
	series        momentsv1connect.SeriesServiceClient
	brought       momentsv1connect.CampaignResultsServiceClient
	campaignCare  momentsv1connect.CampaignCareServiceClient
	notifications notificationsv1connect.NotificationsServiceClient
	rehearsal     notificationsv1connect.RehearsalServiceClient
	outgoing      notificationsv1connect.OutgoingServiceClient
	interviews    interviewsv1connect.InterviewsServiceClient
	talks         interviewsv1connect.TalksServiceClient
	barometer     barometerv1connect.BarometerServiceClient
	results       barometerv1connect.ResultsServiceClient
	customers     barometerv1connect.CustomersServiceClient
	cards         barometerv1connect.CardsServiceClient
	operator      portalv1connect.OperatorServiceClient
	access        portalv1connect.AccessServiceClient
	ballots       intake
}

// Addresses are the services' base URLs by name: "directory": "http://directory:8080". A call to a service that is not named
// fails as unavailable and says which setting is missing.
type Addresses map[string]string

// AddressVariable is the environment variable that holds a service's base URL: JALON_DIRECTORY_URL.
func AddressVariable(service string) string { return "JALON_" + strings.ToUpper(service) + "_URL" }

// NewPeers returns clients that reach each service at its address through transport: http.DefaultTransport, or an InProcess,
// for which the addresses are InProcess.Addresses.
func NewPeers(addresses Addresses, transport http.RoundTripper, signer *identity.Signer, tel *telemetry.Telemetry) (Peers, error) {
	tracing, err := otelInterceptor(tel)
	if err != nil {
		return Peers{}, err
	}
	httpClient := &http.Client{
		Transport: transport,
		// A redirect would carry the actor's token to wherever it points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	compression := connect.WithClientOptions()
	if _, inProcess := transport.(*InProcess); inProcess {
		compression = connect.WithAcceptCompression("gzip", nil, nil) // within one process there is nothing to save
	}
	to := func(service string) (connect.HTTPClient, string, connect.ClientOption) {
		largest := MaxMessageBytes
		if service == "directory" {
			largest = MaxImportBytes // the report of an import names each wrong line
		}
		options := connect.WithClientOptions(
			connect.WithInterceptors(tracing, asActor{audience: service, signer: signer}),
			connect.WithReadMaxBytes(largest),
			compression,
		)
		if url := addresses[service]; url != "" {
			return httpClient, url, options
		}
		return nowhere{service: service}, "http://" + service, options
	}
	return Peers{
		directory:     client(directoryv1connect.NewDirectoryServiceClient, to, "directory"),
		moments:       client(momentsv1connect.NewMomentsServiceClient, to, "moments"),
		guests:        client(momentsv1connect.NewGuestsServiceClient, to, "moments"),
		contacts:      client(momentsv1connect.NewContactsServiceClient, to, "moments"),
		campaigns:     client(momentsv1connect.NewCampaignsServiceClient, to, "moments"),
		audiences:     client(momentsv1connect.NewAudiencesServiceClient, to, "moments"),
		reach:         client(notificationsv1connect.NewReachServiceClient, to, "notifications"),
		opens:         client(notificationsv1connect.NewOpensServiceClient, to, "notifications"),
		series:        client(momentsv1connect.NewSeriesServiceClient, to, "moments"),
		brought:       client(momentsv1connect.NewCampaignResultsServiceClient, to, "moments"),
		campaignCare:  client(momentsv1connect.NewCampaignCareServiceClient, to, "moments"),
		notifications: client(notificationsv1connect.NewNotificationsServiceClient, to, "notifications"),
		rehearsal:     client(notificationsv1connect.NewRehearsalServiceClient, to, "notifications"),
		outgoing:      client(notificationsv1connect.NewOutgoingServiceClient, to, "notifications"),
		interviews:    client(interviewsv1connect.NewInterviewsServiceClient, to, "interviews"),
		talks:         client(interviewsv1connect.NewTalksServiceClient, to, "interviews"),
		barometer:     client(barometerv1connect.NewBarometerServiceClient, to, "barometer"),
		results:       client(barometerv1connect.NewResultsServiceClient, to, "barometer"),
		customers:     client(barometerv1connect.NewCustomersServiceClient, to, "barometer"),
		cards:         client(barometerv1connect.NewCardsServiceClient, to, "barometer"),
		operator:      client(portalv1connect.NewOperatorServiceClient, to, "portal"),
		access:        client(portalv1connect.NewAccessServiceClient, to, "portal"),
		ballots:       intake{httpClient, addresses["barometer"]},
	}, nil
}

func client[C any](
	build func(connect.HTTPClient, string, ...connect.ClientOption) C,
	to func(string) (connect.HTTPClient, string, connect.ClientOption),
	service string,
) C {
	httpClient, url, options := to(service)
	return build(httpClient, url, options)
}

// Directory owns people and units.
func (p Peers) Directory() directoryv1connect.DirectoryServiceClient { return p.directory }

// Moments owns key moments and surveys.
func (p Peers) Moments() momentsv1connect.MomentsServiceClient { return p.moments }

// Guests are people without an account, whom moments owns.
func (p Peers) Guests() momentsv1connect.GuestsServiceClient { return p.guests }

// Contacts are the wishes to be contacted, which moments keeps.
func (p Peers) Contacts() momentsv1connect.ContactsServiceClient { return p.contacts }

// Series are campaigns that repeat, and all that is planned.
func (p Peers) Series() momentsv1connect.SeriesServiceClient { return p.series }

// Campaigns are what HR sends to an audience.
func (p Peers) Campaigns() momentsv1connect.CampaignsServiceClient { return p.campaigns }

// Audiences are those that HR keeps under names.
func (p Peers) Audiences() momentsv1connect.AudiencesServiceClient { return p.audiences }

// Reach tells how people are reached.
func (p Peers) Reach() notificationsv1connect.ReachServiceClient { return p.reach }

// Opens counts how often the mails of campaigns are displayed.
func (p Peers) Opens() notificationsv1connect.OpensServiceClient { return p.opens }

// CampaignResults are what campaigns brought.
func (p Peers) CampaignResults() momentsv1connect.CampaignResultsServiceClient { return p.brought }

// CampaignCare is what HR looks at before a campaign is launched.
func (p Peers) CampaignCare() momentsv1connect.CampaignCareServiceClient { return p.campaignCare }

// Notifications owns the gate and prompts.
func (p Peers) Notifications() notificationsv1connect.NotificationsServiceClient {
	return p.notifications
}

// Rehearsal tells what notifications would do.
func (p Peers) Rehearsal() notificationsv1connect.RehearsalServiceClient { return p.rehearsal }

// Outgoing is what other systems are told, by notifications.
func (p Peers) Outgoing() notificationsv1connect.OutgoingServiceClient { return p.outgoing }

// Interviews owns talks: when, never what.
func (p Peers) Interviews() interviewsv1connect.InterviewsServiceClient { return p.interviews }

// Talks is what the two people of a talk ask of interviews.
func (p Peers) Talks() interviewsv1connect.TalksServiceClient { return p.talks }

// Barometer owns the yearly panel.
func (p Peers) Barometer() barometerv1connect.BarometerServiceClient { return p.barometer }

// Results are what the barometer published.
func (p Peers) Results() barometerv1connect.ResultsServiceClient { return p.results }

// Customers are what the panel of customers said, which the barometer keeps.
func (p Peers) Customers() barometerv1connect.CustomersServiceClient { return p.customers }

// Cards are printed, and voted with at a device of the store.
func (p Peers) Cards() barometerv1connect.CardsServiceClient { return p.cards }

// Operator is what the portal answers to the command line.
func (p Peers) Operator() portalv1connect.OperatorServiceClient { return p.operator }

// Access knows who holds which role, which the portal keeps.
func (p Peers) Access() portalv1connect.AccessServiceClient { return p.access }

// nowhere stands for a service whose address nobody gave.
type nowhere struct{ service string }

func (n nowhere) Do(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return nil, connect.NewError(connect.CodeUnavailable,
		fmt.Errorf("no address for %s: set %s", n.service, AddressVariable(n.service)))
}

// asActor signs each call with the actor of its context, and gives it an end.
type asActor struct {
	audience string
	signer   *identity.Signer
}

var errNobody = errors.New("a call without an actor: use identity.NewContext or identity.AsService")

func (a asActor) authorization(ctx context.Context) (string, error) {
	actor, ok := identity.FromContext(ctx)
	if !ok {
		return "", connect.NewError(connect.CodeUnauthenticated, errNobody)
	}
	token, err := a.signer.Sign(actor, a.audience)
	if err != nil {
		return "", connect.NewError(connect.CodeUnauthenticated, err)
	}
	return bearer + token, nil
}

func (a asActor) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		value, err := a.authorization(ctx)
		if err != nil {
			return nil, err
		}
		req.Header().Set("Authorization", value)
		if _, ok := ctx.Deadline(); !ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, timeout(req.Spec()))
			defer cancel()
		}
		return next(ctx, req)
	}
}

func timeout(spec connect.Spec) time.Duration {
	switch spec.Procedure {
	case directoryv1connect.DirectoryServiceImportPeopleProcedure, directoryv1connect.DirectoryServiceImportUnitsProcedure,
		directoryv1connect.DirectoryServiceUpdateUnitProcedure, // moving a unit tells of everybody in it
		barometerv1connect.CustomersServiceImportCustomersProcedure:
		return importTimeout
	case momentsv1connect.CampaignCareServiceForecastCampaignProcedure, notificationsv1connect.ReachServiceGetReachProcedure:
		return forecastTimeout
	}
	return callTimeout
}

func (a asActor) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return func(ctx context.Context, spec connect.Spec) connect.StreamingClientConn {
		value, err := a.authorization(ctx)
		if err != nil {
			return refusedStream{spec: spec, err: err}
		}
		conn := next(ctx, spec)
		conn.RequestHeader().Set("Authorization", value)
		return conn
	}
}

func (a asActor) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

// refusedStream is a stream that fails before anything was sent: no connection stands behind it.
type refusedStream struct {
	spec connect.Spec
	err  error
}

func (r refusedStream) Spec() connect.Spec         { return r.spec }
func (refusedStream) Peer() connect.Peer           { return connect.Peer{} }
func (r refusedStream) Send(any) error             { return r.err }
func (refusedStream) RequestHeader() http.Header   { return http.Header{} }
func (refusedStream) CloseRequest() error          { return nil }
func (r refusedStream) Receive(any) error          { return r.err }
func (refusedStream) ResponseHeader() http.Header  { return http.Header{} }
func (refusedStream) ResponseTrailer() http.Header { return http.Header{} }
func (refusedStream) CloseResponse() error         { return nil }
