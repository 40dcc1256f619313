#!/usr/bin/env bash
# Runs a built container image as a platform would, with runc: one CPU, little memory, a read-only root file system, no
# capabilities. It has to start, classify each photo, survive a storm of uploads, and exit on SIGTERM without losing a request.
# Needs root, Linux, buildah, runc, jq and curl.
#
#   deploy/docker/try.sh glimpse:native 256
#   deploy/docker/try.sh glimpse:jvm 512 photo.jpg …
#   MODELS=/folder/with/models deploy/docker/try.sh glimpse:native 256
set -euo pipefail

image=$1
megabytes=$2
shift 2
photos=("$(dirname "$0")/../../src/test/resources/images/daisy.jpg" "$@")
port=${PORT:-18099}
id=glimpse-try-$$
predict=http://localhost:$port/predict

folder=$(mktemp -d)
container=$(buildah from --pull-never "$image")
trap 'runc delete -f "$id" 2>/dev/null || true; buildah rm "$container" >/dev/null; rm -rf "$folder"' EXIT
root=$(buildah mount "$container")
echo "image: $(du -sm "$root" | cut -f1) MB on disk"

# The container that Kubernetes creates from deploy/kubernetes/deployment.yaml, but on the host's network.
(cd "$folder" && runc spec)
buildah inspect --type image "$image" | jq .OCIv1.config >"$folder/image.json"
jq --slurpfile images "$folder/image.json" --arg root "$root" --arg port "$port" --argjson bytes $((megabytes << 20)) \
  --arg models "${MODELS:-}" '
  $images[0] as $image
  | .root = {path: $root, readonly: true}
  | .process.terminal = false
  | .process.args = $image.Entrypoint
  | .process.cwd = $image.WorkingDir
  | .process.env = $image.Env + ["PORT=" + $port]
  | .process.user = {uid: ($image.User | tonumber), gid: 0}
  | .process.capabilities = {}
  | .process.noNewPrivileges = true
  | .mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "mode=1777", "size=64m"]}]
  | if $models == "" then . else
      .mounts += [{destination: "/srv/glimpse/models", type: "bind", source: $models, options: ["rbind", "ro"]}]
    end
  | .linux.namespaces |= map(select(.type != "network"))
  | .linux.resources = {cpu: {quota: 100000, period: 100000}, memory: {limit: $bytes, swap: $bytes}}
' "$folder/config.json" >"$folder/config.new"
mv "$folder/config.new" "$folder/config.json"

millis() { echo $(($(date +%s%N) / 1000000)); }

started=$(millis)
runc run -b "$folder" "$id" >"$folder/log" 2>&1 &
run=$!
until curl -sf -m 5 -o "$folder/response" -F "file=@${photos[0]}" "$predict"; do
  if ! kill -0 $run 2>/dev/null || [ $(($(millis) - started)) -gt 60000 ]; then
    cat "$folder/log"
    echo "the service did not start; its log is above"
    exit 1
  fi
done
echo "first response: $(($(millis) - started)) ms after 'runc run'"

for photo in "${photos[@]}"; do
  curl -sf -m 20 -F "file=@$photo" "$predict?top_k=1" >"$folder/response"
  echo "$(basename "$photo"): $(jq -c '.predictions[0] | [.label, .score]' "$folder/response")"
done
curl -sf -m 5 "http://localhost:$port/q/health/ready" | jq -c '[.status, (.checks[] | select(.name == "models").data.jpeg)]'

for _ in $(seq 100); do
  curl -sf -m 20 -o /dev/null -F "file=@${photos[-1]}" "$predict"
done
pid=$(runc state "$id" | jq .pid)
echo "after 100 more photos: $(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$pid/status") MB resident, peak $(awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$pid/status") MB"

# A storm: 64 clients upload the last image again and again, for ten seconds, while the probe of liveness asks. Nothing but 200, 503
# and 413 may come back, and the process must be the same.
storm_ends=$(($(millis) + 10000))
upload() {
  while [ "$(millis)" -lt $storm_ends ]; do
    curl -s -m 60 -o /dev/null -w '%{http_code}\n' -H 'Content-Type: image/jpeg' -H 'Expect:' --data-binary "@${photos[-1]}" "$predict" ||
      echo "lost: curl $?"
  done
}
clients=()
for client in $(seq 64); do
  upload >"$folder/storm-$client" &
  clients+=($!)
done
while [ "$(millis)" -lt $storm_ends ]; do
  curl -s -m 20 -o /dev/null -w '%{http_code} %{time_total}\n' "http://localhost:$port/q/health/live" >>"$folder/live" || echo "lost 20" >>"$folder/live"
  sleep 0.1
done
wait "${clients[@]}"
echo "a storm of 64 clients with $(wc -c <"${photos[-1]}") bytes each; responses:"
sort "$folder"/storm-* | uniq -c
echo "liveness: $(grep -c ^200 "$folder/live") of $(wc -l <"$folder/live") were 200, the slowest took $(cut -d' ' -f2 "$folder/live" | sort -n | tail -1) s"
echo "memory: $(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$pid/status") MB resident, peak $(awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$pid/status") MB"
[ "$(cat "$folder"/storm-* | grep -cvE '^(200|503|413)$')" -eq 0 ]
[ "$(grep -cv ^200 "$folder/live")" -eq 0 ]
[ "$(runc state "$id" | jq .pid)" = "$pid" ]

# Four clients send requests, each over a new connection, until the port is closed (curl's exit status 7).
send_requests() {
  local status code
  while true; do
    code=0
    status=$(curl -s -m 20 -o /dev/null -w '%{http_code}' -F "file=@${photos[0]}" "$predict") || code=$?
    [ $code -ne 7 ] || return 0
    if [ $code -eq 0 ]; then echo "$status"; else echo "lost: curl $code"; fi
  done
}
clients=()
for client in 1 2 3 4; do
  send_requests >"$folder/client-$client" &
  clients+=($!)
done
sleep 2
signalled=$(millis)
runc kill "$id" TERM
status=0
wait $run || status=$?
took=$(($(millis) - signalled))
wait "${clients[@]}"
echo "SIGTERM with four clients: exit status $status after $took ms; responses:"
sort "$folder"/client-* | uniq -c
[ $status -eq 0 ] || [ $status -eq 143 ]
[ $took -lt 27000 ]
[ "$(cat "$folder"/client-* | grep -c lost)" -eq 0 ]
