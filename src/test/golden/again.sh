#!/usr/bin/env bash
# Makes the tables that come from transformers, Pillow, OpenCV and TensorFlow again, with these libraries from PyPI; fails if one differs.
set -euo pipefail
cd "$(dirname "$0")/../../.."

golden=src/test/golden
environments=$(mktemp -d)
trap 'rm -rf "$environments"' EXIT

# Runs a program with packages in an environment of its own: NAME PACKAGES... -- PROGRAM ARGUMENTS...
with() {
  local name=$1 packages=()
  shift
  while [ "$1" != -- ]; do
    packages+=("$1")
    shift
  done
  shift
  python3 -m venv "$environments/$name"
  "$environments/$name/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
  "$environments/$name/bin/python" "$@"
}

with transformers -r $golden/requirements-exports.txt -- $golden/processors.py
with pillow-12 pillow==12.3.0 numpy==2.4.6 -- $golden/resize_methods.py
with pillow-13 pillow==13.0.0 numpy==2.4.6 -- $golden/resize_methods.py
with opencv opencv-python-headless==5.0.0.93 numpy==2.4.6 -- $golden/resize_methods.py opencv
with tensorflow tensorflow-cpu==2.21.0 -- $golden/resize_methods.py tensorflow
git diff --exit-code --stat -- src/test/resources/golden
echo "transformers, Pillow, OpenCV and TensorFlow give what is stored"
