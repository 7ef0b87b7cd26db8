#!/usr/bin/env bash
# image_test.sh BUILD SOURCE: makes an OCI image of the program that was built in BUILD and uses what is in it as whom and
# with what the image says. Nothing is fetched: below the program are the libraries that it has here, in the place of those
# that `./dev image` takes from Debian. Where a root of one's own may not be had it says so.
set -euo pipefail
build=$1 source=$2
if [[ -z ${IN_NAMESPACE-} ]]; then
  how=(--mount)
  if ((EUID != 0)); then how+=(--map-root-user); fi
  if ! command -v umoci >/dev/null || ! command -v dpkg-shlibdeps >/dev/null || ! unshare "${how[@]}" true; then
    echo "needs dpkg-dev, umoci, and rights to a mount namespace: the image was NOT tried" && exit 77
  fi
  IN_NAMESPACE=1 exec unshare "${how[@]}" "$0" "$@"
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "$*" && exit 1; }

# --- the image, the same twice
export SOURCE_DATE_EPOCH=1790000000
cpack --config "$build/CPackConfig.cmake" -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip -B "$folder/package" >"$folder/log" 2>&1 ||
  { cat "$folder/log" && exit 1; }
package=$(echo "$folder"/package/provphone_*.deb)
version=$(dpkg-deb -f "$package" Version)
mkdir "$folder"/{work,tmp} && chmod 1777 "$folder"/{work,tmp}
{ ldd "$build/client/cli/provphone" && ldd /bin/dash; } | grep -oE '/[^ ]+\.so[^ ]*' | sort -u >"$folder/libraries"
tar -cf "$folder/root.tar" -C "$folder" ./work ./tmp -C / --dereference --files-from "$folder/libraries" bin/dash 2>/dev/null
for image in one two; do "$source/cmake/package/image.sh" "$folder/root.tar" "$package" "$folder/$image.tar"; done
cmp "$folder"/{one,two}.tar || fail "the same image is not the same file"

# --- what it says, and what is in it
mkdir "$folder/layout" && tar -xf "$folder/one.tar" -C "$folder/layout"
umoci unpack --image "$folder/layout:localhost/provphone:$version" "$folder/bundle"
python3 - "$folder/bundle/config.json" <<'PYTHON' || fail "the image says something else"
import json, sys
process = json.load(open(sys.argv[1]))["process"]
assert process["args"] == ["provphone", "--help"], process
assert process["user"] == {"uid": 65532, "gid": 65532}, process
assert process["cwd"] == "/work" and "HOME=/work" in process["env"] and "PATH=/usr/bin:/bin" in process["env"], process
PYTHON
inside() { env -i PATH=/usr/bin:/bin HOME=/work "$(command -v chroot)" --userspec=65532:65532 "$folder/bundle/rootfs" "$@"; }
[[ $(inside provphone --version | head -n 1) == "provphone $version" ]] || fail "the program in it is another one"
inside provphone demo >"$folder/demo" || { cat "$folder/demo" && fail "the demonstration failed"; }
inside dash -c 'cd /work && provphone pki pki' >"$folder/log" || fail "nothing can be written in /work"
(cd "$folder/bundle/rootfs/work" && [[ -s pki/server.pem ]]) || fail "what was written in the working folder is not there"
