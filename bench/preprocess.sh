#!/usr/bin/env bash
# Times the way from an image's bytes to the tensor: Glimpse (JMH) and Pillow + NumPy, in turn, on one thread.
#
#   PYTHON=~/venvs/golden/bin/python bench/preprocess.sh PHOTO [ROUNDS] [BENCHMARKS]
#
# PYTHON is a Python with Pillow and NumPy (see src/test/golden/README.md). BENCHMARKS is a regular expression,
# such as 'resize|tensor'. The images are made from PHOTO, in a temporary folder.
set -euo pipefail
photo=$(realpath "$1") rounds=${2:-3} benchmarks=${3:-.}
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" bench/pillow.py make "$photo" "$folder"
ls -l "$folder" | awk 'NR > 1 { printf "# %s: %.0f KB\n", $NF, $5 / 1000 }'

./mvnw -q -B -Pbench test-compile dependency:build-classpath -Dmdep.outputFile="$folder/classpath"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
for round in $(seq "$rounds"); do
  echo "# round $round of $rounds: Glimpse" >&2
  "$java" -cp "target/bench/test-classes:target/bench/classes:$(cat "$folder/classpath")" \
    org.openjdk.jmh.Main "$benchmarks" -jvmArgsAppend "-Dbench.images=$folder" \
    -rf csv -rff "$folder/ours-$round.csv" > "$folder/jmh.log" || { cat "$folder/jmh.log"; exit 1; }
  echo "# round $round of $rounds: Pillow" >&2
  "$python" bench/pillow.py time "$folder" > "$folder/pillow-$round"
done
"$java" -version 2>&1 | sed -n '2s/^/# /p'
"$python" bench/pillow.py table "$folder"
