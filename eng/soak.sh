#!/usr/bin/env bash
# Runs a collector at 1,000 streams for PIPELINE_SOAK_MINUTES of real time, prints what it used, and fails when that grew. Ends by itself.
# usage: eng/soak.sh CONFIGURATION
set -uo pipefail

cd "$(dirname "$0")/.."
export PIPELINE_SOAK_MINUTES=${PIPELINE_SOAK_MINUTES:-60}
echo "1,000 streams for $PIPELINE_SOAK_MINUTES minutes"
eng/run-tests.sh tests/Pipeline.EndToEndTests "$1" --filter "FullyQualifiedName~.SoakTests." \
  --logger 'console;verbosity=detailed' --blame-hang --blame-hang-timeout $((PIPELINE_SOAK_MINUTES + 10))m --blame-hang-dump-type none
