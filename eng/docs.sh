#!/usr/bin/env bash
# Runs every command of every document once: each line of each fenced `sh` block in the repository's *.md. In a sandbox: the same folder
# and home, of which nothing that is written stays; a network of its own, where every port is free and nothing is outside; processes of its own.
# What cannot be run there says why in the document, and is listed here. Commands named in the text are looked up, not run.
# usage: eng/docs.sh [DOCUMENT…]     needs root, or user namespaces; `make build` first
set -euo pipefail

cd "$(dirname "$0")/.."
root=$PWD
for tool in unshare ip node; do
  command -v $tool >/dev/null || { echo "docs: please install $tool (Debian: util-linux iproute2 nodejs)" >&2; exit 1; }
done
[ -x artifacts/pipeline ] || { echo "docs: nothing is built: make build" >&2; exit 1; }
files=("$@")
[ $# -gt 0 ] || mapfile -t files < <(git ls-files '*.md')

space=$(mktemp -d /var/tmp/docs.XXXXXX)
trap 'rm -rf "$space"' EXIT
mkdir "$space/root" "$space/root-work" "$space/home" "$space/home-work"
options=(--mount --net --pid --fork --kill-child --mount-proc)
[ "$(id -u)" = 0 ] || options+=(--map-root-user)

if ! unshare "${options[@]}" true 2>/dev/null; then
  [ "${CI:-}" = true ] || { echo "docs: this machine allows no namespaces of one's own: as root, or CI=true to run in this very folder" >&2; exit 1; }
  echo "docs: without a sandbox, as this machine allows none: in this folder, on the ports as they are"
  PATH=$root/artifacts:$PATH STACK=native node eng/docs.js "${files[@]}"
  exit
fi
unshare "${options[@]}" bash -c '
  set -e
  root=$1 space=$2
  shift 2
  ip link set lo up
  # The home too, as it is: with other settings of NuGet everything would be restored anew, and there is no network.
  mount -t overlay overlay -o "lowerdir=$HOME,upperdir=$space/home,workdir=$space/home-work" "$HOME"
  mount -t overlay overlay -o "lowerdir=$root,upperdir=$space/root,workdir=$space/root-work" "$root"
  case $root/$HOME/ in *//tmp/*|/tmp/*) ;; *) mount -t tmpfs tmpfs /tmp ;; esac
  cd "$root"
  # Build servers outside would work in the folder outside.
  export PATH=$root/artifacts:$PATH STACK=native
  export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
  exec node eng/docs.js "$@"
' _ "$root" "$space" "${files[@]}"
