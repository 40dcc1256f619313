#!/bin/sh
# Compiles the pixel library with AddressSanitizer and UndefinedBehaviorSanitizer, and runs random jobs: fuzz.sh first-seed seeds
set -eu
here=$(dirname "$0")
mkdir -p "$here/../../../target"
program="$here/../../../target/fuzz-pixels"
cc -std=gnu11 -g -O1 -ffp-contract=off -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=all \
  -o "$program" "$here/fuzz.c" -ldl
images="$here/../resources/images"
"$program" "${1:-0}" "${2:-2000}" "$images/420.jpg" "$images/422.jpg" "$images/444.jpg"
