#!/usr/bin/env bash
# The steps of docker/Dockerfile without an engine: what .dockerignore lets into the build context is copied, the RUN lines of both building
# stages are run there, and the program is tried as the image would: another user, nothing writable. `make images-test` does it all for real.
set -euo pipefail

cd "$(dirname "$0")/.."
root=$PWD
started=$SECONDS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
context=$work/context
export VERSION=0.1.0 READY_TO_RUN=true COMMIT
COMMIT=$(git rev-parse HEAD)

# Lines of .dockerignore: `!x` is let in, `**/x` and paths are left out again.
mkdir "$context"
while read -r path; do if [ -e "$path" ]; then cp -a --parents "$path" "$context"; fi; done < <(sed -n 's/^!//p' .dockerignore)
while read -r name; do find "$context" -name "$name" -prune -exec rm -rf {} +; done < <(sed -n 's,^\*\*/,,p' .dockerignore)
while read -r path; do rm -rf "${context:?}/$path"; done < <(grep -E '^[a-z]' .dockerignore)

# The command of each RUN of a stage, one a line.
runs_of() { awk -v stage="AS $1" '/^FROM/ { on = index($0, stage) } on' docker/Dockerfile | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' | sed -n 's/^RUN //p'; }

count=0
while read -r command; do
  echo "image: $command"
  (cd "$context/src/web" && bash -euc "$command") >"$work/log" 2>&1 </dev/null || { tail -30 "$work/log" >&2; exit 1; }
  count=$((count + 1))
done < <(runs_of web)
while read -r command; do
  echo "image: $command"
  (cd "$context" && bash -euc "${command//\/out/$work/out}") >"$work/log" 2>&1 </dev/null || { tail -30 "$work/log" >&2; exit 1; }
  count=$((count + 1))
done < <(runs_of build)
[ "$count" -ge 3 ] || { echo "image: only $count steps were found in docker/Dockerfile" >&2; exit 1; }

# As the last stage puts it together.
cp -r "$context/artifacts/web" "$work/out/app/web"
cp -r "$context/topology" "$work/out/app/topology"
for file in pipeline LICENSE THIRD-PARTY-NOTICES web/index.html topology/compose.yaml librdkafka.so; do
  [ -e "$work/out/app/$file" ] || { echo "image: $file is not in it" >&2; exit 1; }
done
try=("$work/out/app/pipeline")
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  chmod -R a+rX "$work/out"
  try=(setpriv --reuid 1654 --regid 1654 --clear-groups --no-new-privs "${try[@]}")
fi
DOTNET_EnableDiagnostics=0 HOME=/nonexistent "${try[@]}" version | tee "$work/version"
grep -q "^pipeline $VERSION (commit ${COMMIT:0:12})" "$work/version"
DOTNET_EnableDiagnostics=0 HOME=/nonexistent "${try[@]}" check "$work/out/app/topology/compose.yaml" >/dev/null
if DOTNET_EnableDiagnostics=0 HOME=/nonexistent "${try[@]}" probe tcp://127.0.0.1:1 2>/dev/null; then echo "image: a probe of nothing succeeds" >&2; exit 1; fi
echo "image: $count steps run, $(du -sm "$work/out/app" | cut -f1) MiB, $((SECONDS - started)) s"
cd "$root"
