// Package web answers browsers: it finds out who asks, calls the services as that person, and draws pages from what they say.
package web

import (
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/apikey"
	"jalon.dev/services/portal/internal/assets"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/guide"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/live"
	"jalon.dev/services/portal/internal/oidc"
	"jalon.dev/services/portal/internal/roles"
	"jalon.dev/services/portal/internal/session"
	"jalon.dev/services/portal/internal/upload"
	"jalon.dev/services/portal/internal/widget"
)

// Deps is what the site works with.
type Deps struct {
	Peers    rpc.Peers
	People   *people.Register
	Sessions *session.Store
	Roles    *roles.Book
	Audit    *audit.Log
	Keys     *apikey.Book
	Uploads  *upload.Store
	Hub      *live.Hub
	// Widget is nil where no other origin may show prompts.
	Widget *widget.Widget
	Clock  clock.Clock
	Log    *zap.Logger
	Words  *i18n.Catalogue
	Assets *assets.Files
	// Guides say how talks are held.
	Guides *guide.Shelf
	// OIDC is the company's sign-in; nil where there is none.
	OIDC *oidc.Provider
	// Demo is nil except in demo mode.
	Demo Demo
	// HostPage is the address of the demonstration's intranet page; empty except in demo mode.
	HostPage string
	// Mailbox holds the mails of a demo; nil elsewhere.
	Mailbox Mailbox
	// BallotURL is where ballots are cast, maybe at another origin; empty for /ballots here.
	BallotURL string
	// PublicURL is the address that browsers use, without a slash at its end; empty where nobody said it.
	PublicURL string
	// Secure says that browsers reach the portal by https.
	Secure bool
	// Zone is the time zone of readers whom no HR file names.
	Zone *time.Location
	// Recheck is how often an open stream makes sure that its session goes on.
	Recheck time.Duration
}

// Site is the portal's pages.
type Site struct {
	Deps
	routes []string
	// mux knows which route an address is.
	mux   *http.ServeMux
	known known
}

// New returns the site.
func New(deps Deps) *Site { return &Site{Deps: deps} }

// Handler serves all pages.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	s.mux, s.routes = mux, nil
	for route, serve := range s.table() {
		s.routes = append(s.routes, route)
		mux.Handle(pattern(route), s.page(route, serve))
	}
	mux.Handle("/", s.anyone(func(http.ResponseWriter, *http.Request) error { return errNotFound }))

	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern(oneClick)
	s.mountWidget(mux, protection)
	protection.SetDenyHandler(s.anyone(func(http.ResponseWriter, *http.Request) error { return errForeign }))
	return s.withAccessLog(s.withSecurityHeaders(protection.Handler(mux)))
}

// Routes lists every route that is served, as the policy table writes them.
func (s *Site) Routes() []string { return s.routes }

type serve func(w http.ResponseWriter, r *http.Request) error

