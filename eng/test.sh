#!/usr/bin/env bash
# Runs built test projects, and what npm tests (types first) in a folder with a package.json; prints each suite's time and, last, one plain
# line "N passed, N failed". A suite that did not run counts as failed. In CI a skipped test does too, except those that need recordings,
# which are not part of the repository. The soak has a target of its own.
# usage: eng/test.sh CONFIGURATION PROJECT...
set -uo pipefail

cd "$(dirname "$0")/.."
configuration=$1
shift
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0

# Each of these sets passed and failed of the suite, and the status of its runner, and tells what failed, why and where.
dotnet_suite() {
  eng/run-tests.sh "$project" "$configuration" -v q --filter 'Category!=Soak' --logger "trx;LogFileName=$results/$name.trx" \
    --blame-hang --blame-hang-timeout 3m --blame-hang-dump-type none --results-directory "$results" 2>&1 |
    grep -vE '^(Test run for|A total of|Results File|  *at |$)'
  status=${PIPESTATUS[0]}
  counts=$(grep -oE '<Counters [^>]*>' "$results/$name.trx" 2>/dev/null || true)
  count() { sed -nE "s/.* $1=\"([0-9]+)\".*/\1/p" <<<"$counts" | grep . || echo 0; }
  suite_passed=$(count passed)
  suite_failed=$(($(count total) - suite_passed))
  recordings_missing=$(grep -c 'No recordings' "$results/$name.trx" 2>/dev/null || true)
  skipped=$(($(count total) - $(count executed)))
  if [ "$skipped" -gt 0 ]; then
    suite_failed=$((suite_failed - (recordings_missing < skipped ? recordings_missing : skipped)))
    echo "$name: $skipped skipped"
  fi

  # Of a run that hung or crashed: which tests had begun and never ended.
  find "$results" -name 'Sequence*.xml' -exec grep -h 'Completed="False"' {} + 2>/dev/null | sed -E 's/.*Name="([^"]*)".*/HUNG \1/' | sort -u | head -50

  # What failed, why and where; the runner itself is quiet about it.
  [ "$suite_failed" -eq 0 ] || awk '
    /<UnitTestResult / && /outcome="(Failed|Timeout|Aborted)"/ { failed = 1; sub(/.*testName="/, "FAILED "); sub(/" .*/, ""); print }
    failed && /<(Message|StackTrace)>/ { inside = 1; lines = 0 }
    inside && ++lines <= 20 { print "  " $0 }
    inside && /<\/(Message|StackTrace)>/ { inside = 0 }
    /<\/UnitTestResult>/ { failed = inside = 0 }' "$results/$name.trx" 2>/dev/null | head -200 | cut -c1-600
}

npm_suite() {
  local log=$results/$name.log

  # Tests that are no more stay where they were compiled to.
  rm -rf "$project/.build"
  (cd "$project" && timeout --kill-after=10 180 bash -c 'npm run --silent check && npm run --silent test') >"$log" 2>&1
  status=$?
  count() { sed -nE "s/^[^ ]+ $1 ([0-9]+)$/\1/p" "$log" | tail -1 | grep . || echo 0; }
  suite_passed=$(count pass)
  suite_failed=$(($(count tests) - suite_passed))
  [ "$status" -eq 0 ] && [ "$suite_failed" -eq 0 ] || { sed -n '/failing tests/,$p' "$log" | grep . || cat "$log"; } | tail -n 200 | cut -c1-600
}

for project in "$@"; do
  name=$(basename "$project")
  started=$SECONDS
  if [ -f "$project/package.json" ]; then npm_suite; else dotnet_suite; fi

  # A suite of which nothing was counted has not run.
  [ "$suite_passed" -gt 0 ] || [ "$suite_failed" -gt 0 ] || suite_failed=1

  # A run that was aborted has counted only what ended before.
  [ "$status" -eq 0 ] || [ "$suite_failed" -gt 0 ] || suite_failed=1
  passed=$((passed + suite_passed)) failed=$((failed + suite_failed))
  echo "$name: $suite_passed passed, $suite_failed failed in $((SECONDS - started)) s"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
