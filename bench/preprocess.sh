#!/usr/bin/env bash
# From a picture's bytes to the tensor: ours (JMH) and Pillow + NumPy, in turn, on one thread.
#
#   PYTHON=~/venvs/golden/bin/python bench/preprocess.sh PHOTO [ROUNDS] [BENCHMARKS]
#
# PYTHON has Pillow and NumPy (src/test/golden/README.md says how to make it one). BENCHMARKS is a regular expression,
# such as 'resize|tensor'. The pictures are made of PHOTO, in a temporary folder.
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
  echo "# round $round of $rounds: ours" >&2
  "$java" -cp "target/bench/test-classes:target/bench/classes:$(cat "$folder/classpath")" \
    org.openjdk.jmh.Main "$benchmarks" -jvmArgsAppend "-Dbench.pictures=$folder" \
    -rf csv -rff "$folder/ours-$round.csv" > "$folder/jmh.log" || { cat "$folder/jmh.log"; exit 1; }
  echo "# round $round of $rounds: Pillow" >&2
  "$python" bench/pillow.py time "$folder" > "$folder/pillow-$round"
done
"$java" -version 2>&1 | sed -n '2s/^/# /p'
"$python" bench/pillow.py table "$folder"
