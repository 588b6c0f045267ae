package web

import (
	"net/http"
	"net/url"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/assets"
	"jalon.dev/services/portal/internal/page"
)

// barometerTrust says to everybody who is trusted with what in the barometer, and what they can compare for themselves.
func (s *Site) barometerTrust(w http.ResponseWriter, r *http.Request) error {
	published, err := s.Peers.Results().ListPublications(r.Context(), &barometerv1.ListPublicationsRequest{})
	if err != nil {
		return err
	}
	view := page.TrustView{Questionnaire: published.GetQuestionnaire()}
	if to, err := url.Parse(s.castAddress()); err == nil {
		view.CastHost = to.Host
	}
	for _, name := range assets.OfBallot {
		if sum := s.Assets.Fingerprint(name); sum != "" {
			view.Scripts = append(view.Scripts, page.TrustScript{Name: name, Address: s.Assets.Address(name), SHA256: sum})
		}
	}
	return s.show(w, r, page.BarometerTrust(view))
}
