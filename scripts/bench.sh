#!/usr/bin/env bash
# Prints the figures beside their limits: scripts/bench.sh [-million] [NAME]
set -euo pipefail
cd "$(dirname "$0")/.."
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true # thousands of open streams
CGO_ENABLED=0 go build -trimpath -o bin/bench ./services/jalon/cmd/bench
exec bin/bench "$@"
