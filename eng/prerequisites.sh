#!/usr/bin/env bash
# Installs what the end-to-end tests need from outside: kcat, the foreign Kafka reader, node for the foreign clients, Prometheus with promtool
# for the rules, and a browser. A tool that cannot be had is a failure.
set -euo pipefail

missing=()
command -v kcat >/dev/null || missing+=(kcat)
command -v make >/dev/null || missing+=(make)
command -v promtool >/dev/null && command -v prometheus >/dev/null || missing+=(prometheus)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "please install: ${missing[*]} (Debian's names; prometheus is also at https://prometheus.io/download, with promtool beside it in the PATH)" >&2
  exit 1
fi
echo "installing ${missing[*]}"
apt-get update -q >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >/dev/null

# Debian starts what it installs; a Prometheus on port 9090 that nobody asked for would be in the way of the stack's own.
if [[ " ${missing[*]} " == *" prometheus "* ]] && command -v systemctl >/dev/null; then
  systemctl disable --now prometheus prometheus-node-exporter >/dev/null 2>&1 || true
fi
