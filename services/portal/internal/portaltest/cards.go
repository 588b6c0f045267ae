package portaltest

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"connectrpc.com/connect"
	"github.com/cloudflare/circl/blindsign/blindrsa"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
)

// CardCode is on the one card that opens, OtherCode on one of another barometer.
const (
	CardCode  = "79V ARA T9S 79W NUH WDY"
	OtherCode = "AAA AAA AAA AAA AAA AAA"
)

// PendingSheet waits for HR to say whether it is on paper.
var PendingSheet = event.ID("sheet", "pending")

// VoteCards is what is known of printed cards.
type VoteCards struct {
	// NoEdition says that none is open.
	NoEdition bool
	// Asked, Confirmed and GivenUp are what HR did.
	Asked              []*barometerv1.MakeCardsRequest
	Confirmed, GivenUp []string
	// Failing is answered to HR instead of doing what they asked.
	Failing error
	// Read is what was asked for at the places of cards.
	Read []string
}

type votecards struct {
	barometerv1connect.UnimplementedCardsServiceHandler
	*Fakes
}

func (f *Fakes) serveCards(mux *http.ServeMux, o ...connect.HandlerOption) {
	mux.Handle(barometerv1connect.NewCardsServiceHandler(votecards{Fakes: f}, o...))
	mux.HandleFunc(rpc.CardsPath, f.ReadCard)
}

// Cards of NextEdition may be made; those of Edition are made.
func (v votecards) ListSheets(_ context.Context, req *barometerv1.ListSheetsRequest) (*barometerv1.ListSheetsResponse, error) {
	now := v.Now()
	res := &barometerv1.ListSheetsResponse{MayMake: req.GetEditionId() == NextEdition}
	if now.Empty {
		return res, nil
	}
	pending := sheet(false)
	if !slices.Contains(append(now.VoteCards.Confirmed, now.VoteCards.GivenUp...), pending.GetId()) && res.GetMayMake() {
		res.Sheets = append(res.Sheets, pending)
	}
	done := sheet(true)
	done.Id = event.ID("sheet", "confirmed")
	res.Sheets = append(res.Sheets, done)
	return res, nil
}

func sheet(confirmed bool) *barometerv1.Sheet {
	return &barometerv1.Sheet{Id: PendingSheet, UnitId: Nantes, UnitName: "Nantes Atlantis", Cards: 12, Confirmed: confirmed, ConfirmUntil: "2026-11-05"}
}

func (v votecards) ListCardVoters(context.Context, *barometerv1.ListCardVotersRequest) (*barometerv1.ListCardVotersResponse, error) {
	res := &barometerv1.ListCardVotersResponse{Least: 10, Most: 200}
	if v.Now().Empty {
		return res, nil
	}
	for _, card := range Cards {
		res.PersonIds = append(res.PersonIds, card.GetId())
	}
	return res, nil
}

func (v votecards) MakeCards(_ context.Context, req *barometerv1.MakeCardsRequest) (*barometerv1.MakeCardsResponse, error) {
	if failing := v.Now().VoteCards.Failing; failing != nil {
		return nil, failing
	}
	v.Set(func(s *State) { s.VoteCards.Asked = append(s.VoteCards.Asked, proto.CloneOf(req)) })
	return &barometerv1.MakeCardsResponse{Sheet: sheet(false), Codes: slices.Repeat([]string{CardCode}, 12)}, nil
}

func (v votecards) ConfirmCards(_ context.Context, req *barometerv1.ConfirmCardsRequest) (*barometerv1.ConfirmCardsResponse, error) {
	if failing := v.Now().VoteCards.Failing; failing != nil {
		return nil, failing
	}
	v.Set(func(s *State) { s.VoteCards.Confirmed = append(s.VoteCards.Confirmed, req.GetSheetId()) })
	return &barometerv1.ConfirmCardsResponse{}, nil
}

func (v votecards) GiveUpCards(_ context.Context, req *barometerv1.GiveUpCardsRequest) (*barometerv1.GiveUpCardsResponse, error) {
	v.Set(func(s *State) { s.VoteCards.GivenUp = append(s.VoteCards.GivenUp, req.GetSheetId()) })
	return &barometerv1.GiveUpCardsResponse{}, nil
}

func (v votecards) GetKiosk(_ context.Context, req *barometerv1.GetKioskRequest) (*barometerv1.GetKioskResponse, error) {
	if now := v.Now(); now.Empty || now.VoteCards.NoEdition {
		return &barometerv1.GetKioskResponse{}, nil
	}
	paper := questions(req.GetLanguage())
	return &barometerv1.GetKioskResponse{
		EditionId: Edition, EditionName: "2026", ClosesOn: "2026-11-30", ScoresFrom: 5, DetailsFrom: 10,
		Themes: paper.GetThemes(), Enps: paper.GetEnps(), CommentHint: paper.GetCommentHint(),
	}, nil
}

// ReadCard answers for the places of cards, as the real one does: where there is none, with as many bytes by chance.
func (f *Fakes) ReadCard(w http.ResponseWriter, r *http.Request) {
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	f.Set(func(s *State) { s.VoteCards.Read = append(s.VoteCards.Read, string(asked)) })
	w.Header().Set("Access-Control-Allow-Origin", "*")
	place, sealed := sealedCard()
	if string(asked) != Edition+"/"+place {
		sealed = make([]byte, len(sealed))
		_, _ = rand.Read(sealed)
	}
	_, _ = w.Write(sealed)
}

// sealedCard is what CardCode opens: a token of the cell, made once.
var sealedCard = sync.OnceValues(func() (place string, sealed []byte) {
	place, sealed, err := sealCard(strings.ReplaceAll(CardCode, " ", ""))
	if err != nil {
		panic(err)
	}
	return place, sealed
})

func sealCard(code string) (place string, sealed []byte, err error) {
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, &cellKey().PublicKey)
	if err != nil {
		return "", nil, err
	}
	message, err := client.Prepare(rand.Reader, []byte("what a browser would have drawn!"))
	if err != nil {
		return "", nil, err
	}
	blinded, state, err := client.Blind(rand.Reader, message)
	if err != nil {
		return "", nil, err
	}
	signed, err := blindrsa.NewSigner(cellKey()).BlindSign(blinded)
	if err != nil {
		return "", nil, err
	}
	signature, err := client.Finalize(state, signed)
	if err != nil {
		return "", nil, err
	}
	at, errPlace := hkdf.Key(sha256.New, []byte(code), nil, "jalon card: place", 16)
	key, errKey := hkdf.Key(sha256.New, []byte(code), nil, "jalon card: key", 32)
	block, errCipher := aes.NewCipher(key)
	if err := errors.Join(errPlace, errKey, errCipher); err != nil {
		return "", nil, fmt.Errorf("sealing a card: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return "", nil, err
	}
	_, fingerprint := publicKey()
	of, err := hex.DecodeString(fingerprint)
	place = hex.EncodeToString(at)
	return place, aead.Seal(nil, nil, slices.Concat(of, message, signature), []byte(place)), err //nolint:gosec // the AEAD draws the nonce
}

var errCardsDecided = connect.NewError(connect.CodeFailedPrecondition, errors.New("confirmed or given up"))

// CardsDecided has barometer refuse what HR decides over a sheet.
func (f *Fakes) CardsDecided() { f.Set(func(s *State) { s.VoteCards.Failing = errCardsDecided }) }
