#!/usr/bin/env bash
# rooms.sh ROOT [print]: the rooms of client/ include only rooms of lower floors, and what the table of
# docs/architecture.md names on its own. The table is the one place where rooms, floors and those names stand.
# With `print` it shows the graph instead: who includes whom, and in how many places.
set -euo pipefail
cd "$1"
status=0
complain() { echo "$1" && status=1; }

# Rows of the table: floor, room, and the rooms that it may include besides those below it.
# shellcheck disable=SC2016 # backquotes of Markdown, and an end of line
table() { sed -nE 's/^\| ([0-9]+) \| `([a-z]+)\/` \|([^|]*)\|([^|]*)\|([^|]*)\|$/\1 \2 \5/p' docs/architecture.md | tr -d '`,/'; }

# Arrows, a line "file:line room other" for each include between two rooms.
arrows() {
  grep -rnoE --include='*.hpp' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"client/[a-z]+/' client |
    sed -nE 's|^(client/([a-z]+)/[^:]*:[0-9]+):.*"client/([a-z]+)/|\1 \2 \3|p' | awk '$2 != $3'
}

declare -A floor=() also=() used=()
while read -r level room besides; do
  floor[$room]=$level
  for other in $besides; do also[$room $other]=1; done
done < <(table)
((${#floor[@]})) || { echo "docs/architecture.md: the table of rooms was not found" && exit 1; }

for room in "${!floor[@]}"; do
  [[ -d client/$room ]] || complain "client/$room: is a room of docs/architecture.md but is not there"
done
for folder in client/*/; do
  room=$(basename "$folder")
  [[ ${floor[$room]-} ]] || complain "client/$room: has no floor in docs/architecture.md"
done
for folder in */ client/*/; do
  [[ $folder == build/ || -e $folder/README.md ]] || complain "${folder}README.md: is not there"
done

while read -r place room other; do
  [[ ${floor[$room]-} && ${floor[$other]-} ]] || continue
  used[$room $other]=$((${used[$room $other]-0} + 1))
  ((floor[$other] < floor[$room])) || [[ ${also[$room $other]-} ]] ||
    complain "$place: $room is on floor ${floor[$room]} and may not include $other of floor ${floor[$other]}"
done < <(arrows)
for pair in "${!also[@]}"; do
  [[ ${used[$pair]-} ]] || complain "docs/architecture.md: ${pair% *} may include ${pair#* } and does not"
done
if ! circle=$(printf '%s\n' "${!used[@]}" | tsort 2>&1 >/dev/null); then complain "a circle of rooms: ${circle//$'\n'/ }"; fi
rooms=${#floor[@]} drawn=${#used[@]} possible=$((${#floor[@]} * (${#floor[@]} - 1) / 2))
((drawn * 100 <= possible * 55)) || complain "client: $drawn of $possible possible arrows between rooms, 55 % are allowed"

if [[ ${2-} == print ]]; then
  for level in $(printf '%s\n' "${floor[@]}" | sort -rnu); do
    for room in $(printf '%s\n' "${!floor[@]}" | sort); do
      ((floor[$room] == level)) || continue
      line=
      for other in $(printf '%s\n' "${!floor[@]}" | sort); do
        if [[ ${used[$room $other]-} ]]; then line+=" $other:${used[$room $other]}"; fi
      done
      printf '%s  %-10s %s\n' "$level" "$room" "${line:+->$line}"
    done
  done
  echo "$rooms rooms, $drawn of $possible possible arrows ($((drawn * 100 / (possible > 0 ? possible : 1))) %)"
fi
exit $status
