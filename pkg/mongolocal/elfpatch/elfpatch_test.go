package elfpatch

import (
	"bytes"
	"debug/elf"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestReferencesToTheMissingVersionAreMovedToTheBaseVersion(t *testing.T) {
	original := library(symbol{"strtol_user", 0, 1}, symbol{"__isoc23_strtol", 3, 0}, symbol{"fmod", 3, 0}, symbol{"malloc", 2, 0})

	patched, changes, err := Retarget(original)

	require.NoError(t, err)
	require.Equal(t, []Change{
		{"__isoc23_strtol@GLIBC_2.38", "strtol@GLIBC_2.2.5"},
		{"fmod@GLIBC_2.38", "fmod@GLIBC_2.2.5"},
	}, changes)
	require.Len(t, patched, len(original))
	f, err := elf.NewFile(bytes.NewReader(patched))
	require.NoError(t, err)
	symbols, err := f.DynamicSymbols()
	require.NoError(t, err)
	names := map[string]string{}
	for _, s := range symbols {
		names[s.Name] = s.Version
	}
	require.Equal(t, map[string]string{"strtol_user": "", "strtol": "GLIBC_2.2.5", "fmod": "GLIBC_2.2.5", "malloc": "GLIBC_2.2.5"}, names)
}

func TestTheOriginalIsLeftAsItIs(t *testing.T) {
	original := library(symbol{"fmod", 3, 0})
	before := bytes.Clone(original)
	_, _, err := Retarget(original)
	require.NoError(t, err)
	require.Equal(t, before, original)
}

func TestAFunctionWithoutAKnownStandInIsRefused(t *testing.T) {
	_, _, err := Retarget(library(symbol{"arc4random_v2", 3, 0}))
	require.ErrorContains(t, err, "arc4random_v2@GLIBC_2.38")
}

func TestADefinedSymbolIsRefused(t *testing.T) {
	_, _, err := Retarget(library(symbol{"fmod", 3, 1}))
	require.ErrorContains(t, err, "defined by the library itself")
}

func TestWhatIsNoLibraryIsRefused(t *testing.T) {
	_, _, err := Retarget([]byte("#!/bin/sh\n"))
	require.Error(t, err)
}

func TestVersionsThatAreMissingToo(t *testing.T) {
	for version, missing := range map[string]bool{
		"GLIBC_2.2.5": false, "GLIBC_2.36": false, "GLIBC_2.37": true, "GLIBC_2.38": false, "GLIBC_2.39": true, "GLIBC_2.41": true,
		"GLIBC_ABI_DT_RELR": false, "GLIBC_2.4": false,
	} {
		require.Equal(t, missing, tooNew(version), version)
	}
}

func TestPatchingADamagedLibraryEnds(t *testing.T) {
	whole := library(symbol{"fmod", 3, 0}, symbol{"__isoc23_strtol", 3, 0})
	rapid.Check(t, func(t *rapid.T) {
		damaged := bytes.Clone(whole)
		for range rapid.IntRange(1, 4).Draw(t, "damages") {
			damaged[rapid.IntRange(0, len(damaged)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		_, _, _ = Retarget(damaged[:rapid.IntRange(0, len(damaged)).Draw(t, "length")])
	})
}
