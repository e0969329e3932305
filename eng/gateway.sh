#!/usr/bin/env bash
# The gateway's process under load, as tests measure it: broker, writer and hundreds of clients in processes of their own, and from a program
# event to kline_data. Prints their figures alone; a bound that is missed fails it.
# usage: eng/gateway.sh [CONFIGURATION]
#   PIPELINE_GATEWAY_SECONDS  of 20,000 deliveries a second (10)      PIPELINE_KLINE_SECONDS  of a round of program events (6)
set -euo pipefail

cd "$(dirname "$0")/.."
echo "gateway: load $(cut -d' ' -f1 /proc/loadavg)"
eng/run-tests.sh tests/Pipeline.EndToEndTests "${1:-Release}" --logger "console;verbosity=detailed" \
  --filter "FullyQualifiedName~GatewayLoadTests|FullyQualifiedName~ProgramEventLatencyTests" |
  grep -E '^ *\||^ *(Passed|Failed) |Exception'
