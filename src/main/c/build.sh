#!/bin/sh
# Compiles the pixel library to each of the given files. Run by Maven; see docs/native.md.
set -eu
here=$(dirname "$0")
for library; do
  mkdir -p "$(dirname "$library")"
  if [ ! "$library" -nt "$here/pixels.c" ] || [ ! "$library" -nt "$here/png.c" ] || [ ! "$library" -nt "$0" ]; then
    cc -std=gnu11 -O3 -ffp-contract=off -Wall -Wextra -Werror -fPIC -shared -s -o "$library" "$here/pixels.c" "$here/png.c"
  fi
done
