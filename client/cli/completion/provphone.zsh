#compdef provphone
# zsh completion for provphone. What may stand at the cursor says the program itself.
_provphone() {
  local kind line
  local -a lines described
  lines=("${(@f)$("${(Q)${words[1]/#\~/$HOME}}" completion words -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  kind=$lines[1]
  shift lines
  case $kind in
    files) _files ;;
    folders) _files -/ ;;
    scenarios) _files -g '*.(yaml|yml)' ;;
    *)
      (( $#lines )) || return 1
      # A colon parts a word and its help; one of the word's own has a backslash before it.
      for line in $lines; do described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}"); done
      if [[ ${lines[1]%%$'\t'*} == *= ]]; then _describe provphone described -S ''; else _describe provphone described; fi
      ;;
  esac
}
if [[ $funcstack[1] == _provphone ]]; then _provphone "$@"; else compdef _provphone provphone; fi
