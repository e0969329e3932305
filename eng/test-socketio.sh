#!/usr/bin/env bash
# Starts the local stack on free ports in a folder of its own, tries its candle service from outside, and stops it.
set -euo pipefail

cd "$(dirname "$0")/.."
pipeline=${PIPELINE:-$PWD/artifacts/pipeline}
folder=$(mktemp -d)
stack=

finish() {
  status=$?
  # In the background a shell has its children ignore an interrupt.
  if [ -n "$stack" ]; then
    kill -TERM "$stack" 2>/dev/null || true
    wait "$stack" 2>/dev/null || true
  fi
  [ "$status" -eq 0 ] || tail -n 40 "$folder/stack.log" >&2
  rm -rf "$folder"
  exit "$status"
}
trap finish EXIT

# Ports that are free now, one line each.
ports() {
  node -e 'const net = require("net"); const all = Array.from({ length: 10 }, () => net.createServer());
    Promise.all(all.map(one => new Promise(done => one.listen(0, "127.0.0.1", done)))).then(() => {
      console.log(all.map(one => one.address().port).join("\n")); all.forEach(one => one.close()); });'
}

mapfile -t port < <(ports)
sed -e "s/29092/${port[0]}/; s/:8081/:${port[1]}/; s/:8080/:${port[2]}/; s/9443/${port[3]}/g; s/9444/${port[4]}/g; s/9445/${port[5]}/g" \
  -e "s/9446/${port[6]}/g; s/9447/${port[7]}/g; s/9400/${port[8]}/; s/topology.schema.json/$(echo "$PWD" | sed 's,/,\\/,g')\\/topology\\/&/; s,^candles:,&\n  listen: http://127.0.0.1:${port[9]}," \
  topology/local.yaml >"$folder/topology.yaml"
printf '\nhistory:\n  path: %s\n' "$folder/candles.db" >>"$folder/topology.yaml"

"$pipeline" up --topology "$folder/topology.yaml" >"$folder/stack.log" 2>&1 &
stack=$!
for _ in $(seq 1 120); do
  curl -fs "http://127.0.0.1:${port[2]}/readyz" >/dev/null && break
  kill -0 "$stack" || { echo "the stack has ended" >&2; exit 1; }
  sleep 0.5
done

url=http://127.0.0.1:${port[9]}
node tests/socketio/functional.mjs "$url" BTC-USDT
node tests/socketio/stress.mjs "$url" "${CLIENTS:-100}" "${ROOMS:-5}" "${DURATION:-10}"
