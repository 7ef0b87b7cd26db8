#!/usr/bin/env bash
# documented_errors.sh ROOT: every error code has its row in docs/errors.md, and every row its code.
# shellcheck disable=SC2016 # the backquotes are Markdown
set -euo pipefail
cd "$1"

codes() {
  sed -n '/^enum class Errc/,/^};/p' macro/error.hpp | sed -E 's|//.*||' | grep -oE '^  [a-z][a-z0-9_]*[a-z0-9],' | tr -d ' ,' | sort
}
rows() { sed -nE 's/^\| `([a-z0-9_]+)` \|.*/\1/p' docs/errors.md | sort; }

status=0
complain() { while read -r name; do [[ -z $name ]] || { echo "$name: $1" && status=1; }; done; }

[[ $(codes) ]] || { echo "macro/error.hpp: no codes found in enum class Errc" && exit 1; }
complain "has no row in docs/errors.md" < <(comm -23 <(codes) <(rows | uniq))
complain "has a row in docs/errors.md but is no error code" < <(comm -13 <(codes) <(rows | uniq))
complain "has more than one row in docs/errors.md" < <(rows | uniq -d)
exit $status
