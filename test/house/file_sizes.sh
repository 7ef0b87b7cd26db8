#!/usr/bin/env bash
# file_sizes.sh ROOT: no source over 600 lines, no header over 250. Functions are clang-tidy's to measure.
set -euo pipefail
cd "$1"

find macro profile resync client test \( -name '*.hpp' -o -name '*.cpp' \) -exec wc -l {} + |
  awk -v root="$1" '
    $2 == "total" { next }
    { seen = 1; limit = $2 ~ /\.hpp$/ ? 250 : 600 }
    $1 > limit { print $2 ": " $1 " lines, " limit " are allowed"; status = 1 }
    END { if (!seen) { print root ": no sources found"; status = 1 } exit status }'
