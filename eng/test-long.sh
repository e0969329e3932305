#!/usr/bin/env bash
# Runs the long forms of the end-to-end tests, of the connection layer and of everything that goes wrong at once, one after the other, and prints what each measured and how long
# it took. Ends with one plain line "N passed, N failed". What is already set in the environment is left as it is.
# usage: eng/test-long.sh CONFIGURATION
set -uo pipefail

cd "$(dirname "$0")/.."
configuration=$1
export PIPELINE_ROTATIONS=${PIPELINE_ROTATIONS:-100}
export PIPELINE_STANDSTILL=${PIPELINE_STANDSTILL:-180}
export PIPELINE_OUTAGE=${PIPELINE_OUTAGE:-30}
export PIPELINE_LEGS=${PIPELINE_LEGS:-60}
export PIPELINE_SEEDS=${PIPELINE_SEEDS:-all}
export PIPELINE_RESTARTS=${PIPELINE_RESTARTS:-50}
export PIPELINE_RARE=${PIPELINE_RARE:-200000}
export PIPELINE_STOP=${PIPELINE_STOP:-20}
export PIPELINE_SHARE_ROUNDS=${PIPELINE_SHARE_ROUNDS:-20}
export PIPELINE_ACK_KILLS=${PIPELINE_ACK_KILLS:-5}
export PIPELINE_GATEWAY_SECONDS=${PIPELINE_GATEWAY_SECONDS:-60}
export PIPELINE_KLINE_SECONDS=${PIPELINE_KLINE_SECONDS:-20}
export PIPELINE_CHAOS_MINUTES=${PIPELINE_CHAOS_MINUTES:-5}
passed=0 failed=0

for test in RotationTests LegTests OutageTests ConnectionLayerTests RestartTests RareInstrumentTests FencingTests SharingTests AckRuleKillTests GatewayLoadTests ProgramEventLatencyTests ChaosTests; do
  started=$SECONDS
  echo "$test"
  if output=$(eng/run-tests.sh tests/Pipeline.EndToEndTests "$configuration" --filter "FullyQualifiedName~.$test." \
    --logger 'console;verbosity=detailed' --blame-hang --blame-hang-timeout 15m --blame-hang-dump-type none 2>&1); then
    grep -E '^ *\|' <<<"$output"
  else
    # A run that was aborted has counted only what ended before.
    [ "$(grep -cE '^  Failed ' <<<"$output")" -gt 0 ] || failed=$((failed + 1))
    echo "$output"
  fi
  passed=$((passed + $(grep -cE '^  Passed ' <<<"$output")))
  failed=$((failed + $(grep -cE '^  Failed ' <<<"$output")))
  echo "$test: $((SECONDS - started)) s"
done

# The properties, with every seed.
started=$SECONDS
if output=$(eng/run-tests.sh tests/Pipeline.Tests "$configuration" -v q --filter "FullyQualifiedName~PropertyTests" 2>&1); then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi
tail -1 <<<"$output"
echo "PropertyTests: $((SECONDS - started)) s"

echo "$passed passed, $failed failed in $SECONDS s"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
