#!/usr/bin/env bash
# tested_rules.sh ROOT: every behaviour rule in docs/behaviour has a test that carries its id, and no test or source
# speaks of a rule that is not there.
set -euo pipefail
cd "$1"

id='R-[A-Z0-9]+-[0-9]+'
rules() { grep -hoE "^\| *\`?$id\`? *\|" docs/behaviour/*.md | grep -oE "$id" | sort; }
tags() { grep -rhoE --include='*.cpp' "\[$id\]" test | tr -d '[]' | sort -u; }
mentions() { grep -rhoE --include='*.cpp' --include='*.hpp' "\b$id\b" macro profile resync client test | sort -u; }

status=0
complain() { while read -r name; do [[ -z $name ]] || { echo "$name: $1" && status=1; }; done; }

[[ $(rules) ]] || { echo "docs/behaviour: no rules found" && exit 1; }
complain "is a rule that no test carries as its tag" < <(comm -23 <(rules | uniq) <(tags))
complain "stands in more than one row of docs/behaviour" < <(rules | uniq -d)
while read -r name; do
  [[ -z $name ]] && continue
  grep -rnE --include='*.cpp' --include='*.hpp' "\b$name\b" macro profile resync client test | sed -E 's/^([^:]+:[0-9]+):.*/\1/' |
    while read -r place; do echo "$place: $name is no rule of docs/behaviour"; done
  status=1
done < <(comm -13 <(rules | uniq) <(mentions))
exit $status
