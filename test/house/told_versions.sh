#!/usr/bin/env bash
# told_versions.sh ROOT: where a page or an example that people copy names a release of provphone, it is the one of
# CMakeLists.txt. `./dev release` looks at the same places.
set -euo pipefail
cd "$1"

version=$(sed -nE 's/^project\(provphone VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
[[ -n $version ]] || { echo "CMakeLists.txt: project(provphone VERSION ...) is not there" && exit 1; }

status=0
while IFS=: read -r page line text; do
  if [[ ! $text =~ [^0-9.]$version$ ]]; then echo "$page:$line: $text, and this is $version" && status=1; fi
done < <(grep -rnoHE '(provphone[ _:@]|ref: )v?[0-9]+\.[0-9]+\.[0-9]+' action.yml docs fixtures/ci fixtures/cluster)
exit $status
