package web

import (
	"encoding/base64"
	"net/http"
	"strings"

	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// opensPath begins the addresses of the images in mails of campaigns. There nobody is anybody: no session is looked at, no cookie is set,
// and no address is kept.
const opensPath = "/mail/open/"

// onePixel is an image that is not seen.
var onePixel, _ = base64.StdEncoding.DecodeString("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

// mailOpen sends the same image to everybody, whatever becomes of the count: what is asked for is not known to be anything, and what is
// counted is that it was asked for. No cache is given a mark by which it would know its reader again.
func (s *Site) mailOpen(w http.ResponseWriter, r *http.Request) error {
	piece, image := strings.CutSuffix(r.PathValue("piece"), ".gif")
	if r.Method == http.MethodGet && image && len(piece) <= longestPiece {
		_, err := s.Peers.Opens().CountOpen(identity.AsService(r.Context(), serviceName), &notificationsv1.CountOpenRequest{
			Piece: piece, Machine: machine(r.UserAgent()),
		})
		if err != nil {
			s.Log.Warn("an image that was loaded is not counted", zap.Error(err))
		}
	}
	w.Header().Set("Content-Type", "image/gif")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // mail programs show it within their own pages
	_, _ = w.Write(onePixel)                                       // the program left: there is nobody to tell
	return nil
}

// longestPiece is more than any campaign and variant needs.
const longestPiece = 60

// machines are parts of how programs name themselves that fetch images for others, or before anybody reads: the proxies of mail services,
// scanners of links, and what says of itself that it is a robot or a library.
var machines = []string{
	"googleimageproxy", "yahoomailproxy", "existence discovery", "bingpreview", "skypeuripreview", "barracuda", "proofpoint", "mimecast",
	"symantec", "trendmicro", "bot", "crawler", "spider", "scanner", "preview", "prefetch", "headless", "curl/", "wget/", "python", "java/",
	"go-http-client", "okhttp", "libwww", "node-fetch", "axios/",
}

// machine tells that a load is a known machine's, by the rule above. Mail programs that hide their readers behind a proxy of their maker's
// say no more than "Mozilla/5.0", and so they are machines, too; so is whoever says nothing.
func machine(userAgent string) bool {
	name := strings.ToLower(strings.TrimSpace(userAgent))
	if name == "" || name == "mozilla/5.0" {
		return true
	}
	for _, part := range machines {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// campaignOpens is how often a campaign's mails were displayed; nil where the company does not count it, or nothing was sent.
func (s *Site) campaignOpens(r *http.Request, words *i18n.Words, c *momentsv1.Campaign) ([]page.CampaignOpens, error) {
	if c.GetStartedAt() == "" || c.GetDraft().GetRecurrence() != nil { // a series sends nothing itself
		return nil, nil
	}
	found, err := s.Peers.Opens().GetOpens(r.Context(), &notificationsv1.GetOpensRequest{CampaignId: c.GetId()})
	if err != nil || !found.GetEnabled() {
		return nil, err
	}
	var opens []page.CampaignOpens
	for _, piece := range found.GetPieces() {
		view := page.CampaignOpens{
			Variant: variantWords(words, piece.GetVariant()), Delivered: words.N("opens.delivered", int(piece.GetDelivered())), TooFew: piece.Loads == nil,
		}
		if !view.TooFew {
			share := min(float64(piece.GetLoads())/float64(max(piece.GetDelivered(), 1)), 1)
			view.Rate = words.T("opens.rate", "Share", words.Percent(share))
			view.Loads = words.N("opens.loads", int(piece.GetLoads()))
			view.Machines = words.N("opens.machines", int(piece.GetMachineLoads()))
		}
		opens = append(opens, view)
	}
	return opens, nil
}

// variantWords name a variant; those who got the better one after the test are the rest.
func variantWords(words *i18n.Words, variant string) string {
	switch variant {
	case "":
		return ""
	case "rest":
		return words.T("opens.rest")
	default:
		return words.T("opens.variant", "Name", strings.ToUpper(variant))
	}
}
