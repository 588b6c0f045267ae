#!/usr/bin/env bash
# Installs the pinned developers' tools into .bin: needed by `make gen` and `make check`, never by `make run` or `make test`.
# usage: scripts/tools.sh TOOL...
set -euo pipefail
cd "$(dirname "$0")/.."
export GOBIN="$PWD/.bin"

package() {
  case "$1" in
    buf) echo github.com/bufbuild/buf/cmd/buf@v1.75.0 ;;
    protoc-gen-go) echo google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12 ;;
    protoc-gen-connect-go) echo connectrpc.com/connect/cmd/protoc-gen-connect-go@v1.21.1 ;;
    templ) echo github.com/a-h/templ/cmd/templ@v0.3.977 ;;
    golangci-lint) echo github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 ;;
    *) echo "no such tool: $1" >&2; exit 1 ;;
  esac
}

for tool in "$@"; do
  wanted=$(package "$tool")
  have=$(go version -m "$GOBIN/$tool" 2>/dev/null | awk '$1=="mod" {print $3}' || true)
  [ "$have" = "${wanted##*@}" ] && continue
  echo "installing $tool ${wanted##*@} (a few minutes the first time)" >&2
  (cd / && GOWORK=off GOFLAGS=-mod=mod go install "$wanted")
done
