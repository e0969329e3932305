#!/usr/bin/env bash
# Makes artifacts/release: for each platform an archive with the program as one file that needs no runtime, the page, the topologies and
# the licences; SHA256SUMS; images, where a Docker engine answers. Version from Directory.Build.props, commit from git.
# usage: eng/release.sh
#   RIDS="linux-x64 …"   platforms; one whose runtime pack or native Kafka library the package feed lacks is left out and named
#   SBOM=yes             also the bill of materials (CycloneDX)
#   IMAGES=no            no images, engine or not
set -euo pipefail

cd "$(dirname "$0")/.."
. eng/stack.sh
version=$(sed -nE 's:.*<Version>(.*)</Version>.*:\1:p' Directory.Build.props)
commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)
rids=${RIDS:-linux-x64 linux-arm64 osx-arm64 win-x64}
out=artifacts/release
build=$PWD/$out/.build
made=0

[ -z "$(git status --porcelain 2>/dev/null)" ] || echo "release: the folder differs from commit ${commit:0:12}, and the version will not tell"
rm -rf "$out"
mkdir -p "$build"

leave_out() { echo "release: $1 is left out: $2"; }

for rid in $rids; do
  log=$build/$rid.log
  if [ "$rid" != linux-x64 ] && [ -d .nuget-local ]; then
    leave_out "$rid" "the package feed lacks the native Kafka library, and the one made here (eng/native.sh) is for linux-x64"
    continue
  fi

  # In folders of its own: what `make build` made stays valid. Compiled ahead of time, where the feed has the compiler for that.
  compiled=true
  restore() {
    dotnet restore src/Pipeline.Host -r "$rid" -p:SelfContained=true -p:PublishSingleFile=true -p:PublishReadyToRun=$compiled \
      --artifacts-path "$build/$rid" -v q >"$log" 2>&1
  }
  without_compiler() {
    grep -qE 'NU110[123].*Crossgen2' "$log" || return 1
    echo "release: $rid is not compiled ahead of time: the package feed lacks $(grep -oE 'Microsoft\.[A-Za-z0-9.]*Crossgen2\.[a-z0-9-]+' "$log" | head -1)"
    compiled=false
  }
  if ! restore && ! { without_compiler && restore; }; then
    if grep -qE 'NU110[123].*(Runtime|Host|ILCompiler)\.' "$log"; then
      leave_out "$rid" "the package feed lacks $(grep -oE 'Microsoft\.[A-Za-z.]*(Runtime|Host)\.[a-z0-9-]+' "$log" | sort -u | paste -sd' ')"
      continue
    fi
    tail -20 "$log" >&2
    exit 1
  fi
  name=pipeline-$version-$rid
  mkdir -p "$out/$name"
  if ! dotnet publish src/Pipeline.Host -c Release -r "$rid" --self-contained --no-restore --artifacts-path "$build/$rid" -o "$build/$rid/out" -v q --nologo \
    -p:PublishSingleFile=true -p:IncludeNativeLibrariesForSelfExtract=true -p:EnableCompressionInSingleFile=true -p:DebugType=embedded -p:RunAnalyzers=false \
    -p:PublishReadyToRun=$compiled -p:Version="$version" -p:SourceRevisionId="$commit" >"$log" 2>&1; then
    tail -30 "$log" >&2
    exit 1
  fi
  cp "$build/$rid/out"/pipeline* "$out/$name/"
  cp -r LICENSE THIRD-PARTY-NOTICES README.md topology "$out/$name/"
  if [ -f artifacts/web/index.html ]; then cp -r artifacts/web "$out/$name/web"; else echo "release: $rid goes without the page (WEB=no)"; fi
  tar -czf "$out/$name.tar.gz" -C "$out" --owner=0 --group=0 "$name"
  rm -rf "${out:?}/$name"
  made=$((made + 1))
  echo "release: $name.tar.gz, $(du -h "$out/$name.tar.gz" | cut -f1)"
done

[ "$made" -gt 0 ] || { echo "release: not one of '$rids' could be made" >&2; exit 1; }
# What is listed is what the restored project says.
dotnet restore src/Pipeline.Host -v q >"$build/restore.log" 2>&1 || { tail -5 "$build/restore.log" >&2; exit 1; }
node eng/dependencies.js check
if [ "${SBOM:-}" = yes ]; then
  node eng/dependencies.js sbom "$version" "$commit" >"$out/pipeline-$version.cdx.json"
  echo "release: pipeline-$version.cdx.json, $(grep -c '"type": "library"' "$out/pipeline-$version.cdx.json") components"
fi
(cd "$out" && sha256sum pipeline-* >SHA256SUMS)

if [ "${IMAGES:-}" = no ]; then
  leave_out images "IMAGES=no"
elif why=$(why_no_engine) && [ -z "$why" ]; then
  tags=(-t "pipeline:$version" -t "pipeline:$version-${commit:0:12}")
  docker build -q -f docker/Dockerfile "${tags[@]}" --build-arg VERSION="$version" --build-arg COMMIT="$commit" . >/dev/null
  echo "release: images pipeline:$version and pipeline:$version-${commit:0:12}"
else
  leave_out images "$why"
fi
rm -rf "$build"
