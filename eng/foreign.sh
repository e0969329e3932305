#!/usr/bin/env bash
# Fetches the clients by other people that the simulator is tried with, once per version, into artifacts/foreign.
set -euo pipefail

cd "$(dirname "$0")/.."
wanted=tests/Pipeline.ForeignClientTests/Clients/package.json
target=artifacts/foreign
cmp -s "$wanted" "$target/installed.json" && exit 0
command -v npm >/dev/null || { echo "please install: nodejs npm" >&2; exit 1; }
echo "fetching the foreign clients"
rm -rf "$target"
mkdir -p "$target"
cp "$wanted" "$target/package.json"
npm install --prefix "$target" --silent --no-audit --no-fund --no-package-lock --ignore-scripts
cp "$wanted" "$target/installed.json"
