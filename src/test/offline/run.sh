#!/usr/bin/env bash
# Starts the service, given as a command, on a network of its own, asks it about an image, and prints how many datagrams it has
# sent, and connections begun, to anywhere: "datagrams=0 connections=0". All addresses of the world are this machine's there, so
# that each attempt is counted, and refused. OfflineIT runs it in namespaces:
#
#   unshare --map-root-user --net --mount src/test/offline/run.sh folder java -jar …
set -euo pipefail

work=$1
shift
ip link set lo up
ip address add 198.51.100.2/24 dev lo # without one that is not 127.0.0.1, names are not even looked up
ip route add local default dev lo
ip -6 route add local default dev lo 2>/dev/null || true # there may be no IPv6
echo 'nameserver 198.51.100.53' >"$work/resolv.conf"
mount --bind "$work/resolv.conf" "$(readlink -f /etc/resolv.conf)"

# The sum of counters of this network: lines of names are followed by lines of numbers, but for IPv6's.
counted() {
  awk -v names=" $* " '
    FNR == NR { for (i = 2; i <= NF; i++) if ($1 == last && index(names, " " $1 name[i] " ")) sum += $i
                split($0, name); last = $1; next }
    index(names, " " $1 " ") { sum += $2 }
    END { print sum + 0 }' /proc/net/snmp <(cat /proc/net/snmp6 2>/dev/null)
}
datagrams() { counted Udp:OutDatagrams UdpLite:OutDatagrams Udp6OutDatagrams; }
connections() { counted Tcp:ActiveOpens; }

(echo >/dev/udp/203.0.113.1/9) 2>/dev/null || true
(echo >/dev/tcp/203.0.113.1/443) 2>/dev/null || true
timeout 5 getent ahostsv4 glimpse.invalid >/dev/null 2>&1 || true
if [ "$(datagrams)" -lt 2 ] || [ "$(connections)" -ne 1 ]; then
  echo "attempts are not counted here: $(datagrams) datagrams, $(connections) connections"
  exit 1
fi

"$@" >"$work/log" 2>&1 &
service=$!
trap 'kill "$service" 2>/dev/null || true' EXIT
datagrams=$(datagrams)
port=
for _ in $(seq 600); do
  kill -0 "$service" || { cat "$work/log"; exit 1; }
  port=$(sed -nE 's/.*Listening on: http:\/\/[^:]+:([0-9]+).*/\1/p' "$work/log")
  [ -z "$port" ] || break
  sleep 0.1
done

asked=1
get() { asked=$((asked + 1)) && curl -sf -o "$work/answer" "$@"; }
url=http://127.0.0.1:$port
for _ in $(seq 20); do get -F file=@src/test/resources/images/daisy.jpg "$url/predict"; done
grep -q '"label":"daisy"' "$work/answer"
for path in /q/health/ready /q/metrics /q/openapi /models /v2; do get "$url$path"; done
kill "$service"
wait "$service" || true
echo "datagrams=$(($(datagrams) - datagrams)) connections=$(($(connections) - asked))"
