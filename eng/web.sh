#!/usr/bin/env bash
# Builds the page and the client library into artifacts/web, where the gateway finds them; does nothing when they are up to date.
# Needs node (20.19, 22.12 or later) and npm. WEB=no leaves the page out.
set -euo pipefail

cd "$(dirname "$0")/.."
[ "${WEB:-}" = no ] && { echo "the page is left out (WEB=no)"; exit 0; }
stamp=artifacts/web.ok

# What a build depends on, by content: a checkout gives files new times.
sources=$(find src/web -type f -not -path '*/node_modules/*' -not -path '*/.build/*' -not -path '*/docs/*' | LC_ALL=C sort | xargs sha256sum | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" = "$sources" ] && [ -f artifacts/web/index.html ] && [ -d src/web/node_modules ]; then exit 0; fi

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "the page needs node and npm: please install them (Debian: nodejs npm), or build without it: make build WEB=no" >&2
  exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'; then
  echo "the page needs node 20.19, 22.12 or later, this is $(node --version): please install a newer one, or build without it: make build WEB=no" >&2
  exit 1
fi

echo "building the page"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cd src/web
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --ignore-scripts >"$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
fi
npm run --silent build >"$log" 2>&1 || { tail -40 "$log" >&2; exit 1; }
mkdir -p ../../artifacts
echo "$sources" >"../../$stamp"
