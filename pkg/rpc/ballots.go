package rpc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// BallotsPath is where barometer takes ballots. It is plain HTTP beside the procedures: whoever casts one is nobody.
const BallotsPath = "/ballots"

// CardsPath is where barometer hands out what printed cards open, in the same manner.
const CardsPath = BallotsPath + "/card"

// MaxBallotBytes is more than any ballot has.
const MaxBallotBytes = 64 << 10

// intake is where barometer is.
type intake struct {
	client *http.Client
	url    string // empty where nobody said it
}

var errNoIntake = errors.New("no address for barometer: set " + AddressVariable("barometer"))

// CastBallot hands a ballot on to barometer, and nothing beside it: give it a context that has no name and no trace in it. It returns
// how that answered.
func (p Peers) CastBallot(ctx context.Context, ballot []byte) (status int, answer []byte, err error) {
	return p.ballots.post(ctx, BallotsPath, ballot)
}

// ReadCard asks barometer for what is sealed at the place of a printed card, and tells it nothing beside. It returns how that answered.
func (p Peers) ReadCard(ctx context.Context, asked []byte) (status int, answer []byte, err error) {
	return p.ballots.post(ctx, CardsPath, asked)
}

func (i intake) post(ctx context.Context, path string, body []byte) (status int, answer []byte, err error) {
	if i.url == "" {
		return 0, nil, errNoIntake
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, i.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("asking the intake of ballots: %w", err)
	}
	res, err := i.client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("asking the intake of ballots: %w", err)
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, MaxBallotBytes))
	if err != nil {
		return 0, nil, fmt.Errorf("asking the intake of ballots: %w", err)
	}
	return res.StatusCode, answer, nil
}
