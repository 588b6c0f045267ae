#!/usr/bin/env bash
# Every test of every module under the race detector. Arguments go to go test: scripts/test.sh -run Import
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=true # a test that lacks what it needs, a browser for instance, fails: it is not skipped
# The two longest go first, while others are still compiled; results are printed in this order.
# -vet=off: golangci-lint vets in make check; here it would analyse every dependency first.
# -p 2: with three at a time no processor idles and a cold run takes a minute less, but tests that measure by the clock starve.
exec go test -race -count=1 -vet=off -p 2 -timeout 20m "$@" ./services/jalon/e2e ./services/portal work
