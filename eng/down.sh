#!/usr/bin/env bash
# Stops what eng/up.sh started, in either form. What Kafka and the gateway keep stays: VOLUMES=yes removes that of containers too.
set -euo pipefail

cd "$(dirname "$0")/.."
. eng/stack.sh

status=0 found=no
if [ -z "$(why_no_engine)" ] && { [ -n "$(running_services)" ] || [ "${VOLUMES:-}" = yes ]; }; then
  found=yes
  options=(--remove-orphans)
  [ "${VOLUMES:-}" != yes ] || options+=(--volumes)
  "${compose[@]}" --profile core --profile sim --profile obs --profile ui down "${options[@]}" || status=1
fi
if [ -x artifacts/pipeline ]; then
  if [ "$found" = no ] || [ -f artifacts/run/up.pid ]; then artifacts/pipeline down || status=1; fi
elif [ "$found" = no ]; then
  echo "nothing was built, so nothing runs"
fi
exit "$status"
