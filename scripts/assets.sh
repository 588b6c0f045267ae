#!/usr/bin/env bash
# Bundles the portal's script and styles with esbuild, when a source is newer than the bundle.
set -euo pipefail
cd "$(dirname "$0")/../services/portal"
dist=internal/assets/dist
stamp=$dist/.built
if [ -f "$stamp" ] && [ -z "$(find web -path web/node_modules -prune -o -type f -newer "$stamp" -print -quit)" ]; then exit 0; fi
command -v npm >/dev/null || { echo "Jalon's pages are bundled with npm, which is not installed: install Node.js 20 or newer, then run this again." >&2; exit 1; }
cd web
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error || { echo "npm could not fetch the portal's packages: check the network, then run this again." >&2; exit 1; }
fi
npm run --silent build
cd ..
touch "$stamp"
