#!/usr/bin/env bash
# Compares requests per second of POST /predict with bare decoding and ONNX Runtime, in one run on the same cores.
#
#   bench/throughput.sh MODELS NAME PHOTO [SECONDS]
#
# MODELS is a model repository, NAME one of its models. Needs the jar (./mvnw package -DskipTests) and wrk. The load
# generator runs on the same cores; its CPU time is part of the difference from the limit.
set -euo pipefail
cd "$(dirname "$0")/.."

models=$1 name=$2 seconds=${4:-20}
export PHOTO=$3
port=18080
for graph in "$models/$name/model.onnx" "$models/$name"/*/model.onnx; do
  [ -f "$graph" ] && break
done

limit() {
  java -cp "target/quarkus-app/lib/main/*" bench/Limit.java "$graph" "$seconds" "$PHOTO" 8 2>/dev/null
}

echo "# limit, before"; before=$(limit); echo "$before"

started=$(date +%s%N)
PORT=$port GLIMPSE_MODELS_PATH=$models GLIMPSE_MODELS_DEFAULT=$name \
  java -jar target/quarkus-app/quarkus-run.jar > target/bench-service.log 2>&1 &
service=$!
trap 'kill $service 2>/dev/null || true' EXIT
until curl -sf -o /dev/null -H 'Content-Type: image/jpeg' --data-binary @"$PHOTO" "http://localhost:$port/predict"; do
  kill -0 $service || { cat target/bench-service.log; exit 1; }
  sleep 0.02
done
echo "# first response $(( ($(date +%s%N) - started) / 1000000 )) ms after the start of the JVM"

wrk -t1 -c8 -d10s -s bench/post.lua "http://localhost:$port/predict" > /dev/null # the JIT compiles
declare -A rate
for connections in 1 2 8; do
  line=$(wrk -t1 -c$connections -d"${seconds}s" -s bench/post.lua "http://localhost:$port/predict" | grep RESULT)
  read -r _ rate[$connections] p50 p99 errors <<< "$line"
  echo "/predict, $connections connections: ${rate[$connections]} requests/s, p50 $p50 ms, p99 $p99 ms, $errors errors"
done
echo "# resident memory of the service: $(( $(awk '/VmRSS/ {print $2}' /proc/$service/status) / 1024 )) MiB"
kill $service; wait $service 2>/dev/null || true

echo "# limit, after"; after=$(limit); echo "$after"
awk -v a="$(awk '/decode/ {print $3}' <<< "$before")" -v b="$(awk '/decode/ {print $3}' <<< "$after")" -v r="${rate[8]}" \
  'BEGIN { printf "# /predict at 8 connections is %.2f of decode+inference (mean of before and after: %.1f)\n", r / ((a + b) / 2), (a + b) / 2 }'
