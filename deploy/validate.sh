#!/bin/sh
# Compares the manifests of deploy/ with the platforms' published schemas: Kubernetes', and those of the custom resources.
#   go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1
#   go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
#   deploy/validate.sh
# Each component is rendered with the base, and each overlay. SCHEMAS may name other places, separated by spaces, in kubeconform's
# form; by default they are fetched from GitHub. KUBERNETES_VERSION is the version of Kubernetes' schemas.
set -eu

deploy=$(cd "$(dirname "$0")" && pwd)
crds='https://raw.githubusercontent.com/datreeio/CRDs-catalog/main/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'
schemas=${SCHEMAS:-"default $crds"}
work=$(mktemp -d -p "$deploy") # kustomize loads components by relative paths only
trap 'rm -rf "$work"' EXIT

check() { # reads manifests from standard input
  set -- -strict -summary -kubernetes-version "${KUBERNETES_VERSION:-1.34.0}"
  for place in $schemas; do
    set -- "$@" -schema-location "$place"
  done
  kubeconform "$@" -
}

for component in "$deploy"/components/*/; do
  name=$(basename "$component")
  echo "components/$name"
  printf 'resources: [../kubernetes]\ncomponents: [../components/%s]\n' "$name" > "$work/kustomization.yaml"
  kustomize build "$work" > "$work/rendered"
  check < "$work/rendered"
done
for folder in kubernetes prometheus/operator overlays/*; do
  for found in "$deploy"/$folder; do # the pattern above is one of this folder
    [ -e "$found/kustomization.yaml" ] || continue
    echo "${found#"$deploy"/}"
    kustomize build "$found" > "$work/rendered"
    check < "$work/rendered"
  done
done
for file in components/models-volume/copy-pod.yaml knative/service.yaml knative/sink-binding.yaml kserve/inferenceservice.yaml kserve/model.yaml \
    kserve/serving-runtime.yaml cloud-run/service.yaml; do
  if [ -e "$deploy/$file" ]; then
    echo "$file"
    check < "$deploy/$file"
  fi
done
