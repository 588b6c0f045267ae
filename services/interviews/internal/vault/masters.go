package vault

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

const (
	// keyBytes is the length of every key: AES-256.
	keyBytes = 32
	// secretBytes is how long a secret of the setting must be, as the other secrets of an installation.
	secretBytes = 32
)

// Masters are the master keys: the first wraps, all of them open.
type Masters []master

// master is a key outside the database.
type master struct {
	id   string
	aead cipher.AEAD
}

// ParseMasters reads the setting: long random secrets separated by commas, the newest first. Its errors never repeat one.
func ParseMasters(setting string) (Masters, error) {
	var masters Masters
	for i, secret := range strings.Split(setting, ",") {
		secret = strings.TrimSpace(secret)
		if secret == "" {
			continue
		}
		if len(secret) < secretBytes {
			return nil, fmt.Errorf("JALON_TALKS_KEY: secret %d has %d bytes: at least %d random ones are needed", i+1, len(secret), secretBytes)
		}
		m, err := newMaster(secret)
		if err != nil {
			return nil, err
		}
		masters = append(masters, m)
	}
	if len(masters) == 0 {
		return nil, errors.New("JALON_TALKS_KEY is not set: what people write in talks is sealed under it; put a long random secret there and keep a copy apart from the database's backups")
	}
	return masters, nil
}

// newMaster derives the key and its name from a secret that is random already: RFC 5869 needs no more of it.
func newMaster(secret string) (master, error) {
	derive := func(what string, bytes int) ([]byte, error) {
		return hkdf.Key(sha256.New, []byte(secret), nil, "jalon talks: "+what, bytes)
	}
	key, err := derive("key", keyBytes)
	if err != nil {
		return master{}, fmt.Errorf("deriving a master key: %w", err)
	}
	name, err := derive("name", 4)
	if err != nil {
		return master{}, fmt.Errorf("naming a master key: %w", err)
	}
	aead, err := newAEAD(key)
	return master{id: hex.EncodeToString(name), aead: aead}, err
}

func (m Masters) find(id string) (master, bool) {
	for _, known := range m {
		if known.id == id {
			return known, true
		}
	}
	return master{}, false
}