// table is every page and what answers it. Each has its line in the policy table.
func (s *Site) table() map[string]serve {
	routes := map[string]serve{
		"GET /signin":                s.signIn,
		"GET /signin/link/{token}":   s.signInLink,
		"POST /signin/link/{token}":  s.useSignInLink,
		"GET /signin/code":           s.signInCode,
		"POST /signin/code":          s.useSignInCode,
		"GET /g/{token}":             s.guest,
		"POST /g/{token}":            s.guestAnswer,
		"POST /g/{token}/draft":      s.guestDraft,
		"GET /signin/company":        s.signInCompany,
		"GET /signin/company/return": s.companyReturn,
		"GET /assets/":               s.asset,
		"POST /language":             s.setLanguage,

		"GET /":                    s.home,
		"GET /unsubscribe/{token}": s.unsubscribe,
		oneClick:                   s.setUnsubscribed,

		"GET /live":                       s.live,
		"POST /signout":                   s.signOut,
		"POST /signout/everywhere":        s.signOutEverywhere,
		"GET /survey/{invitation}":        s.survey,
		"POST /survey/{invitation}":       s.answer,
		"POST /survey/{invitation}/draft": s.keepDraft,

		"GET /preferences":  s.preferences,
		"POST /preferences": s.setPreferences,
		"GET /why":          s.why,

		"GET /barometer/results":      s.barometerOf,
		"GET /barometer/results.csv":  s.barometerFile,
		"GET /barometer/results.xlsx": s.barometerBook,
		"GET /barometer/trust":        s.barometerTrust,

		"GET /barometer/results/customers": s.crossing,

		"GET /barometer":    s.ballot,
		"POST " + tokenPath: s.ballotToken,
		"GET " + kioskPath:  s.kiosk,

		"GET /talks":                                s.talks,
		"POST /talks/days-off":                      s.setDaysOff,
		"POST /talks/feed":                          s.makeFeed,
		"GET /talks/export":                         s.exportTalks,
		"GET /talks/{id}":                           s.talk,
		"POST /talks/{id}/date":                     s.proposeDate,
		"POST /talks/{id}/proposal":                 s.answerProposal,
		"POST /talks/{id}/preparation":              s.savePreparation,
		"POST /talks/{id}/share":                    s.sharePreparation,
		"POST /talks/{id}/notes":                    s.saveNotes,
		"POST /talks/{id}/commitments":              s.commit,
		"POST /talks/{id}/commitments/{commitment}": s.changeCommitment,
		"POST /talks/{id}/held":                     s.sayHeld,
		"POST /talks/{id}/answer":                   s.answerHeld,
		"POST /talks/{id}/cancel":                   s.cancelTalk,
		"GET /calendar/{secret}":                    s.calendar,
		"GET /team/start":                           s.teamStart,
		"POST /team/start":                          s.teamStartTalk,

		"GET /team":                 s.team,
		"GET /team/results":         s.teamResults,
		"GET /team/moments":         s.teamMoments,
		"GET /team/moments/{code}":  s.teamKeyMoment,
		"POST /team/moments/{code}": s.teamDeclare,
		"POST /team/cancel/{id}":    s.teamCancel,

		"GET /hr/catalogue":                 s.hrCatalogue,
		"GET /hr/catalogue/{code}":          s.hrKeyMoment,
		"POST /hr/catalogue/{code}/declare": s.hrDeclare,
		"GET /hr/catalogue/{code}/edit":     s.hrKeyMomentEdit,
		"POST /hr/catalogue/{code}/edit":    s.hrKeyMomentSave,
		cancelRoute:                         s.hrCancel,

		"GET " + opensPath + "{piece}":                        s.mailOpen,
		"GET /hr/reach":                                       s.hrReach,
		"GET /hr/audiences":                                   s.hrAudiences,
		"GET /hr/audiences/new":                               s.hrAudienceNew,
		"POST /hr/audiences/count":                            s.hrAudienceCount,
		"GET /hr/audiences/{id}":                              s.hrAudience,
		"POST /hr/audiences/{id}":                             s.hrAudienceWrite,
		"POST /hr/audiences/{id}/delete":                      s.hrAudienceDelete,
		"GET /hr/campaigns":                                   s.hrCampaigns,
		"GET /hr/campaigns/new":                               s.hrCampaignNew,
		"POST /hr/campaigns/audience":                         s.hrCampaignAudience, // filters stay out of addresses: one names a person
		"POST /hr/campaigns/dates":                            s.hrCampaignAudience, // the same form; the script takes the days alone
		"GET /hr/campaigns/calendar":                          s.hrPlan,
		"GET /hr/campaigns/{id}":                              s.hrCampaign,
		"POST /hr/campaigns/{id}":                             s.hrCampaignWrite,
		"GET /hr/campaigns/{id}/check":                        s.hrCampaignCheck,
		"GET /hr/campaigns/{id}/figures":                      s.hrCampaignFigures,
		"POST /hr/campaigns/{id}/launch":                      s.hrCampaignLaunch,
		"POST /hr/campaigns/{id}/pause":                       s.hrCampaignStep(momentsv1.TakeCampaignStepRequest_STEP_PAUSE),
		"POST /hr/campaigns/{id}/resume":                      s.hrCampaignStep(momentsv1.TakeCampaignStepRequest_STEP_RESUME),
		"POST /hr/campaigns/{id}/cancel":                      s.hrCampaignStep(momentsv1.TakeCampaignStepRequest_STEP_CANCEL),
		"POST /hr/campaigns/{id}/rename":                      s.hrCampaignRename,
		"POST /hr/campaigns/{id}/leave-out":                   s.hrSeriesDay(false),
		"POST /hr/campaigns/{id}/keep":                        s.hrSeriesDay(true),
		"GET /hr/campaigns/{id}/forecast":                     s.hrCampaignForecast,
		"GET /hr/campaigns/{id}/recipients/{person}":          s.hrCampaignRecipient,
		"GET /hr/campaigns/{id}/recipients/{person}/{screen}": s.hrCampaignScreen,

		"GET /hr/campaigns/{id}/results":      s.brought(s.hrCampaignResults),
		"GET /hr/campaigns/{id}/results.csv":  s.brought(s.hrCampaignFile),
		"GET /hr/campaigns/{id}/results.xlsx": s.brought(s.hrCampaignBook),

		"GET /hr/outgoing":                        s.hrOutgoing,
		"GET /hr/outgoing/receivers/new":          s.hrReceiverNew,
		"GET /hr/outgoing/receivers/{id}":         s.hrReceiver,
		"POST /hr/outgoing/receivers/{id}":        s.hrReceiverSave,
		"POST /hr/outgoing/receivers/{id}/switch": s.hrReceiverSwitch,
		"POST /hr/outgoing/receivers/{id}/rotate": s.hrReceiverRotate,
		"POST /hr/outgoing/receivers/{id}/test":   s.hrReceiverTest,
		"POST /hr/outgoing/receivers/{id}/replay": s.hrReceiverReplay,
		"POST /hr/outgoing/receivers/{id}/remove": s.hrReceiverRemove,
		"GET /hr/outgoing/channels/new":           s.hrChannelNew,
		"GET /hr/outgoing/channels/{id}":          s.hrChannel,
		"POST /hr/outgoing/channels/{id}":         s.hrChannelSave,
		"POST /hr/outgoing/channels/{id}/test":    s.hrChannelTest,
		"POST /hr/outgoing/channels/{id}/remove":  s.hrChannelRemove,

		"GET /hr/questionnaires":                 s.hrQuestionnaires,
		"POST /hr/questionnaires":                s.hrQuestionnaireBegin,
		"GET /hr/questionnaires/{code}":          s.hrQuestionnaire,
		"POST /hr/questionnaires/{code}":         s.hrQuestionnaireWrite,
		"POST /hr/questionnaires/{code}/publish": s.hrQuestionnaireWrite,
		"GET /hr/questionnaires/{code}/preview":  s.hrQuestionnairePreview,
		"GET /hr/results/named":                  s.hrNamed,

		"GET /hr":                        s.hrOverview,
		"GET /hr/people":                 s.hrPeople,
		"POST /hr/people":                s.hrPeople, // a search: names stay out of addresses
		"GET /hr/people/{id}":            s.hrPerson,
		"GET /hr/people/{id}/why":        s.hrWhy,
		"GET /hr/people/{id}/erase":      s.hrErase,
		"POST /hr/people/{id}/erase":     s.hrErasePerson,
		"GET /hr/units":                  s.hrUnits,
		"GET /hr/units/{id}":             s.hrUnit,
		"POST /hr/units/{id}":            s.hrUnitSave,
		"GET /hr/units/new":              s.hrUnitNew,
		"POST /hr/units":                 s.hrUnitCreate,
		"GET /hr/units/merge/{id}":       s.hrUnitMerge,
		"POST /hr/units/merge/{id}":      s.hrUnitMerged,
		"GET /hr/moments":                s.hrMoments,
		"POST /hr/moments/{id}/link":     s.hrGuestLink,
		"GET /hr/guests":                 s.hrGuests,
		"POST /hr/guests":                s.hrDeclareGuest,
		"GET /hr/contacts":               s.hrContacts,
		"POST /hr/contacts/{id}":         s.hrMarkContact,
		"GET /hr/codes":                  s.hrCodes,
		"POST /hr/codes":                 s.hrMakeCodes,
		"GET /hr/moments/{id}":           s.hrMoment,
		"GET /hr/results":                s.inOwnUnit(s.hrResults),
		"GET /hr/access":                 s.hrAccess,
		"POST /hr/access":                s.giveRole,
		"POST /hr/access/{id}":           s.takeRole,
		"POST /hr/access/{id}/end":       s.endAccess,
		"GET /hr/audit":                  s.hrAudit,
		"GET /hr/results.csv":            s.inOwnUnit(s.hrResultsFile),
		"GET /hr/barometer":              s.hrBarometer,
		"POST /hr/barometer":             s.hrEditionSave,
		"GET /hr/barometer/new":          s.hrEditionNew,
		"GET /hr/barometer/{id}":         s.hrEdition,
		"POST /hr/barometer/{id}":        s.hrEditionSave,
		"POST /hr/barometer/{id}/launch": s.hrEditionLaunch,
		"POST /hr/barometer/{id}/delete": s.hrEditionDelete,

		"GET /hr/barometer/{id}/cards":          s.hrCards,
		"POST /hr/barometer/{id}/cards":         s.hrMakeCards,
		"POST /hr/barometer/{id}/cards/confirm": s.hrConfirmCards,
		"POST /hr/barometer/{id}/cards/giveup":  s.hrGiveUpCards,

		"GET /hr/customers":                   s.hrCustomers,
		"POST /hr/customers":                  s.hrCustomersUpload,
		"GET /hr/customers/{id}":              s.hrCustomersPreview,
		"POST /hr/customers/{id}":             s.hrCustomersApply,
		"GET /hr/customers/{id}/problems.csv": s.hrCustomersProblems,
		"POST /hr/customers/remove":           s.hrWaveRemove,
		"GET /hr/benchmarks":                  s.hrBenchmarks,
		"POST /hr/benchmarks":                 s.hrBenchmarkSave,
		"POST /hr/benchmarks/{id}":            s.hrBenchmarkSave,
		"POST /hr/benchmarks/{id}/remove":     s.hrBenchmarkRemove,

		"GET /hr/rhythm":  s.inOwnUnit(s.hrRhythm),
		"POST /hr/rhythm": s.hrRhythmSet,

		"GET /talks/about":         s.talkAbout,
		"GET /talks/guides/{kind}": s.guide,
	}
	for _, in := range []intake{s.peopleFiles(), s.unitFiles()} {
		routes["GET "+in.Base] = in.form
		routes["POST "+in.Base] = in.upload
		routes["GET "+in.Base+"/{id}"] = in.preview
		routes["POST "+in.Base+"/{id}"] = in.apply
		routes["GET "+in.Base+"/{id}/problems.csv"] = in.problems
	}
	if s.Demo != nil {
		routes["POST /signin/demo"] = s.signInDemo
		routes["POST /demo/clock"] = s.moveClock
		routes["GET /progress"] = s.progress
		routes["GET /demo/mail"] = s.mailbox
		routes["GET /demo/mail/{id}"] = s.mail
		routes["GET /demo/mail/{id}/body"] = s.mailBody
	}
	return routes
}

// pattern is a route as ServeMux wants it: its root would otherwise match everything.
func pattern(route string) string {
	if strings.HasSuffix(route, " /") {
		return route + "{$}"
	}
	return route
}

func (s *Site) asset(w http.ResponseWriter, r *http.Request) error {
	s.Assets.ServeHTTP(w, r)
	return nil
}
