#!/usr/bin/env bash
# Runs a built test project. SIGINT by default: what runs in the background of a script inherits that it is ignored, and so would the
# processes that tests end by it.
# usage: eng/run-tests.sh PROJECT CONFIGURATION [ARGUMENT OF dotnet test...]
set -euo pipefail

project=$1 configuration=$2
shift 2
exec env --default-signal=INT dotnet test "$project" -c "$configuration" --no-build --nologo "$@"
