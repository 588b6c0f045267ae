package barometer_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	repositoryRoot = "../.."
	// mostRisks is how many risks may remain.
	mostRisks = 8
)

func document(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repositoryRoot, "docs", name))
	require.NoError(t, err)
	return string(content)
}

// tests are the names of all tests in the repository.
func tests(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	found := map[string]bool{}
	for _, part := range []string{"services", "pkg"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(repositoryRoot, part), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() && entry.Name() == "node_modules" {
				return filepath.SkipDir
			}
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, name := range declared.FindAllStringSubmatch(string(source), -1) {
				found[name[1]] = true
			}
			return err
		}))
	}
	return found
}

// risks are the numbers of those that remain.
func risks(t *testing.T) map[string]bool {
	t.Helper()
	_, section, found := strings.Cut(document(t, "barometer.md"), "\n## What remains\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	numbers := map[string]bool{}
	for _, item := range regexp.MustCompile(`(?m)^(\d+)\. \*\*`).FindAllStringSubmatch(section, -1) {
		numbers[item[1]] = true
	}
	return numbers
}

// Each attack case is a test that exists, or one of at most eight risks that remain.
func TestEachAttackCaseIsATestOrARiskThatRemains(t *testing.T) {
	existing, remain := tests(t), risks(t)
	require.NotEmpty(t, remain)
	require.LessOrEqual(t, len(remain), mostRisks)
	var (
		row   = regexp.MustCompile(`(?m)^\| (A\d\d|K\d|—) \| ([^|]+) \| ([^|]+) \|$`)
		named = regexp.MustCompile("`(Test\\w+)`")
		risk  = regexp.MustCompile(`remains (\d+)`)
	)
	cases, mentioned := map[string]bool{}, map[string]bool{}
	for _, found := range row.FindAllStringSubmatch(document(t, "attacks.md"), -1) {
		id, shown := found[1], found[3]
		require.False(t, cases[id], "%s stands there twice", id)
		cases[id] = true
		names, left := named.FindAllStringSubmatch(shown, -1), risk.FindAllStringSubmatch(shown, -1)
		require.NotEmpty(t, append(names, left...), "%s is shown by nothing", id)
		for _, name := range names {
			require.True(t, existing[name[1]], "%s: there is no %s", id, name[1])
		}
		for _, number := range left {
			require.True(t, remain[number[1]], "%s: no risk has the number %s", id, number[1])
			mentioned[number[1]] = true
		}
	}
	for n := 1; n <= 40; n++ {
		require.True(t, cases[fmt.Sprintf("A%02d", n)], "case %d is missing", n)
	}
	require.Equal(t, remain, mentioned, "every risk that remains belongs to an attack")
}
