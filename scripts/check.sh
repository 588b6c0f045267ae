#!/usr/bin/env bash
# The checks of CI that are not tests: generated code is current, formatted, linted, tidy, contracts unbroken.
set -euo pipefail
cd "$(dirname "$0")/.."
modules=$(sed -n 's/^\t\(\.\/.*\)/\1/p' go.work)
scripts/tools.sh buf protoc-gen-go protoc-gen-connect-go templ golangci-lint
scripts/assets.sh

say() { printf '\n== %s\n' "$1"; }

say "generated code is what the sources say"
before=$(git ls-files -co --exclude-standard -- proto services docs | xargs -d '\n' sha256sum)
scripts/gen.sh
after=$(git ls-files -co --exclude-standard -- proto services docs | xargs -d '\n' sha256sum)
[ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after") || true; echo "generated files changed: commit what make gen wrote" >&2; exit 1; }

say "contracts: lint, and nothing broken since the main branch"
(cd proto && ../.bin/buf lint)
base=$(git rev-parse --verify -q origin/main || true)
# On main itself, as on a fresh clone, the main branch is what is checked: then it is compared with what was before.
if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then base=$(git rev-parse --verify -q HEAD~1 || true); fi
if [ -n "$base" ] && git cat-file -e "$base:proto/buf.yaml" 2>/dev/null; then
  old=$(mktemp -d)
  trap 'rm -rf "$old"' EXIT
  git archive "$base" proto | tar -x -C "$old"
  cp -r proto/third_party "$old/proto/"
  (cd proto && ../.bin/buf breaking --against "$old/proto")
fi

say "vet and lint"
go vet work
for module in $modules; do (cd "$module" && "$OLDPWD/.bin/golangci-lint" run ./...); done

say "the portal's scripts have no wrong types"
(cd services/portal/web && npm run --silent check)

say "modules are tidy and build alone"
for module in $modules; do (cd "$module" && GOWORK=off go mod tidy -diff && GOWORK=off go build ./...); done

say "no service imports another"
for module in $(printf '%s\n' $modules | grep '^\./services/' | grep -v '/jalon$'); do
  name=${module##*/}
  others=$(cd "$module" && go list -deps ./... | grep '^jalon.dev/services/' | grep -v "^jalon.dev/services/$name\(/\|$\)" || true)
  [ -z "$others" ] || { echo "$module imports $others" >&2; exit 1; }
done

say "shell scripts parse"
for script in scripts/*.sh .ci/run; do bash -n "$script"; done
