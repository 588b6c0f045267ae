#!/usr/bin/env bash
# Makes sure that a Chromium is there for the browser tests; installs Debian's where it may: the one without windows, which spends nothing
# on bars that nobody sees, where there is one.
set -euo pipefail
for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing Chromium for the browser tests" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null 2>&1 ||
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
  exit 0
fi
echo "The browser tests need Chromium. Install the package 'chromium' (or Google Chrome), then run make test again." >&2
exit 1
