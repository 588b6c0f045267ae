#!/usr/bin/env bash
# Every test of every module under the race detector. Arguments go to go test: scripts/test.sh -run Import
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=true # a test that lacks what it needs, a browser for instance, fails: it is not skipped
# The two longest go first, while others are still compiled; results are printed in this order.
# -vet=off: golangci-lint vets in make check; here it would analyse every dependency first.
# -p 3: with two at a time a processor idles while tests wait, and a cold run takes a minute more.
# GOGC: compilers that collect garbage less often take a sixth less time. The tests run without it, as Jalon does.
export GOGC=400
exec go test -race -count=1 -vet=off -p 3 -timeout 20m -exec 'env -u GOGC' "$@" ./services/jalon/e2e ./services/portal work
