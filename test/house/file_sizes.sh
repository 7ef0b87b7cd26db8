#!/usr/bin/env bash
# file_sizes.sh ROOT: no source over 600 lines, no header over 250. Functions are clang-tidy's to measure.
set -euo pipefail
cd "$1"

status=0 seen=0
while read -r file; do
  seen=$((seen + 1))
  case $file in *.hpp) limit=250 ;; *) limit=600 ;; esac
  lines=$(wc -l <"$file")
  if ((lines > limit)); then echo "$file: $lines lines, $limit are allowed" && status=1; fi
done < <(find macro profile resync client test -name '*.hpp' -o -name '*.cpp')
((seen > 0)) || { echo "$1: no sources found" && exit 1; }
exit $status
