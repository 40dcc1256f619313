#!/bin/sh
# Compiles the pixel library to each of the given files. Run by Maven; see docs/native.md.
set -eu
here=$(dirname "$0")
for library; do
  mkdir -p "$(dirname "$library")"
  for source in "$here"/*; do
    if [ ! "$library" -nt "$source" ]; then
      cc -std=gnu11 -O3 -ffp-contract=off -Wall -Wextra -Werror -fPIC -shared -s -o "$library" "$here"/*.c -ldl
      break
    fi
  done
done
