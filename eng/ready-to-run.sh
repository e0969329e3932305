#!/usr/bin/env bash
# Copies a folder of built programs, with their managed libraries compiled ahead of time for this platform. A process then begins with
# machine code instead of making it while its first clients wait. What was compiled is kept by content: only what changed is compiled again.
# Where the package feed lacks the SDK's compiler the libraries go as they are, which is slower for the first seconds and otherwise the same.
# usage: eng/ready-to-run.sh FROM TO      READY_TO_RUN=no leaves them as they are
set -euo pipefail

from=$(cd "$1" && pwd)
to=$2
root=$(cd "$(dirname "$0")/.." && pwd)
kept=$root/artifacts/ready-to-run/compiled
rm -rf "$to"
cp -r "$from" "$to"
to=$(cd "$to" && pwd)
[ "${READY_TO_RUN:-}" != no ] || exit 0

leave_out() {
  echo "ready-to-run: left out, $1" >&2
  exit 0
}

# The SDK says which compiler belongs to it, and fetches it.
told=$(dotnet msbuild "$root/eng/ready-to-run/ready-to-run.csproj" -restore -t:Tell -nologo -v:m 2>&1) ||
  leave_out "the package feed lacks the SDK's compiler: $(grep -oE '(NU|NETSDK|MSB)[0-9]+: [^[]*' <<<"$told" | head -1)"
IFS='|' read -r _ rid tools dotnet <<<"$(grep -o 'ready-to-run|.*' <<<"$told" | tail -1)"
compiler=$tools/crossgen2
[ -x "$compiler" ] || leave_out "there is no compiler at $compiler"
frameworks=$(sed -nE "s:^ *\"version\"\: \"([0-9]+\.[0-9]+)\..*:\1:p" "$root/global.json")

cd "$from"
references=()
for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
  newest=$(find "$dotnet/shared/$framework" -maxdepth 1 -name "$frameworks.*" 2>/dev/null | sort -V | tail -1)
  [ -z "$newest" ] || references+=(-r "$newest/*.dll")
done
[ "${#references[@]}" -gt 0 ] || leave_out "there is no runtime $frameworks under $dotnet"

# Kept under the sum of what went in. A library that cannot be compiled, because it has no code or is compiled already, is kept as it is.
mkdir -p "$kept"
compile() {
  local library=$1 sum
  shift
  sum=$(sha256sum "$library" | cut -c1-32)
  if [ ! -f "$kept/$sum" ]; then
    "$compiler" "$library" -o "$kept/$sum.$$" "$@" -r './*.dll' --targetos "${rid%-*}" --targetarch "${rid##*-}" -O >/dev/null 2>&1 ||
      cp "$library" "$kept/$sum.$$"
    mv "$kept/$sum.$$" "$kept/$sum"
  fi
  cp "$kept/$sum" "$to/$library"
}
export -f compile
export compiler kept rid to
printf '%s\0' *.dll | xargs -0 -P "$(getconf _NPROCESSORS_ONLN)" -I{} bash -c 'compile "$@"' _ {} "${references[@]}"
find "$kept" -type f -mtime +30 -delete
