#!/usr/bin/env bash
# known_commands.sh ROOT: every `./dev X` that a page for people names is a command of dev.
set -euo pipefail
cd "$1"

status=0
[[ -f README.md ]] || { echo "README.md: is not there" && exit 1; }
while IFS=: read -r page line text; do
  command=${text#./dev }
  if ! grep -qE "^dev_$command\(\)" dev; then echo "$page:$line: ./dev $command is not a command of dev" && status=1; fi
done < <(find . -path ./build -prune -o -name '*.md' -exec grep -noEH '\./dev [a-z]+' {} +)
exit $status
