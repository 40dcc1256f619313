#!/usr/bin/env bash
# Compares images per second of `classify` with bare decoding and ONNX Runtime, in one run on the same cores.
#
#   bench/folder.sh MODELS NAME PHOTOS [TIMES [SECONDS]]
#
# MODELS is a model repository, NAME one of its models, PHOTOS a folder of JPEGs, which are classified TIMES times. GLIMPSE
# is the command; otherwise the jar (./mvnw package -DskipTests). Reading settings and loading the model are left out, as
# the summary does; the JVM's compilation is not.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -lt 3 ]; then
  echo "bench/folder.sh MODELS NAME PHOTOS [TIMES [SECONDS]]" >&2
  exit 2
fi
models=$1 name=$2 photos=$3 times=${4:-50} seconds=${5:-20}
read -r -a glimpse <<< "${GLIMPSE:-java -jar target/quarkus-app/quarkus-run.jar}"
for graph in "$models/$name/model.onnx" "$models/$name"/*/model.onnx; do
  [ -f "$graph" ] && break
done
[ -f "$graph" ] || { echo "There is no $models/$name/model.onnx, nor one in a version's folder." >&2; exit 1; }
[ -d "$photos" ] || { echo "There is no folder $photos." >&2; exit 1; }
[ -d target/quarkus-app/lib/main ] || { echo "There is no jar; run ./mvnw package -DskipTests." >&2; exit 1; }

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

limit() {
  java -cp "target/quarkus-app/lib/main/*" bench/Limit.java "$graph" "$seconds" "$photos" 8 2>"$errors" || { cat "$errors" >&2; return 1; }
}

echo "# limit, before"; before=$(limit); echo "$before"
# Its status is 1 if only some photos failed, which the summary says.
summary=$(for ((i = 0; i < times; i++)); do echo "$photos"; done \
  | "${glimpse[@]}" classify --models "$models" --model "$name" --format jsonl - 2>&1 >/dev/null | tail -n 1) || true
echo "classify: $summary"
grep -q '/s)' <<< "$summary" || { echo "classify gave no rate." >&2; exit 1; }
echo "# limit, after"; after=$(limit); echo "$after"
rate=$(sed 's/.*(\([0-9.]*\)\/s).*/\1/' <<< "$summary")
awk -v a="$(awk '/decode/ {print $3}' <<< "$before")" -v b="$(awk '/decode/ {print $3}' <<< "$after")" -v r="$rate" \
  'BEGIN { printf "# classify is %.2f of decode+inference (mean of before and after: %.1f)\n", r / ((a + b) / 2), (a + b) / 2 }'
