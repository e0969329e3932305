#!/usr/bin/env bash
# Says in one line what is missing when there is no SDK that can build this.
set -euo pipefail

cd "$(dirname "$0")/.."
wanted=$(sed -nE 's/.*"version": "([0-9]+\.[0-9]+)\..*/\1/p' global.json)
if ! command -v dotnet >/dev/null; then
  echo "the .NET SDK $wanted is needed and there is no 'dotnet' on the path: https://dotnet.microsoft.com/download (or STACK=docker make up, with a Docker engine)" >&2
  exit 1
fi
if ! dotnet --version >/dev/null 2>&1; then
  have=$(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ')
  echo "the .NET SDK $wanted is needed, installed are: ${have:-none}: https://dotnet.microsoft.com/download" >&2
  exit 1
fi
