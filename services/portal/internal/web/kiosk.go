package web

import (
	"net/http"
	"strings"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/page"
)

const kioskPath = "/kiosk"

// kiosk shows what is voted in at a device of the store. It reads no session and sets no cookie; the language stands in the address.
func (s *Site) kiosk(w http.ResponseWriter, r *http.Request) error {
	frame := visitorOf(r).frame()
	if lang := r.URL.Query().Get("lang"); lang != "" {
		frame.Words = s.Words.Words(s.Words.Match(lang), s.Zone)
	}
	found, err := s.Peers.Cards().GetKiosk(identity.AsService(r.Context(), "portal"), &barometerv1.GetKioskRequest{Language: frame.Words.Lang})
	if err != nil {
		return err
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Security-Policy", s.ballotPolicy())
	return s.show(w, r, page.Kiosk(page.KioskView{
		Card: s.cardAddress(),
		Ballot: page.BallotView{
			Kiosk: true, Edition: found.GetEditionId(), Name: found.GetEditionName(), ClosesOn: found.GetClosesOn(), Cast: s.castAddress(),
			Recommend: found.GetEnps(), CommentHint: found.GetCommentHint(), Themes: ballotThemes(found.GetThemes()),
			ScoresFrom: int(found.GetScoresFrom()), DetailsFrom: int(found.GetDetailsFrom()),
		},
	}))
}

// cardAddress is where what cards open is read: beside where ballots are cast.
func (s *Site) cardAddress() string {
	return strings.TrimSuffix(s.castAddress(), "/") + strings.TrimPrefix(rpc.CardsPath, rpc.BallotsPath)
}
