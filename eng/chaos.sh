#!/usr/bin/env bash
# Runs the chaos test in its long form and shows what it does while it does it; the seed comes first. Ends with its table.
# usage: eng/chaos.sh CONFIGURATION
set -uo pipefail

cd "$(dirname "$0")/.."
export PIPELINE_CHAOS_MINUTES=${PIPELINE_CHAOS_MINUTES:-20}
export PIPELINE_CHAOS_SEED=${PIPELINE_CHAOS_SEED:-$((RANDOM * 32768 + RANDOM))}
echo "PIPELINE_CHAOS_SEED=$PIPELINE_CHAOS_SEED, $PIPELINE_CHAOS_MINUTES minutes"
eng/run-tests.sh tests/Pipeline.EndToEndTests "$1" --filter "FullyQualifiedName~.ChaosTests." \
  --logger 'console;verbosity=detailed' --blame-hang --blame-hang-timeout $((PIPELINE_CHAOS_MINUTES + 10))m --blame-hang-dump-type none
status=$?
[ "$status" -eq 0 ] || echo "failed with PIPELINE_CHAOS_SEED=$PIPELINE_CHAOS_SEED"
exit "$status"
