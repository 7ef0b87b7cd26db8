# bash completion for provphone. What may stand at the cursor says the program itself.
# shellcheck shell=bash
_provphone() {
  local word=${COMP_WORDS[COMP_CWORD]} kind line words=()
  COMPREPLY=()
  { read -r kind && mapfile -t words; } < <("${COMP_WORDS[0]/#\~/$HOME}" completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [[ $word != = ]] || word=
  case $kind in
    files) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    folders) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    scenarios) mapfile -t COMPREPLY < <(compgen -d -- "$word"; compgen -f -X '!*.y*ml' -- "$word") ;;
    *) for line in "${words[@]}"; do COMPREPLY+=("${line%%$'\t'*}"); done ;;
  esac
  # Of no use where it is called by hand.
  if [[ $kind != words ]]; then compopt -o filenames; elif [[ ${COMPREPLY[0]-} == *= ]]; then compopt -o nospace; fi 2>/dev/null
  return 0
}
complete -F _provphone provphone
