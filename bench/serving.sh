#!/usr/bin/env bash
# Measures the limit, Glimpse and its peers, one after the other on the same cores; writes tables, ratios and curves.
#
#   bench/serving.sh                       everything; README.md says how long that takes
#   bench/serving.sh --help                options that select less
#
# Needs the jar (./mvnw package -DskipTests), wrk, python3 with venv, and npm for the Node peer. What the peers need is
# installed into target/serving on the first run, by the pinned versions; a peer that does not install is left out.
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
home=$root/target/serving
mkdir -p "$home"

# install FOLDER REQUIREMENTS: a virtual environment, remade when the requirements change.
install() {
  if ! cmp -s "$2" "$home/$1/installed.txt"; then
    echo "# installing ${2#"$root/"}" >&2
    rm -rf "${home:?}/$1"
    python3 -m venv "$home/$1" && "$home/$1/bin/pip" install -q -r "$2" && cp "$2" "$home/$1/installed.txt"
  fi
}

arguments=" $* "
needed() { [[ $arguments != *" --servers"* || $arguments == *"$1"* ]]; }

install python "$root"/bench/peers/requirements.txt
if needed torch; then install torch "$root"/bench/peers/requirements-torch.txt || echo "# PyTorch cannot be installed and is left out" >&2; fi
if needed bentoml; then install bentoml "$root"/bench/peers/requirements-bentoml.txt || echo "# BentoML cannot be installed and is left out" >&2; fi
if needed triton; then install triton "$root"/bench/peers/requirements-triton.txt || echo "# Triton cannot be installed and is left out" >&2; fi
if needed node; then
  mkdir -p "$home/node"
  if ! cmp -s "$root"/bench/peers/node/package-lock.json "$home/node/installed.json"; then
    echo "# installing bench/peers/node" >&2
    cp "$root"/bench/peers/node/package.json "$root"/bench/peers/node/package-lock.json "$home/node/"
    # Both packages contain their libraries; the only install script would download CUDA.
    (cd "$home/node" && npm ci --ignore-scripts --no-audit --no-fund >&2) &&
      cp "$root"/bench/peers/node/package-lock.json "$home/node/installed.json" || echo "# Node's packages cannot be installed; Node is left out" >&2
  fi
  # Node looks for packages beside the program.
  cp "$root"/bench/peers/node/server.mjs "$home/node/"
fi
exec "$home/python/bin/python" "$root/bench/serving.py" "$@"
