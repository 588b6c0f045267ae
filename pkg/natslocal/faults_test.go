package natslocal

import (
	"errors"
	"io/fs"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFaultsAreNamed(t *testing.T) {
	for text, want := range map[string]error{
		"listen tcp 127.0.0.1:4222: bind: address already in use": ErrPortInUse,
		"write meta.inf: no space left on device":                 ErrStoreFull,
	} {
		require.ErrorIs(t, classify(errors.New(text)), want)
	}
	full := &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	require.ErrorIs(t, classify(full), ErrStoreFull)
	require.ErrorIs(t, classify(full), syscall.ENOSPC, "the cause stays")
	other := errors.New("something else")
	require.Equal(t, other, classify(other))
}
