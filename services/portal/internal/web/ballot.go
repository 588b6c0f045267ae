package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/page"
)

// ballot shows what there is to vote in. What is answered on it never comes back here.
func (s *Site) ballot(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	frame := v.frame()
	paper, err := s.Peers.Barometer().GetBallotPaper(r.Context(), &barometerv1.GetBallotPaperRequest{Language: frame.Words.Lang})
	if err != nil {
		return err
	}
	// Without a stream nothing interrupts whoever votes, and no connection of the session ends when they leave.
	if frame.Viewer != nil {
		frame.Viewer.LiveKey = ""
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Security-Policy", s.ballotPolicy())
	return s.show(w, r, page.Ballot(s.ballotView(paper, v.actor)))
}

func (s *Site) ballotView(paper *barometerv1.GetBallotPaperResponse, voter identity.Actor) page.BallotView {
	view := page.BallotView{
		State: ballotState(paper.GetState()), Edition: paper.GetEditionId(), Name: paper.GetEditionName(), ClosesOn: paper.GetClosesOn(),
		Voter: voterName(paper.GetEditionId(), voter.PersonID),
		Cell:  paper.GetCellName(), Eligible: int(paper.GetCellEligible()), Merged: paper.GetMerged(),
		Key: base64.RawURLEncoding.EncodeToString(paper.GetPublicKey()), Fingerprint: paper.GetKeyFingerprint(), Cast: s.castAddress(),
		Recommend: paper.GetEnps(), CommentHint: paper.GetCommentHint(),
		ScoresFrom: int(paper.GetScoresFrom()), DetailsFrom: int(paper.GetDetailsFrom()),
	}
	view.Themes = ballotThemes(paper.GetThemes())
	return view
}

func ballotThemes(themes []*barometerv1.Theme) (steps []page.BallotTheme) {
	for _, theme := range themes {
		step := page.BallotTheme{Code: theme.GetCode(), Name: theme.GetName()}
		for _, statement := range theme.GetStatements() {
			step.Statements = append(step.Statements, page.BallotStatement{Code: statement.GetCode(), Text: statement.GetText()})
		}
		steps = append(steps, step)
	}
	return steps
}

func ballotState(state barometerv1.GetBallotPaperResponse_State) page.BallotState {
	switch state {
	case barometerv1.GetBallotPaperResponse_STATE_OPEN:
		return page.MayVote
	case barometerv1.GetBallotPaperResponse_STATE_TOKEN_ISSUED:
		return page.TokenTaken
	case barometerv1.GetBallotPaperResponse_STATE_NOT_ELIGIBLE:
		return page.NotOnTheRoll
	default:
		return page.NothingToVote
	}
}

// voterName keeps the drafts apart of people who use the same browser, without leaving their ids in it.
func voterName(edition, person string) string {
	sum := sha256.Sum256([]byte(edition + person))
	return hex.EncodeToString(sum[:16])
}

func (s *Site) castAddress() string { return cmp.Or(s.BallotURL, rpc.BallotsPath) }

// ballotPolicy lets the page send its ballot to where ballots are cast, be it another origin.
func (s *Site) ballotPolicy() string {
	to, err := url.Parse(s.castAddress())
	if err != nil || to.Host == "" {
		return s.contentPolicy()
	}
	return strings.Replace(s.contentPolicy(), "connect-src 'self'", "connect-src 'self' "+to.Scheme+"://"+to.Host, 1)
}
