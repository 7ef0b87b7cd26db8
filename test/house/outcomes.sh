#!/usr/bin/env bash
# outcomes.sh DEV CTEST TESTS PROGRAM: how the tests of outcomes.cpp are counted, by CTest and in the closing line of
# `./dev test`. TESTS is where CMake has registered them; PROGRAM holds them.
set -euo pipefail
dev=$1 ctest=$2 tests=$3 program=$4

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
status=0

# expect WHAT WANTED GOT
expect() { [[ $2 == "$3" ]] || { printf '%s: wanted\n%s\nand got\n%s\n' "$@" && status=1; }; }

# status_of COMMAND...
status_of() { local code=0; "$@" >said 2>&1 || code=$?; echo $code; }

echo "include(\"$tests\")" >CTestTestfile.cmake
expect "CTest's status" 8 "$(status_of "$ctest" --output-junit junit.xml)"
expect "what CTest counts" "$(printf '%s\n' 'fails' 'fails before it is not run' 'fails four times' \
  'fails, since it looks at nothing')" "$(sed -nE 's/.*<testcase name="([^"]*)".* status="fail".*/\1/p' junit.xml | sort)"

eval "$(sed -n '/^verdict() {/,/^}/p' "$dev")"
expect 'the closing line' $'3 skipped, as listed above\n2 passed, 4 failed' "$(verdict junit.xml 8)"

expect 'a program in which something fails' 1 "$(status_of "$program")"
expect 'what it says was not run' 4 "$(grep -c '^not run: ' said)"
expect 'a program in which something passes' 0 "$(status_of "$program" 'passes,is not run')"
expect 'a program in which nothing runs' 4 "$(status_of "$program" 'is not run*')"
expect 'a program without such a test' 1 "$(status_of "$program" 'no such test')"
exit $status
