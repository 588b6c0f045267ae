package vault

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

const (
	// keyBytes is the length of every key: AES-256.
	keyBytes = 32
	// secretBytes is how long a secret of the setting must be, as the other secrets of an installation.
	secretBytes = 32
)

// Use is what a vault is for.
type Use struct {
	// Setting is the environment variable that holds the secrets; messages name it.
	Setting string
	// Label keeps the keys of one use apart from those of another that was given the same secret.
	Label string
	// Sealed is what is sealed, for messages: "what people write in talks".
	Sealed string
}

// Masters are the master keys of a use: the first wraps, all of them open.
type Masters struct {
	use  Use
	keys []master
}

// master is a key outside the database.
type master struct {
	id   string
	aead cipher.AEAD
}

// ParseMasters reads the secrets: long random ones separated by commas, the newest first. Its errors never repeat one.
func ParseMasters(use Use, secrets string) (Masters, error) {
	masters := Masters{use: use}
	for i, secret := range strings.Split(secrets, ",") {
		secret = strings.TrimSpace(secret)
		if secret == "" {
			continue
		}
		if len(secret) < secretBytes {
			return Masters{}, fmt.Errorf("%s: secret %d has %d bytes: at least %d random ones are needed", use.Setting, i+1, len(secret), secretBytes)
		}
		m, err := newMaster(use, secret)
		if err != nil {
			return Masters{}, err
		}
		masters.keys = append(masters.keys, m)
	}
	if len(masters.keys) == 0 {
		return Masters{}, fmt.Errorf("%s is not set: %s is sealed under it; put a long random secret there and keep a copy apart from the database's backups",
			use.Setting, use.Sealed)
	}
	return masters, nil
}

// newMaster derives the key and its name from a secret that is random already: RFC 5869 needs no more of it.
func newMaster(use Use, secret string) (master, error) {
	derive := func(what string, bytes int) ([]byte, error) {
		return hkdf.Key(sha256.New, []byte(secret), nil, use.Label+": "+what, bytes)
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
	for _, known := range m.keys {
		if known.id == id {
			return known, true
		}
	}
	return master{}, false
}
