#!/bin/sh
# Puts the local MongoDB engine into the cache folder of the user (JALON_ENGINE_DIR names another), unless it is there
# already, and prints the path of its library. The engine is SSPL software and never part of this repository.
set -eu

fail() {
	echo "engine: $*" >&2
	exit 1
}

case "$(uname -s)" in
Linux)
	# Without glibc the program below would not even start.
	getconf GNU_LIBC_VERSION >/dev/null 2>&1 ||
		fail "the local MongoDB engine needs a Linux with glibc, and this one has another C library (musl?): set MONGODB_URI to a MongoDB elsewhere"
	;;
Darwin) ;;
*) fail "there is no local MongoDB engine for $(uname -s): use WSL on Windows, or set MONGODB_URI to a MongoDB elsewhere" ;;
esac
command -v go >/dev/null || fail "Go was not found: install Go 1.26 or newer"

cd "$(dirname "$0")/../pkg"
CGO_ENABLED=0 exec go run -trimpath ./mongolocal/cmd/engine install # built as bin/jalon is, of packages that are compiled already
