#!/usr/bin/env bash
# Fan-out benchmark: our server and npm's in turn, each driven by the same load generator in its own process, and their ratios: plain
# WebSocket beside `ws`, then Socket.IO beside `socket.io`.
# usage: eng/fanout.sh [CONFIGURATION]
#   FANOUT_LOAD     source of the load generator (../shared/bench/fanout/load.c)
#   FANOUT_MODES    modes of Pipeline.FanoutBench to measure (links sio); links-pooled is another
#   FANOUT_ROUNDS   alternated rounds (3)      FANOUT_CLIENTS  clients (1000)      FANOUT_ROOMS  rooms (50)
#   FANOUT_STEPS    published messages per second, in steps; the first is a warm-up, 1000 has to be among them
#   FANOUT_SECONDS  length of a step (2)
#   FANOUT_REQUIRED=yes  fails where it cannot be measured, instead of saying so
#   FANOUT_TRACE=1  what our runtime did meanwhile (collections, compiling, locks) into artifacts/fanout/MODE.trace
# Latency and CPU at 20,000 deliveries a second alone, about a minute a round: FANOUT_STEPS=999,1000 FANOUT_ROUNDS=7
set -euo pipefail

cd "$(dirname "$0")/.."
configuration=${1:-Release}
source=${FANOUT_LOAD:-../shared/bench/fanout/load.c}
modes=${FANOUT_MODES:-links sio}
rounds=${FANOUT_ROUNDS:-3}
clients=${FANOUT_CLIENTS:-1000}
rooms=${FANOUT_ROOMS:-50}
steps=${FANOUT_STEPS:-999,1000,2500,5000,7500,10000,15000,20000,30000,45000,60000}
seconds=${FANOUT_SECONDS:-2}
work=artifacts/fanout
bench=tests/Pipeline.FanoutBench

# Who asks for this alone is not told that it is well.
skip() { echo "fan-out: skipped, $1"; [ "${FANOUT_REQUIRED:-no}" = no ] && exit 0 || exit 1; }
[ -f "$source" ] || skip "there is no load generator at $source (FANOUT_LOAD=PATH/load.c names another)"
for tool in gcc node npm; do
  command -v $tool >/dev/null || skip "please install $tool"
done
mkdir -p "$work"
[ "$work/load" -nt "$source" ] || gcc -O2 -w -o "$work/load" "$source" -lpthread -lm
[ -d "$work/node_modules/socket.io" ] || npm install --prefix "$work" --silent --no-audit --no-fund --no-package-lock ws@8 socket.io@4.8

# What is measured is what goes out.
eng/ready-to-run.sh "$bench/bin/$configuration/net10.0" "$work/server"

free_port() { node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }

# One server, driven through all steps; it ends with the measurement.
measure() { # NAME RESULTS COMMAND...
  local name=$1 results=$2 port pid
  shift 2
  port=$(free_port)
  "$@" "$port" >"$work/$name.ready" 2>"$work/$name.trace" &
  pid=$!
  for _ in $(seq 200); do
    grep -q ready "$work/$name.ready" && break
    kill -0 $pid 2>/dev/null || break
    sleep 0.1
  done
  timeout 300 "$work/load" -m "${load_mode:-ws}" -p "$port" -name "$name" -pid $pid -n "$clients" -r "$rooms" -k 1 -s "$steps" -d "$seconds" -w 1 >>"$results" 2>&1 ||
    echo "FAILED peer=$name" >>"$results"
  kill $pid 2>/dev/null || true
  wait $pid 2>/dev/null || true
}

rm -f "$work"/round-*.txt
for round in $(seq "$rounds"); do
  echo "fan-out: round $round of $rounds, load $(cut -d' ' -f1 /proc/loadavg)"
  for mode in $modes; do
    load_mode=ws peer=ws
    [ "$mode" = sio ] && load_mode=sio peer=socketio
    results=$work/round-$round-$peer.txt
    measure "$mode" "$results" "$work/server/Pipeline.FanoutBench" "$mode"
    grep -q "peer=$peer " "$results" || NODE_PATH=$work/node_modules measure "$peer" "$results" node "$bench/$peer-server.js"
  done
done
node eng/fanout-table.js $modes -- "$work"/round-*.txt
