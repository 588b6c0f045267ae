package portal

import (
	"fmt"

	"jalon.dev/services/portal/internal/assets"
)

// Script is one that runs on the page on which people vote.
type Script struct {
	Name string
	// Path is where it is served.
	Path string
	// SHA256 is the fingerprint of its content, in hexadecimal.
	SHA256  string
	Content []byte
}

// BallotScripts are all scripts that run on the page on which people vote, as they were built into this program: there are none in a
// program that was built without them.
func BallotScripts() ([]Script, error) {
	files, err := assets.Load()
	if err != nil {
		return nil, fmt.Errorf("reading the scripts of the ballot: %w", err)
	}
	var scripts []Script
	for _, name := range assets.OfBallot {
		if content := files.Content(name); content != nil {
			scripts = append(scripts, Script{Name: name, Path: files.Address(name), SHA256: files.Fingerprint(name), Content: content})
		}
	}
	return scripts, nil
}
