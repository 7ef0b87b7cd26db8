#!/usr/bin/env bash
# unnamed_names.sh ROOT: no two sources of a room give the same name to things of their own, in an unnamed namespace or
# static: a unity build compiles several of them as one. An alias may stand in both where it is the same.
# A room is a folder with a CMakeLists.txt and what is below it. Counts on formatted sources, where such a declaration
# begins in the first column.
set -euo pipefail
cd "$1"

rooms=$(find macro profile resync client -name CMakeLists.txt | sed 's|/[^/]*$||')
[[ $rooms ]] || { echo "CMakeLists.txt: no room has one" && exit 1; }
mapfile -t sources < <(find macro profile resync client -name '*.cpp' | sort)

awk -v rooms="$rooms" '
  BEGIN { for (count = split(rooms, list); count > 0; --count) is_room[list[count]] = 1 }

  FNR == 1 {
    room = FILENAME
    do sub("/[^/]*$", "", room); while (!(room in is_room) && room ~ "/")
    unnamed = 0
    text = ""
  }
  /^namespace \{/ { unnamed = 1; next }
  /^\}  \/\/ namespace$/ { unnamed = 0; next }
  { sub(/\/\/.*/, "") }
  text == "" && !/^static / && (!unnamed || !/^[A-Za-z_[]/) { next }
  /^(using namespace|namespace|static_assert)|(^| )operator[^A-Za-z_0-9]/ { text = ""; next }
  {
    text = text $0 " "
    end = end_of_name(text)
    if (end == 0) next
    declared(text, end)
    text = ""
  }

  # Where parameters, value, body or end of a declaration begin; 0 where its text does not reach so far.
  function end_of_name(text,    at, c, angles, parentheses) {
    for (at = 1; at <= length(text); ++at) {
      c = substr(text, at, 1)
      if (c == "(" && (angles || parentheses || substr(text, 1, at - 1) ~ /(decltype|requires|alignas) ?$/)) ++parentheses
      else if (c == ")" && parentheses) --parentheses
      else if (parentheses) continue
      else if (c == "<") ++angles
      else if (c == ">" && angles) --angles
      else if (angles) continue
      else if (substr(text, at, 2) == "[[") at += index(substr(text, at), "]]")
      else if (index("({[=;", c)) return at
    }
    return 0
  }

  # A declaration whose name stands in front of `end`, behind its type or `class` and the like.
  function declared(text, end,    head, alias) {
    head = substr(text, 1, end - 1)
    while (sub(/<[^<>]*>/, "", head)) continue
    sub(/^ *template */, "", head)
    sub(/ +$/, "", head)
    if (match(head, /^(enum )?(class|struct|union) +|^enum +/)) {
      if (substr(text, end, 1) == ";") return # it is defined elsewhere
      head = substr(head, RLENGTH + 1)
      sub(/[^A-Za-z_0-9].*/, "", head)
    }
    if (head ~ /::~?[A-Za-z_0-9]+$/ || !match(head, /[A-Za-z_][A-Za-z_0-9]*$/)) return # a member
    alias = head ~ /^using / ? text : ""
    claim(substr(head, RSTART), alias)
  }

  function claim(name, alias) {
    if (!((room, name) in owner)) {
      owner[room, name] = FILENAME
      aliases[room, name] = alias
    } else if (owner[room, name] != FILENAME && (alias == "" || alias != aliases[room, name])) {
      printf "%s and %s: both have a %s of their own\n", owner[room, name], FILENAME, name
      status = 1
    }
  }
  END { exit status }
' "${sources[@]}"
