# fish completion for provphone. What may stand at the cursor says the program itself.
function __provphone_words
    set -l tokens (commandline -opc)
    set -l word (commandline -ct)
    set -l lines ($tokens[1] completion words -- $tokens[2..-1] "$word" 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$word"
        case folders
            __fish_complete_directories "$word"
        case scenarios
            __fish_complete_suffix .yaml
        case '*'
            printf '%s\n' $lines[2..-1]
    end
end
complete -c provphone -f -a '(__provphone_words)'
