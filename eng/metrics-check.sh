#!/usr/bin/env bash
# Prometheus' own checks of configuration and rules, the rules' unit tests, and the tests that hold rules and board against the code.
# usage: eng/metrics-check.sh CONFIGURATION
set -euo pipefail

cd "$(dirname "$0")/.."
if ! command -v promtool >/dev/null; then
  echo "promtool is missing: run eng/prerequisites.sh, or install Prometheus (https://prometheus.io/download)" >&2
  exit 1
fi
promtool check config docker/prometheus/prometheus.yml
promtool check rules docker/prometheus/rules/*.yml
promtool test rules docker/prometheus/tests/*.yml
eng/run-tests.sh tests/Pipeline.Tests "$1" -v q --filter "FullyQualifiedName~BoardAndRulesTests"
eng/run-tests.sh tests/Pipeline.EndToEndTests "$1" -v q --filter "FullyQualifiedName~Metrics"
