#!/usr/bin/env bash
# coverage.sh ROOT: every line of docs/coverage.tsv is true as far as the sources can tell: the test that it names exists,
# a parameter is in the catalogue and does what profile/roles.tsv says, a rule is one of docs/behaviour, and what does not
# act has a reason. docs/coverage.md is what the lines make; PROVPHONE_UPDATE=1 writes it anew.
# shellcheck disable=SC2016 # the backquotes are Markdown
set -euo pipefail
cd "$1"

data=docs/coverage.tsv
page=docs/coverage.md
[[ -s $data ]] || { echo "$data: no lines found" && exit 1; }

# Every case's name, whatever clang-format made of its line.
tests() {
  find test -name '*.cpp' -exec cat {} + | tr '\n' ' ' | sed -E 's/" +"//g' |
    grep -oE 'TEST_CASE(_METHOD)?\([^"]*"([^"\\]|\\.)*"' | sed -E 's/^[^"]*"(.*)"$/\1/'
}
rules() { cat docs/behaviour/*.md | grep -oE '^\| *`?R-[A-Z0-9]+-[0-9]+' | grep -oE 'R-.*'; }

# Faults, a line each.
faults() {
  awk -F'\t' '
    FILENAME ~ /\/tests$/ { is_test[$0]; next }
    FILENAME ~ /\/rules$/ { is_rule[$0]; next }
    /^#/ || /^$/ { next }
    FILENAME ~ /catalogue/ { split($1, name, " "); is_parameter[name[1]]; next }
    FILENAME ~ /roles/ { role[$1] = $3; next }
    function complain(what) { print FILENAME ":" FNR ": " $2 ": " what }
    function check_parameter(  known) {
      if (!($2 in is_parameter)) complain("is no parameter of profile/catalogue.tsv")
      known = $2 in role ? role[$2] : "stored"
      if ($3 != known) complain("is " $3 ", and " known " in profile/roles.tsv")
      if ($2 in role && $4 != "-") complain("has a reason that profile/roles.tsv has")
    }
    function check_rules(  text) {
      text = $4
      while (match(text, /R-[A-Z0-9]+-[0-9]+/)) {
        if (!(substr(text, RSTART, RLENGTH) in is_rule)) complain("no rule is called " substr(text, RSTART, RLENGTH))
        text = substr(text, RSTART + RLENGTH)
      }
    }
    NF != 5 { complain("has " NF " fields of 5"); next }
    $1 !~ /^(exercise|parameter|macro|page|format|message|transport|mechanism)$/ { complain("is of no kind") }
    $3 !~ /^(acts|stored|inert|absent)$/ { complain("is in no state") }
    ($1, $2) in seen { complain("has more than one line") }
    { seen[$1, $2] }
    $5 == "-" && $3 != "absent" { complain("has no test") }
    $5 != "-" && !($5 in is_test) { complain("no test is called \"" $5 "\"") }
    $4 == "-" && $3 != "acts" && !($2 in role) { complain("has no reason") }
    $1 == "parameter" { check_parameter() }
    { check_rules() }
  ' "$work/tests" "$work/rules" profile/catalogue.tsv profile/roles.tsv "$data" | sed "s|$work/||"
}

# The page that the lines make.
made() {
  cat <<'INTRODUCTION'
# What is covered

What the vendor's pages on provisioning name: the MPP Administration Guide's chapter on provisioning methods, with its exercises; the
chapters on provisioning over HTTPS; the guide to Jabber's certificate validation. *acts*: something follows from it. *stored*: a parameter
that is kept, shown and reported, and nothing more. *inert*: it can be seen, and nothing follows. *absent*: it is not there. Each line that is
there has a test that shows it; those that begin with `exercise:` do the guide's exercises step by step (`test/e2e/exercises`).

This page is made of [coverage.tsv](coverage.tsv); do not edit it by hand.
INTRODUCTION
  awk -F'\t' '
    /^#/ || /^$/ { next }
    FILENAME ~ /roles/ { why[$1] = $4; next }
    $1 != kind {
      kind = $1
      print "\n## " toupper(substr(kind, 1, 1)) substr(kind, 2) "s\n"
      print "| " kind " | state | rule or reason | test |\n|---|---|---|---|"
    }
    {
      reason = $4 != "-" ? $4 : $2 in why ? why[$2] : "–"
      print "| " (kind == "parameter" ? "`" $2 "`" : $2) " | " $3 " | " reason " | " ($5 == "-" ? "–" : $5) " |"
    }
  ' profile/roles.tsv "$data"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests >"$work/tests"
rules >"$work/rules"
status=0
found=$(faults)
[[ -z $found ]] || { echo "$found" && status=1; }
if [[ -n ${PROVPHONE_UPDATE:-} ]]; then
  made >$page
elif ! made | diff -u $page - >"$work/difference"; then
  cat "$work/difference" && echo "$page: is not what $data makes" && status=1
fi
exit $status
