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
	if p.ballots.url == "" {
		return 0, nil, errNoIntake
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.ballots.url+BallotsPath, bytes.NewReader(ballot))
	if err != nil {
		return 0, nil, fmt.Errorf("handing a ballot on: %w", err)
	}
	res, err := p.ballots.client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("handing a ballot on: %w", err)
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, MaxBallotBytes))
	if err != nil {
		return 0, nil, fmt.Errorf("handing a ballot on: %w", err)
	}
	return res.StatusCode, answer, nil
}
