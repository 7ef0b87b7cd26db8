#!/usr/bin/env bash
# image.sh ROOT.tar PACKAGE.deb IMAGE.tar: an OCI image of two layers, what the program needs and the program, as an
# archive that podman, docker, containerd and skopeo load. Who runs it is nobody in particular, and works in /work.
# Needs umoci, no rights and no network. SOURCE_DATE_EPOCH, when it is set, says when the image was made.
set -euo pipefail
root=$1 package=$2 archive=$3
version=$(dpkg-deb -f "$package" Version)
created=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%FT%TZ)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
image=$folder/layout:localhost/provphone:$version

umoci init --layout "$folder/layout"
umoci new --image "$image"
dpkg-deb --fsys-tarfile "$package" >"$folder/program.tar"
for layer in "$root" "$folder/program.tar"; do
  umoci raw add-layer --image "$image" --history.created "$created" --history.created_by "provphone's image.sh" "$layer"
done
umoci config --image "$image" --created "$created" --no-history --architecture "$(dpkg-deb -f "$package" Architecture)" --os linux \
  --config.user 65532:65532 --config.workingdir /work --config.env HOME=/work --config.env PATH=/usr/bin:/bin \
  --config.entrypoint provphone --config.cmd --help \
  --config.label "org.opencontainers.image.title=provphone" --config.label "org.opencontainers.image.version=$version"
umoci gc --layout "$folder/layout"
tar -C "$folder/layout" --sort=name --owner=0 --group=0 --numeric-owner --mtime="$created" -cf "$archive.part" .
mv "$archive.part" "$archive"
