// Package frenchtest holds French texts against the rules of their typography.
package frenchtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	// literal is a quoted text on one line, as TOML, Go and TypeScript write them.
	literal = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")
	// loose is an ordinary space where a line must not break: before : ; ? ! and », and after «.
	loose = regexp.MustCompile(`(?:^|\S) [:;?!»]|« `)
)

// Spaced requires no-break spaces in all quoted texts of the files that the patterns match. Each failure names file and line.
func Spaced(t *testing.T, patterns ...string) {
	t.Helper()
	var wrong []string
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, "no file matches %s", pattern)
		for _, file := range files {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			wrong = append(wrong, looseIn(file, string(source))...)
		}
	}
	require.Empty(t, wrong, "write a no-break space (U+00A0) before : ; ? ! » and after «:\n%s", strings.Join(wrong, "\n"))
}

func looseIn(file, source string) []string {
	var wrong []string
	for i, line := range strings.Split(source, "\n") {
		for _, text := range literal.FindAllString(line, -1) {
			if loose.MatchString(text[1 : len(text)-1]) {
				wrong = append(wrong, fmt.Sprintf("%s:%d: %s", filepath.ToSlash(file), i+1, text))
			}
		}
	}
	return wrong
}
