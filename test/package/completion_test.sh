#!/usr/bin/env bash
# completion_test.sh PROGRAM: the completions that provphone prints, in the shells that read them. A shell that is not
# installed is said to be missing; bash there always is.
set -euo pipefail
PATH=$(dirname "$1"):$PATH
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir scenes && touch lab.yaml notes.txt
status=0
# expect WHAT IS GOT
expect() {
  if [[ $2 == "$3" ]]; then return; fi
  printf '%s: expected:\n%s\ngot:\n%s\n' "$1" "$2" "$3" && status=1
}
sorted() { sort | paste -sd ' '; }

# WORD...: what bash puts behind the last of them.
in_bash() {
  bash --norc -c 'source <(provphone completion bash); COMP_WORDS=(provphone "$@"); COMP_CWORD=$#; _provphone
    printf "%s\n" "${COMPREPLY[@]}"' _ "$@" | sorted
}
# shellcheck disable=SC2016 # fish's own variable
in_fish() { fish --no-config -c 'provphone completion fish | source; complete -C "$argv"' "provphone $*" | cut -f 1 | sorted; }
# With what zsh's own completion system has for its last step in the place of that.
in_zsh() {
  zsh -f -c 'compdef() { :; }; _files() { print -l -- files $@; }; _describe() { print -l -- ${(P)2}; }
    source <(provphone completion zsh); words=(provphone "$@"); CURRENT=$#words; _provphone' _ "$@" | sed 's/:.*//' | sorted
}

for shell in bash zsh fish; do
  command -v $shell >/dev/null || { echo "$shell is not installed: its completion was NOT tried" && continue; }
  expect "$shell: commands" "rule run" "$("in_$shell" ru)"
  expect "$shell: flags" "--seed --serial --set --sip --source --strict --summary" "$("in_$shell" run --s)"
  expect "$shell: values" "mpp11 mpp12 spa" "$("in_$shell" run --personality "")"
  expect "$shell: parameters" "Resync_Periodic=" "$("in_$shell" run --set Resync_Peri)"
done
expect "bash: the sign of equality parts words" "mpp11 mpp12" "$(in_bash run --personality = m)"
expect "bash: scenarios" "lab.yaml scenes" "$(in_bash run "")"
expect "bash: folders" "scenes" "$(in_bash serve "")"
expect "bash: files" "lab.yaml notes.txt scenes" "$(in_bash report "")"
expect "bash: files behind another spelling" "lab.yaml notes.txt scenes" "$(in_bash replay -o "")"
expect "bash: another spelling" "--cacert" "$(in_bash run --cac)"
if command -v fish >/dev/null; then expect "fish: folders" "scenes/" "$(in_fish serve "")"; fi
if command -v zsh >/dev/null; then
  expect "zsh: scenarios" "*.(yaml|yml) -g files" "$(in_zsh run "")"
  expect "zsh: the sign of equality stays in the word" "--personality=mpp11 --personality=mpp12" "$(in_zsh run --personality=m)"
fi
exit $status
