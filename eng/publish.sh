#!/usr/bin/env bash
# Puts the built command at artifacts/pipeline, in the Release configuration compiled ahead of time (eng/ready-to-run.sh). The files are
# replaced, never written over: a stack that is running keeps the ones it has open.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
built=$root/src/Pipeline.Host/bin/${1:-Release}/net10.0
cd "$root"
mkdir -p artifacts
[ "${1:-Release}" = Release ] || export READY_TO_RUN=no
eng/ready-to-run.sh "$built" artifacts/next
if diff -rq artifacts/next artifacts/bin >/dev/null 2>&1; then
  rm -rf artifacts/next
else
  rm -rf artifacts/bin
  mv artifacts/next artifacts/bin
fi
ln -sfn bin/pipeline artifacts/pipeline
