package page

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// BallotState is what there is to vote in for the reader.
type BallotState int

// The states of the page on which people vote.
const (
	// NothingToVote: no edition is open.
	NothingToVote BallotState = iota
	// NotOnTheRoll: the reader was not there at the launch.
	NotOnTheRoll
	// MayVote: the reader may take a token.
	MayVote
	// TokenTaken: the reader has a token, and whether it was used nobody knows.
	TokenTaken
)

// BallotView is the paper that a person votes on. It holds nothing that was answered: answers never reach this page's server part.
type BallotView struct {
	State   BallotState
	Edition string
	// Name is what people call the edition, such as "2026".
	Name     string
	ClosesOn string
	// Voter is the name under which this reader's draft is kept in a browser of their own; nobody's, but the same each time.
	Voter string
	// Cell is the unit with which the reader votes, Eligible how many vote in it, and Merged that the reader's own unit was too small.
	Cell     string
	Eligible int
	Merged   bool
	// Key is the cell's public key in base64url, and Fingerprint the SHA-256 of it in hexadecimal.
	Key, Fingerprint string
	// Cast is where ballots go.
	Cast        string
	Themes      []BallotTheme
	Recommend   string
	CommentHint string
	// ScoresFrom and DetailsFrom are from how many ballots on figures are shown, and distributions and comments.
	ScoresFrom, DetailsFrom int
	// Kiosk says that the paper is voted on at a device of the store.
	Kiosk bool
}

// BallotTheme is one step: some statements, and a word more.
type BallotTheme struct {
	Code, Name string
	Statements []BallotStatement
}

// BallotStatement is something to agree with.
type BallotStatement struct{ Code, Text string }

// MaxBallotComment is how many characters a comment has at most.
const MaxBallotComment = 500

// ballotRefusals are the answers by which a ballot is not taken, and which another try may change.
var ballotRefusals = []string{"400", "403", "404"}

const (
	agreement      = 5
	recommendation = 10
	recommendCode  = "enps"
)

func (v BallotView) open() bool {
	return v.State == MayVote || v.State == TokenTaken
}

func (v BallotView) steps() int { return len(v.Themes) + 1 }

// questions is how many points there are to give.
func (v BallotView) questions() int { return v.statements() + 1 }

func (v BallotView) statements() int {
	total := 0
	for _, theme := range v.Themes {
		total += len(theme.Statements)
	}
	return total
}

// ballotAttributes tell the page's script what to vote in.
func ballotAttributes(v BallotView) templ.Attributes {
	attributes := templ.Attributes{"data-ballot": true, "data-edition": v.Edition, "data-voter": v.Voter}
	if v.open() {
		attributes["data-key"], attributes["data-fingerprint"], attributes["data-cast"] = v.Key, v.Fingerprint, v.Cast
	}
	if v.State == TokenTaken {
		attributes["data-issued"] = true
	}
	return attributes
}

// grouped writes a fingerprint so that two people can compare it.
func grouped(fingerprint string) string {
	const size = 8
	var groups []string
	for len(fingerprint) > size {
		groups, fingerprint = append(groups, fingerprint[:size]), fingerprint[size:]
	}
	return strings.Join(append(groups, fingerprint), " ")
}

// ballotPoint is one point of a scale, with what it means for whoever does not see where it stands.
type ballotPoint struct {
	value   int
	meaning string
}

func agreementPoints(ctx context.Context) (points []ballotPoint) {
	for value := 1; value <= agreement; value++ {
		points = append(points, ballotPoint{value, t(ctx, "ballot.point_"+strconv.Itoa(value))})
	}
	return points
}

func recommendationPoints(ctx context.Context) (points []ballotPoint) {
	for value := range recommendation + 1 {
		points = append(points, ballotPoint{value: value})
	}
	points[0].meaning, points[recommendation].meaning = t(ctx, "ballot.recommend_low"), t(ctx, "ballot.recommend_high")
	return points
}
