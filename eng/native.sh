#!/usr/bin/env bash
# Makes `dotnet restore` work where the package feed lacks the native Kafka library (librdkafka.redist): builds the same version
# from the source inside an npm package and packs it into .nuget-local/. Does nothing where the feed has the package.
# Needs then: npm, gcc, g++, make, python3 and the headers of OpenSSL, zlib and zstd (Debian: libssl-dev zlib1g-dev libzstd-dev).
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
version=2.15.1
source_package=@confluentinc/kafka-javascript@1.10.1
out=$root/.nuget-local
stamp=$root/artifacts/native.ok

if [ -f "$out/librdkafka.redist.$version.nupkg" ] || [ "$(cat "$stamp" 2>/dev/null)" = "$version" ]; then exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/ask" "$work/pack" "$root/artifacts"

cat >"$work/ask/ask.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="librdkafka.redist" Version="[$version]" /></ItemGroup>
</Project>
EOF
if dotnet restore "$work/ask" -v q >"$work/ask.log" 2>&1; then
  echo "$version" >"$stamp"
  exit 0
fi
if ! grep -q librdkafka "$work/ask.log"; then
  # Neither "found" nor "not found": the feed itself did not answer, and building would hide that.
  echo "native: asking the package feed failed:" >&2
  tail -5 "$work/ask.log" >&2
  exit 1
fi

need_packages=()
for tool in npm gcc g++ make python3; do
  command -v "$tool" >/dev/null || need_packages+=("$tool")
done
for header in openssl/ssl.h zlib.h zstd.h; do
  echo "#include <$header>" | cc -E - >/dev/null 2>&1 || case $header in
    openssl/*) need_packages+=(libssl-dev) ;;
    zlib.h) need_packages+=(zlib1g-dev) ;;
    *) need_packages+=(libzstd-dev) ;;
  esac
done
if [ ${#need_packages[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "native: installing ${need_packages[*]}"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${need_packages[@]}"; } >"$work/apt.log" 2>&1 ||
      { tail -5 "$work/apt.log" >&2; exit 1; }
  else
    echo "native: please install: ${need_packages[*]}" >&2
    exit 1
  fi
fi

echo "native: the package feed has no librdkafka.redist $version; building it from source (about a minute)"
(cd "$work" && npm pack --silent "$source_package" >/dev/null && tar xzf ./*.tgz package/deps/librdkafka)
cd "$work/package/deps/librdkafka"
./configure --disable-debug-symbols --disable-gssapi --disable-curl >"$work/build.log" 2>&1 || { tail -30 "$work/build.log" >&2; exit 1; }

# What configure cannot link it leaves out in silence: TLS, or topics in zstd, would then fail at run time.
missing=()
for part in SSL ZLIB ZSTD; do
  grep -q "^WITH_$part=[[:space:]]*y" Makefile.config || missing+=("$part")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "native: librdkafka cannot be built with ${missing[*]}, although the headers are there:" >&2
  grep -iE "checking for .*(ssl|crypto|zlib|zstd)" "$work/build.log" >&2 || true
  echo "native: are libssl-dev, zlib1g-dev and libzstd-dev whole, and for this compiler?" >&2
  exit 1
fi
make -C src -j"$(nproc)" librdkafka.so.1 >>"$work/build.log" 2>&1 || { tail -30 "$work/build.log" >&2; exit 1; }

# The packed file must itself be named *.so: with another name, pack makes a folder of that name and a wrong library is loaded.
strip -s -o "$work/pack/librdkafka.so" src/librdkafka.so.1
cat >"$work/pack/librdkafka.redist.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <PackageId>librdkafka.redist</PackageId>
    <Version>$version</Version>
    <Authors>local stand-in</Authors>
    <Description>linux-x64 stand-in built from librdkafka $version sources</Description>
    <PackageLicenseExpression>BSD-2-Clause</PackageLicenseExpression>
    <IncludeBuildOutput>false</IncludeBuildOutput>
    <SuppressDependenciesWhenPacking>true</SuppressDependenciesWhenPacking>
    <EnableDefaultItems>false</EnableDefaultItems>
    <!-- A package of a native library alone has no managed assembly to match its target framework. -->
    <NoWarn>\$(NoWarn);NU5128</NoWarn>
  </PropertyGroup>
  <ItemGroup><None Include="librdkafka.so" Pack="true" PackagePath="runtimes/linux-x64/native/librdkafka.so" /></ItemGroup>
</Project>
EOF
mkdir -p "$out"
dotnet pack "$work/pack/librdkafka.redist.csproj" -o "$out" -v q --nologo >"$work/pack.log" 2>&1 || { tail -10 "$work/pack.log" >&2; exit 1; }
echo "native: packed $(ls "$out")"
