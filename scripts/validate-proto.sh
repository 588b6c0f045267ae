#!/usr/bin/env bash
# Fetches protovalidate's contract, which ours import, out of its Go module: buf then needs no registry of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
target=proto/third_party/buf/validate/validate.proto
[ -s "$target" ] && exit 0
dir=$(cd / && GOWORK=off GOFLAGS=-mod=mod go mod download -json github.com/bufbuild/protovalidate@v1.2.2 | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
mkdir -p "$(dirname "$target")"
install -m 0644 "$dir/proto/protovalidate/buf/validate/validate.proto" "$target"
