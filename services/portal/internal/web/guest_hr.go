package web

import (
	"net/http"
	"net/url"
	"strings"

	"connectrpc.com/connect"
	"github.com/google/uuid"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/page"
)

// guestKeyMoment is the key moment that HR declares for a candidate.
const guestKeyMoment = "recruitment_interview"

// hrGuests is the form that declares a candidate's interview.
func (s *Site) hrGuests(w http.ResponseWriter, r *http.Request) error {
	return s.showGuestForm(w, r, http.StatusOK, page.GuestForm{
		Request: uuid.NewString(), On: s.today(r), Language: visitorOf(r).frame().Words.Lang, Problems: map[string]string{},
	})
}

func (s *Site) showGuestForm(w http.ResponseWriter, r *http.Request, status int, form page.GuestForm) error {
	units, err := s.units(r, form.Unit)
	if err != nil {
		return err
	}
	form.Units = units
	return s.draw(w, r, status, page.GuestDeclare(form))
}

// hrDeclareGuest opens the moment and shows the links, this once. The form carries the id of its request: sent twice, it means
// the same candidate.
func (s *Site) hrDeclareGuest(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	form := page.GuestForm{
		Request: r.PostFormValue("request"), FirstName: clip(strings.TrimSpace(r.PostFormValue("first_name")), 80),
		On: r.PostFormValue("on"), Unit: r.PostFormValue("unit"), Language: r.PostFormValue("language"), Problems: map[string]string{},
	}
	if form.Unit == "" {
		form.Problems["unit"] = words.T("guest.unit_missing")
		return s.showGuestForm(w, r, http.StatusUnprocessableEntity, form)
	}
	declared, err := s.Peers.Guests().DeclareGuestMoment(r.Context(), &momentsv1.DeclareGuestMomentRequest{
		KeyMoment: guestKeyMoment, UnitId: form.Unit, HappensOn: form.On, RequestId: form.Request, FirstName: form.FirstName, Language: form.Language,
	})
	if rpc.Is(err, connect.CodeInvalidArgument) {
		for _, violation := range rpc.Violations(err) {
			switch violation.Field {
			case "unit_id":
				form.Problems["unit"] = words.T("guest.unit_missing")
			case "happens_on":
				form.Problems["on"] = words.T("guest.date_wrong")
			case "request_id": // the form was changed and sent again: it means somebody else
				form.Request = uuid.NewString()
				form.Problems["on"] = words.T("guest.changed")
			default:
				return err
			}
		}
		return s.showGuestForm(w, r, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	audit.About(r.Context(), declared.GetMomentId())
	return s.showGuestLinks(w, r, declared.GetMomentId(), declared.GetLinks()...)
}

// hrGuestLink makes a new link to a follow-up of a moment, and shows it, this once.
func (s *Site) hrGuestLink(w http.ResponseWriter, r *http.Request) error {
	made, err := s.Peers.Guests().CreateGuestLink(r.Context(), &momentsv1.CreateGuestLinkRequest{
		MomentId: r.PathValue("id"), FollowUp: r.PostFormValue("follow_up"),
	})
	if rpc.Is(err, connect.CodeFailedPrecondition) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	return s.showGuestLinks(w, r, r.PathValue("id"), made.GetLink())
}

func (s *Site) showGuestLinks(w http.ResponseWriter, r *http.Request, momentID string, links ...*momentsv1.GuestLink) error {
	words := visitorOf(r).frame().Words
	view := page.GuestLinksView{Moment: "/hr/moments/" + momentID}
	for _, link := range links {
		address := s.address(r) + link.GetPath()
		view.Links = append(view.Links, page.GuestLink{
			Name: followUpName(words, link.GetFollowUp()), Address: address,
			When: words.T("guest.when", "From", words.Instant(link.GetOpensAt()), "Until", words.Instant(link.GetExpiresAt())),
			Mail: "mailto:?" + strings.ReplaceAll(url.Values{
				"subject": {words.T("guest.mail_subject")},
				"body":    {words.T("guest.mail_body", "From", words.Instant(link.GetOpensAt()), "Link", address)},
			}.Encode(), "+", "%20"),
		})
	}
	return s.show(w, r, page.GuestLinks(view))
}

// address is how browsers reach this site.
func (s *Site) address(r *http.Request) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	scheme := "http://"
	if s.Secure {
		scheme = "https://"
	}
	return scheme + r.Host
}
