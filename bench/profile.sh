#!/usr/bin/env bash
# Profiles the CPUs while POST /predict is under load: microseconds per request, by thread and library.
#
#   bench/profile.sh MODELS NAME PHOTO [WARM-UP SECONDS]
#   RUNNER=target/glimpse-*-runner bench/profile.sh MODELS NAME PHOTO 5
#
# MODELS is a model repository, NAME one of its models. Needs the jar (./mvnw package -DskipTests), or an executable in RUNNER,
# wrk, and perf (Debian's linux-perf) with permission to watch the whole machine. All processes are counted: run nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

models=$1 name=$2 warm_up=${4:-60}
export PHOTO=$3
port=18080
folder=$(mktemp -d)

program=(java -XX:+PreserveFramePointer -jar target/quarkus-app/quarkus-run.jar)
if [ -n "${RUNNER:-}" ]; then program=("$RUNNER"); fi
PORT=$port GLIMPSE_DRAIN_QUIET=0s GLIMPSE_MODELS_PATH=$models GLIMPSE_MODELS_DEFAULT=$name "${program[@]}" > "$folder/service.log" 2>&1 &
service=$!
trap 'kill $service 2>/dev/null && wait $service || true; rm -rf "$folder" "/tmp/perf-$service.map"' EXIT
until curl -sf -m 5 -o /dev/null -H 'Content-Type: image/jpeg' --data-binary @"$PHOTO" "http://localhost:$port/predict"; do
  kill -0 $service || { cat "$folder/service.log"; exit 1; }
  sleep 0.1
done

load() { wrk -t1 -c8 -d"$1s" -s bench/post.lua "http://localhost:$port/predict" | awk '/RESULT/ { print $2 }'; }
load "$warm_up" > /dev/null
load 12 > "$folder/rate" &
sleep 1
perf record -q -a -F 1999 -o "$folder/perf.data" -- sleep 10 2> /dev/null > /dev/null
wait $!
if [ -z "${RUNNER:-}" ]; then jcmd $service Compiler.perfmap > /dev/null; fi
rate=$(cat "$folder/rate")
cpus=$(nproc)
echo "# $name: $rate requests/s at 8 connections, $cpus CPUs: $(awk "BEGIN { printf \"%.0f\", $cpus * 1e6 / $rate }") µs of CPU per request"
perf report -i "$folder/perf.data" --no-children --stdio --show-nr-samples --sort comm,dso,sym --field-separator '|' 2> /dev/null |
  awk -F '|' -v cpus="$cpus" -v rate="$rate" '
    /^ *[0-9.]+%/ {
      samples = $2 + 0; thread = $3; library = $4; symbol = $5
      gsub(/^ +| +$/, "", thread); gsub(/^ +| +$/, "", library)
      what = thread ~ /^worker-/ ? "worker" : thread ~ /^vert|loop-thread/ ? "event loop" : thread ~ /^C[12] / ? "JIT compiler" : \
             thread ~ /^(G1|GC|VM)/ ? "garbage collector" : thread == "swapper" ? "idle" : thread == "wrk" ? "wrk" : "others"
      if (what == "worker" || what == "event loop") {
        if (library ~ /onnxruntime/) what = what ", ONNX Runtime"
        else if (library ~ /turbojpeg|libjpeg/) what = what ", libjpeg-turbo"
        else if (library ~ /glimpse.*\.so/ || symbol ~ /dev\.glimpse\.(preprocess|image\.Pixels)/) what = what ", preprocessing"
        else if (library ~ /kernel/) what = what ", kernel"
        else what = what ", the rest"
      }
      sum[what] += samples; all += samples
    }
    END { for (w in sum) printf "%8.0f µs %5.1f %%  %s\n", sum[w] / all * cpus * 1e6 / rate, 100 * sum[w] / all, w }' | sort -rn
