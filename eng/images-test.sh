#!/usr/bin/env bash
# Builds the image as docker/Dockerfile says, and runs the stack from it as docker/compose.yaml says. Kafka's image cannot be had
# everywhere: here the service is our own image with the embedded broker. Where no engine answers, eng/engine.sh brings one.
set -euo pipefail

cd "$(dirname "$0")/.."
. eng/stack.sh
. eng/engine.sh
started=$SECONDS
image=pipeline:images-test
commit=$(git rev-parse HEAD)
work=$(mktemp -d)
passed=0

finish() {
  local status=$?
  "${compose[@]}" down --volumes --timeout 5 >/dev/null 2>&1 || true
  stop_engine
  rm -rf "$work"
  [ "$status" -eq 0 ] && echo "images: $passed checks passed in $((SECONDS - started)) s" || echo "images: FAILED after $passed checks"
  exit "$status"
}
trap finish EXIT

# usage: check WHAT COMMAND…
check() {
  local what=$1
  shift
  "$@" >"$work/out" 2>&1 || { echo "images: not so: $what" >&2; tail -20 "$work/out" >&2; exit 1; }
  echo "  $what"
  passed=$((passed + 1))
}
refuses() { ! "$@"; }
guarded=(docker run --rm --read-only --cap-drop ALL --security-opt no-new-privileges --network none)

build=(docker build -f docker/Dockerfile -t "$image" --build-arg VERSION=0.1.0 --build-arg "COMMIT=$commit")
if [ -n "$(why_no_engine)" ]; then
  echo "images: $(why_no_engine); bringing one"
  start_engine
  make_stand_ins
  # Without a bridge to the outside, and by the builder that needs no plug-in.
  export DOCKER_BUILDKIT=0
  build+=(--network host)
fi
echo "images: building"
"${build[@]}" . >"$work/build" 2>&1 || { tail -30 "$work/build" >&2; exit 1; }

inspect() { docker image inspect -f "$1" "$image"; }
check "'version' runs as another user, read-only, with no capability and no network, and names the commit" \
  bash -c '"$@" version | tee /dev/stderr | grep -q "^pipeline 0.1.0 (commit '"${commit:0:12}"'), .NET 10"' _ "${guarded[@]}" "$image"
check "user is 1654" test "$(inspect '{{.Config.User}}')" = 1654:1654
check "health is asked by 'pipeline probe'" test "$(inspect '{{json .Config.Healthcheck.Test}}')" = '["CMD","/app/pipeline","probe"]'
id=$(docker create "$image")
check "licences are in it" bash -c 'docker cp "$0":/app/LICENSE - >/dev/null && docker cp "$0":/app/THIRD-PARTY-NOTICES - >/dev/null' "$id"
docker rm "$id" >/dev/null
check "there is no shell in it" refuses docker run --rm --network none --entrypoint /bin/sh "$image" -c true
check "topologies are valid in it" "${guarded[@]}" "$image" check topology/compose.yaml
check "version and revision are its labels" test "$(inspect '{{index .Config.Labels "org.opencontainers.image.revision"}}')" = "$commit"
check "a probe of nothing fails" refuses "${guarded[@]}" "$image" probe http://127.0.0.1:8081/livez

# The stack, on ports that are free now.
mapfile -t port < <(node -e 'const net = require("net"); const all = Array.from({ length: 10 }, () => net.createServer());
  Promise.all(all.map(one => new Promise(done => one.listen(0, "127.0.0.1", done)))).then(() => {
    console.log(all.map(one => one.address().port).join("\n")); all.forEach(one => one.close()); });')
export KAFKA_PORT=${port[0]} COLLECTOR_PORT=${port[1]} GATEWAY_PORT=${port[2]} BINANCE_PORT=${port[3]} BINANCE_FUTURES_PORT=${port[4]} OKX_PORT=${port[5]} \
  BYBIT_PORT=${port[6]} SOLANA_PORT=${port[7]} SIMULATOR_PORT=${port[8]} CANDLES_PORT=${port[9]} PIPELINE_VERSION=images-test TOPOLOGY_FOLDER=$work/topology TOPOLOGY_FILE=compose.yaml
mkdir "$work/topology"
sed 's/127.0.0.1:29092/10.213.77.10:9092/' topology/compose.yaml >"$work/topology/compose.yaml"
cp topology/topology.schema.json "$work/topology/"
chmod -R a+rX "$work"
# Not every machine lets a container have as many files as compose.yaml asks for.
files=$(ulimit -Hn)
[ "$files" != unlimited ] && [ "$files" -lt 65536 ] || files=65536
cat >"$work/override.yaml" <<EOF
services:
  kafka:
    image: pipeline:images-test
    entrypoint: [/app/pipeline]
    command: [broker]
    environment: { KAFKA_BOOTSTRAP_SERVERS: "", PIPELINE_TOPOLOGY: /app/topology/compose.yaml }
    volumes: [{ type: bind, source: "$TOPOLOGY_FOLDER", target: /app/topology, read_only: true }]
    healthcheck: { test: [CMD, /app/pipeline, probe, "tcp://10.213.77.10:9092"], interval: 2s }
    networks: { default: { ipv4_address: 10.213.77.10 } }
    ulimits: &files { nofile: { soft: $files, hard: $files } }
  simulator: { ulimits: *files }
  collector: { environment: { KAFKA_BOOTSTRAP_SERVERS: "" }, ulimits: *files }
  gateway: { environment: { KAFKA_BOOTSTRAP_SERVERS: "" }, ulimits: *files }
networks:
  default: { ipam: { config: [{ subnet: 10.213.77.0/24 }] } }
EOF
compose+=(-f "$work/override.yaml" -p pipeline-images-test --profile core --profile sim)

check "Kafka, simulator, collector and gateway are healthy, in this order" "${compose[@]}" up --detach --no-build --wait --wait-timeout 180
check "the page is served at the gateway's port on loopback" bash -c 'curl -fsS --max-time 5 "$0" | grep -qi "<!doctype html"' "http://127.0.0.1:$GATEWAY_PORT/"
ready() { for _ in $(seq 90); do "$@" && return; sleep 1; done; return 1; }
check "every stream is fresh" ready "${compose[@]}" exec -T collector pipeline probe http://127.0.0.1:8081/readyz
check "the gateway has read its log" ready "${compose[@]}" exec -T gateway pipeline probe http://127.0.0.1:8080/readyz
check "trades come, told by the command in the container" timeout 60 "${compose[@]}" exec -T collector pipeline tail md.trades --count 5
for service in simulator collector gateway; do
  id=$("${compose[@]}" ps -q "$service")
  check "$service: read-only, no capability, no new privileges, a bound of memory" test \
    "$(docker inspect -f '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{gt .HostConfig.Memory 0}}' "$id")" = \
    'true [ALL] [no-new-privileges:true] true'
done
check "candles are kept in the volume" bash -c 'docker cp "$0":/app/data - | tar -t | grep -q candles.db' "$("${compose[@]}" ps -q gateway)"
check "it stops in order within 40 s, the collector having flushed" "${compose[@]}" stop --timeout 40
"${compose[@]}" logs collector >"$work/log" 2>&1
check "the collector says that all its records were acknowledged" grep -qE 'drained in [0-9]+ ms: ([0-9]+) of \1 records acknowledged' "$work/log"

size=$(docker image inspect -f '{{.Size}}' "$image")
base=$(docker image inspect -f '{{.Size}}' "$(sed -n 's/^ARG RUNTIME=//p' docker/Dockerfile)")
echo "images: $((size / 1048576)) MiB, of it $(((size - base) / 1048576)) MiB ours"
