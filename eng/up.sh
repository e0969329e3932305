#!/usr/bin/env bash
# Starts the local stack in the background: in containers where a Docker engine answers, else as processes of this machine.
# usage: eng/up.sh TOPOLOGY
#   STACK=native|docker   chooses             PROFILES="core sim obs"   parts of the form in containers; ui is another one
set -euo pipefail

cd "$(dirname "$0")/.."
. eng/stack.sh
topology=$1
stack=${STACK:-}

case $stack in
  native) ;;
  docker) why=$(why_no_engine); [ -z "$why" ] || { echo "STACK=docker: $why" >&2; exit 1; } ;;
  '') [ -z "$(why_no_engine)" ] && stack=docker || stack=native ;;
  *) echo "STACK is native or docker, not '$stack'" >&2; exit 2 ;;
esac

if [ "$stack" = native ]; then
  "${MAKE:-make}" --no-print-directory build
  PIPELINE_COMMAND=artifacts/pipeline exec artifacts/pipeline up --detach --topology "$topology"
fi

[ -f "$topology" ] || { echo "there is no $topology" >&2; exit 2; }
simulates=$(grep -cE '^simulator:' "$topology" || true)
if [ "$topology" = topology/local.yaml ]; then
  topology=topology/compose.yaml
elif [ "$simulates" -gt 0 ] && [ "$topology" != topology/compose.yaml ]; then
  echo "$topology looks for its simulator on the machine's loopback, which containers do not share: STACK=native make up TOPOLOGY=$topology" >&2
  exit 2
fi
TOPOLOGY_FOLDER=$(cd "$(dirname "$topology")" && pwd)
TOPOLOGY_FILE=$(basename "$topology")
PIPELINE_VERSION=$(sed -nE 's:.*<Version>(.*)</Version>.*:\1:p' Directory.Build.props)
COMMIT=$(git rev-parse HEAD 2>/dev/null || true)
export TOPOLOGY_FOLDER TOPOLOGY_FILE PIPELINE_VERSION COMMIT

profiles=${PROFILES:-core sim obs}
[ "$simulates" -gt 0 ] || profiles=${profiles//sim/}
for profile in $profiles; do compose+=(--profile "$profile"); done

services=$("${compose[@]}" config --services)
running=$(running_services)
taken=0
while read -r port service; do
  if ! grep -qx "$service" <<<"$running" && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "port $port of the $service is taken by $(holder_of "$port"): stop that, or choose another (docker/compose.yaml names the variables)" >&2
    taken=1
  fi
done < <("${compose[@]}" config | awk '/^  [a-z-]+:$/ { name = $1 } /^ +published:/ { gsub(/[":]/, "", name); gsub(/"/, "", $2); print $2, name }')
[ "$taken" -eq 0 ] || exit 1

# Where the package feed lacks the native Kafka library, the image is given the one made here.
if command -v dotnet >/dev/null; then eng/native.sh; fi
echo "building the image and starting $(paste -sd' ' <<<"$services")"
if ! "${compose[@]}" up --build --detach --wait --quiet-pull; then
  "${compose[@]}" ps --all >&2 || true
  echo "it did not start: the lines above or 'docker compose -f docker/compose.yaml logs' say why; STACK=native make up does without containers; 'make down' ends what runs" >&2
  exit 1
fi

echo "Running $topology in containers:"
say() { if grep -qx "$1" <<<"$services"; then printf '  %-10s %s\n' "$1" "$2"; fi; }
say kafka "127.0.0.1:${KAFKA_PORT:-29092}"
say simulator "http://127.0.0.1:${BINANCE_PORT:-9443} and the next four (control http://127.0.0.1:${SIMULATOR_PORT:-9400})"
say collector "http://127.0.0.1:${COLLECTOR_PORT:-8081}/statistics"
say gateway "http://127.0.0.1:${GATEWAY_PORT:-8080}/ (WebSocket /ws, HTTP API /swagger-ui)"
say prometheus "http://127.0.0.1:${PROMETHEUS_PORT:-9090}/"
say grafana "http://127.0.0.1:${GRAFANA_PORT:-3000}/"
say kafka-ui "http://127.0.0.1:${KAFKA_UI_PORT:-8082}/"
echo "Look:"
if grep -qx gateway <<<"$services"; then echo "  http://127.0.0.1:${GATEWAY_PORT:-8080}/ in a browser"; fi
echo "  docker exec pipeline-collector-1 pipeline tail md.trades"
echo "Stop:"
echo "  make down"
