package spool

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"jalon.dev/pkg/vault"
	"jalon.dev/services/barometer/internal/ballot"
)

// step is what the length of a sealed ballot is rounded up to, so that it tells little about comments.
const step = 1024

// envelope is what is sealed of a ballot.
type envelope struct {
	Answers  []byte           `json:"answers"`
	Comments []ballot.Comment `json:"comments,omitempty"`
}

// pack writes the length of what follows, what follows, and zeros up to the next step.
func (e envelope) pack() ([]byte, error) {
	content, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("packing a ballot: %w", err)
	}
	packed := make([]byte, (4+len(content)+step-1)/step*step)
	binary.BigEndian.PutUint32(packed, uint32(len(content)))
	copy(packed[4:], content)
	return packed, nil
}

func unpack(packed []byte) (envelope, error) {
	if len(packed) < 4 || int64(binary.BigEndian.Uint32(packed)) > int64(len(packed)-4) {
		return envelope{}, errors.New("unpacking a ballot: it is cut off")
	}
	var e envelope
	if err := json.Unmarshal(packed[4:4+binary.BigEndian.Uint32(packed)], &e); err != nil {
		return envelope{}, fmt.Errorf("unpacking a ballot: %w", err)
	}
	return e, nil
}

func keyName(editionID string) string { return "spool/" + editionID }

// keyring remembers the keys of editions, which would otherwise be read for every ballot.
type keyring struct {
	mu   sync.Mutex
	keys map[string]vault.Key
}

func (k *keyring) of(ctx context.Context, v *vault.Vault, editionID string) (vault.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, ok := k.keys[editionID]; ok {
		return key, nil
	}
	key, err := v.Key(ctx, keyName(editionID))
	if err != nil {
		return vault.Key{}, fmt.Errorf("opening the spool: %w", err)
	}
	if k.keys == nil {
		k.keys = map[string]vault.Key{}
	}
	k.keys[editionID] = key
	return key, nil
}

func (k *keyring) drop(editionID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, editionID)
}
