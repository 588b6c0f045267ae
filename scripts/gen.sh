#!/usr/bin/env bash
# Generates everything that is generated: protobuf and Connect code, the portal's templates, the event catalogue, the OpenAPI
# document of what outside systems may call.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/tools.sh buf protoc-gen-go protoc-gen-connect-go templ
scripts/validate-proto.sh
(cd proto && ../.bin/buf format -w && ../.bin/buf generate)
(cd services/portal && ../../.bin/templ generate -log-level error)
(cd proto && ../.bin/buf build -o - --as-file-descriptor-set) | go run ./services/jalon/cmd/catalogue events > docs/events.yaml
(cd proto && ../.bin/buf build -o - --as-file-descriptor-set) | go run ./services/jalon/cmd/catalogue api > docs/openapi.yaml
