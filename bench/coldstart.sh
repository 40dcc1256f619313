#!/usr/bin/env bash
# From nothing to an answer: bench/coldstart.sh --help
#
# Needs what bench/serving.sh has installed, and whichever of the jar and the native executable is to be measured.
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
exec "$root/target/serving/python/bin/python" "$root/bench/coldstart.py" "$@"
