#!/usr/bin/env bash
# Puts the built command at artifacts/pipeline. The files are replaced, never written over: a stack that is running keeps the ones
# it has open.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
built=$root/src/Pipeline.Host/bin/${1:-Release}/net10.0
cd "$root"
mkdir -p artifacts
if ! diff -rq "$built" artifacts/bin >/dev/null 2>&1; then
  rm -rf artifacts/next
  cp -r "$built" artifacts/next
  rm -rf artifacts/bin
  mv artifacts/next artifacts/bin
fi
ln -sfn bin/pipeline artifacts/pipeline
