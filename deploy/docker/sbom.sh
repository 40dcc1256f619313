#!/bin/sh
# Adds to a bill of materials that Maven has written (CycloneDX) what only the image knows: the shared libraries that
# Glimpse ships, with the version of the component that they come from, and Debian's packages.
#
#   sbom.sh glimpse.cdx.json ./libonnxruntime.so /usr/lib/x86_64-linux-gnu/libwebp.so.7 …
#   sbom.sh glimpse.cdx.json --installed libonnxruntime.so …
#
# A library is a path, or the name of one in a jar below the current folder; one that is not there is left out. Of a library that
# belongs to a Debian package, the package is added; with --installed, all packages are.
set -eu
bill=$1
shift
added=$(mktemp)
packages=$(mktemp)
trap 'rm -f "$added" "$packages"' EXIT

# The version of a component of the bill; of Glimpse itself in its metadata.
version() {
  awk -F'"' -v name="$1" '$2 == "name" { found = $4 == name } found && $2 == "version" { print $4; exit }' "$bill"
}

# A library of Maven's: its file's name, the component that it comes from, the component's package URL without the version.
shipped() {
  version=$(version "$2")
  [ -n "$version" ] || { echo "$bill names no $2, from which $1 comes" >&2; exit 1; }
  hash=
  if [ -f "$library" ]; then
    hash=$(printf ', "hashes" : [ { "alg" : "SHA-256", "content" : "%s" } ]' "$(sha256sum "$library" | cut -d' ' -f1)")
  fi
  printf '    { "type" : "library", "bom-ref" : "%s@%s#%s", "name" : "%s", "version" : "%s", "purl" : "%s@%s#%s"%s },\n' \
    "$3" "$version" "$1" "$1" "$version" "$3" "$version" "$1" "$hash" >>"$added"
}

debian() {
  package=$(dpkg-query -S "$1" "/usr$1" "$(readlink -f "$1")" 2>/dev/null | sed -n '1s/: .*//p')
  [ -n "$package" ] || { echo "$1 belongs to no package" >&2; exit 1; }
  echo "$package" >>"$packages"
}

for library; do
  name=${library##*/}
  if [ "$library" = --installed ]; then
    dpkg-query -W -f '${binary:Package}\n' >>"$packages"
  elif [ ! -f "$library" ] && ! grep -rqF --include='*.jar' "$name" .; then
    continue
  else
    case $name in
      libonnxruntime*) shipped "$name" onnxruntime pkg:maven/com.microsoft.onnxruntime/onnxruntime ;;
      libjnidispatch.so) shipped "$name" jna pkg:maven/net.java.dev.jna/jna ;;
      libglimpse_pixels.so) shipped "$name" glimpse pkg:maven/dev.glimpse/glimpse ;;
      *) debian "$library" ;;
    esac
  fi
done

if [ -s "$packages" ]; then
  . /etc/os-release
  # shellcheck disable=SC2046 # names of packages hold no spaces
  dpkg-query -W -f '${Package} ${Version} ${Architecture}\n' $(sort -u "$packages") |
    while read -r package version architecture; do
      purl=$(printf 'pkg:deb/%s/%s@%s?arch=%s&distro=%s-%s' "$ID" "$package" "$version" "$architecture" "$ID" "$VERSION_ID" |
        sed 's/+/%2B/g; s/@\([0-9]*\):/@\1%3A/')
      printf '    { "type" : "library", "bom-ref" : "%s", "name" : "%s", "version" : "%s", "purl" : "%s" },\n' \
        "$purl" "$package" "$version" "$purl" >>"$added"
    done
fi

# Before the components that are there, of which there is one at least: each line ends with a comma.
merged=$(mktemp)
awk -v added="$added" '{ print } /^  "components" : \[/ { while ((getline line < added) > 0) print line }' "$bill" >"$merged"
cat "$merged" >"$bill"
rm -f "$merged"
