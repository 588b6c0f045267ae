package portaltest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"connectrpc.com/connect"
	"github.com/cloudflare/circl/blindsign/blindrsa"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

// Edition is the barometer of the sample.
var Edition = event.ID("edition", "2026")

// Ballots is what the barometer knows of Léa's vote: that a token was signed, and never what it was used for.
type Ballots struct {
	State  barometerv1.GetBallotPaperResponse_State
	Merged bool
	// Blinded is what was signed, once.
	Blinded []byte
	// Failing keeps tokens from being signed.
	Failing error
}

// cellKey is the key of the cell, made once: it takes a moment.
var cellKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func publicKey() (der []byte, fingerprint string) {
	der, err := x509.MarshalPKIXPublicKey(&cellKey().PublicKey)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(der)
	return der, hex.EncodeToString(sum[:])
}

func (b barometer) GetBallotPaper(_ context.Context, req *barometerv1.GetBallotPaperRequest) (*barometerv1.GetBallotPaperResponse, error) {
	now := b.Now().Ballots
	paper := &barometerv1.GetBallotPaperResponse{State: now.State}
	if now.State == barometerv1.GetBallotPaperResponse_STATE_NONE {
		return paper, nil
	}
	paper.EditionId, paper.EditionName, paper.ClosesOn = Edition, "2026", "2026-11-30"
	if now.State == barometerv1.GetBallotPaperResponse_STATE_NOT_ELIGIBLE {
		return paper, nil
	}
	proto.Merge(paper, questions(req.GetLanguage()))
	paper.CellUnitId, paper.CellName, paper.CellEligible, paper.Merged = Nantes, "Nantes Atlantis", 71, now.Merged
	paper.PublicKey, paper.KeyFingerprint = publicKey()
	paper.ScoresFrom, paper.DetailsFrom = 5, 10
	return paper, nil
}

func (b barometer) IssueToken(_ context.Context, req *barometerv1.IssueTokenRequest) (*barometerv1.IssueTokenResponse, error) {
	if failing := b.Now().Ballots.Failing; failing != nil {
		return nil, failing
	}
	another := false
	b.Set(func(s *State) {
		another = s.Ballots.Blinded != nil && string(s.Ballots.Blinded) != string(req.GetBlinded())
		if !another {
			s.Ballots.Blinded, s.Ballots.State = req.GetBlinded(), barometerv1.GetBallotPaperResponse_STATE_TOKEN_ISSUED
		}
	})
	if another {
		return nil, connect.NewError(connect.CodeAlreadyExists, errors.New("a token was issued"))
	}
	signature, err := blindrsa.NewSigner(cellKey()).BlindSign(req.GetBlinded())
	if err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	return &barometerv1.IssueTokenResponse{Signature: signature}, nil
}

// questions are a paper of 45 statements, as many in each theme as the real one has, and as long.
func questions(language string) *barometerv1.GetBallotPaperResponse {
	names := []string{
		"Le projet de l'entreprise", "Mes responsabilités", "Mon développement professionnel", "Mes relations avec le directeur", "Ma rémunération",
		"Mon cadre de travail", "Le plaisir au travail",
	}
	texts := []string{
		"Je sais où va l'entreprise dans les prochaines années.", "Ce projet a du sens pour moi.", "Je vois ce que mon magasin ou mon service y apporte.",
		"Quand je me trompe, on m'aide à comprendre plutôt qu'on me le reproche.", "Mon salaire vaut au moins celui qu'on gagne ailleurs dans le même métier.",
		"Les idées qui viennent du terrain sont écoutées.", "Je me sens utile.",
	}
	paper := &barometerv1.GetBallotPaperResponse{
		Enps:        "Recommanderiez-vous à un proche de venir travailler ici ?",
		CommentHint: "Un mot de plus, si vous voulez. N'écrivez ni nom ni date : ce sont les détails qui font reconnaître quelqu'un.",
	}
	if language == "en" {
		names = []string{
			"The company's project", "My responsibilities", "My professional development", "Relations with the director", "My pay", "My work setting",
			"Pleasure at work",
		}
		texts = []string{
			"I know where the company is heading over the next years.", "That project makes sense to me.", "I can see what my store or department contributes to it.",
			"When I get something wrong, I am helped to understand rather than blamed.", "My pay is at least what people earn elsewhere in the same trade.",
			"Ideas that come from the shop floor are listened to.", "I feel useful.",
		}
		paper.Enps = "Would you recommend working here to somebody close to you?"
		paper.CommentHint = "A word more, if you like. Name nobody and give no dates: it is details that tell who wrote."
	}
	for i, count := range []int{7, 6, 7, 7, 6, 6, 6} {
		theme := &barometerv1.Theme{Code: fmt.Sprint("theme", i+1), Name: names[i]}
		for j := range count {
			theme.Statements = append(theme.Statements, &barometerv1.Statement{Code: fmt.Sprintf("theme%d.s%d", i+1, j+1), Text: texts[j]})
		}
		paper.Themes = append(paper.Themes, theme)
	}
	return paper
}
