#!/usr/bin/env bash
# Times starts to the first response: bench/coldstart.sh --help
#
# Needs what bench/serving.sh has installed, and the jar, the native executable or both.
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
exec "$root/target/serving/python/bin/python" "$root/bench/coldstart.py" "$@"
