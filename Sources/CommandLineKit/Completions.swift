/// Completions: three small scripts ask the program itself, so shells and program cannot disagree.
public enum Completions {
    /// The shells.
    public enum Shell: String, CaseIterable, Sendable, ExpressibleByArgument { case bash, zsh, fish }

    /// The script that a shell loads.
    public static func script(_ shell: Shell, program: String) -> String {
        switch shell {
        case .bash:
            """
            # bash completion for \(program): source <(\(program) completions bash)
            _\(program)() {
                # bash takes '=' for the end of a word; here the words are put together again.
                local words=() word last=''
                for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
                    if [ "${#words[@]}" -gt 0 ] && { [ "$word" = '=' ] || [ "$last" = '=' ]; }; then
                        words[${#words[@]}-1]+=$word
                    else
                        words+=("$word")
                    fi
                    last=$word
                done
                local current=''
                [ "${#words[@]}" -gt 0 ] && current=${words[${#words[@]}-1]}
                mapfile -t COMPREPLY < <(\(program) __complete -- "${words[@]}" 2>/dev/null)
                if [ "${COMPREPLY[0]:-}" = ':files' ]; then
                    compopt -o filenames
                    mapfile -t COMPREPLY < <(compgen -f -- "${current#--*=}")
                elif [[ $current == --*=* ]]; then
                    # Only what stands behind the '=' is replaced.
                    COMPREPLY=("${COMPREPLY[@]#--*=}")
                fi
            }
            complete -F _\(program) \(program)
            """
        case .zsh:
            """
            #compdef \(program)
            # zsh completion for \(program): source <(\(program) completions zsh), after compinit
            _\(program)() {
                local -a found
                found=("${(@f)$(\(program) __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
                if [[ "${found[1]}" == ':files' ]]; then
                    compset -P '--*='
                    _files
                else
                    compadd -- ${found:#}
                fi
            }
            # A file in $fpath is run for the first completion; sourced, it only has to be known.
            if [[ "${funcstack[1]}" == '_\(program)' ]]; then
                _\(program) "$@"
            else
                compdef _\(program) \(program)
            fi
            """
        case .fish:
            """
            # fish completion for \(program): \(program) completions fish | source
            function __\(program)_complete
                set -l words (commandline -opc) (commandline -ct)
                set -l found (\(program) __complete -- $words[2..-1] 2>/dev/null)
                if test "$found[1]" = ':files'
                    set -l option (string match -r '^--[^=]*=' -- (commandline -ct); or echo '')
                    for file in (__fish_complete_path (string replace -r '^--[^=]*=' '' -- (commandline -ct)))
                        echo $option$file
                    end
                else
                    string join \\n -- $found
                end
            end
            complete -c \(program) -f -a '(__\(program)_complete)'
            """
        }
    }

    /// What may follow.
    public enum Offer: Sendable, Equatable {
        /// Words.
        case words([String])
        /// Files.
        case files
        /// What the program looks up by this name.
        case custom(String)
    }

    /// What may stand where the last of the words is being typed.
    public static func offer(_ words: [String], root: any Command.Type) -> Offer {
        let done = Array(words.dropLast())
        let current = words.last ?? ""
        guard let (path, rest) = try? Parser(root).descend(done) else { return .words([]) }
        let type = path[path.count - 1]
        let definitions = Reflection.definitions(of: type.init())
        if let last = rest.last, let option = definitions.first(where: { $0.kind == .option && "--\($0.name)" == last })
        {
            return offer(option, prefix: "", current)
        }
        if let equals = current.firstIndex(of: "="), current.hasPrefix("--") {
            let name = current[..<equals].dropFirst(2)
            guard let option = definitions.first(where: { $0.kind == .option && $0.name == name }) else {
                return .words([])
            }
            return offer(option, prefix: "--\(name)=", current)
        }
        if current.hasPrefix("-") {
            let options = definitions.filter { $0.kind != .positional && !rest.contains("--\($0.name)") }
            return offered(options.map { "--\($0.name)" } + ["--help"], current)
        }
        let below = type.configuration.subcommands.map { $0.configuration }.filter(\.shouldDisplay)
        if !below.isEmpty { return offered(below.map(\.commandName), current) }
        let taken = count(ofWordsIn: rest, definitions)
        let positionals = definitions.filter { $0.kind == .positional }
        guard let positional = taken < positionals.count ? positionals[taken] : positionals.last(where: \.isRepeating)
        else { return .words([]) }
        return offer(positional, prefix: "", current)
    }

    /// The value of an option among words that are still being typed.
    public static func value(of option: String, in words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if word == "--\(option)", index + 1 < words.count { return words[index + 1] }
            if word.hasPrefix("--\(option)=") { return String(word.dropFirst(option.count + 3)) }
        }
        return nil
    }

    private static func offer(_ definition: ArgumentDefinition, prefix: String, _ current: String) -> Offer {
        switch definition.completion {
        case .file: .files
        case .custom(let name): .custom(name)
        case .none: offered(definition.allowed.values.map { prefix + $0 }, current)
        }
    }

    private static func offered(_ words: [String], _ current: String) -> Offer {
        .words(words.filter { $0.hasPrefix(current) })
    }

    /// How many words stand by themselves.
    private static func count(ofWordsIn rest: [String], _ definitions: [ArgumentDefinition]) -> Int {
        var count = 0
        var isValue = false
        for word in rest {
            if isValue {
                isValue = false
            } else if word.hasPrefix("--") {
                isValue = definitions.contains { $0.kind == .option && "--\($0.name)" == word }
            } else if !word.hasPrefix("-") {
                count += 1
            }
        }
        return count
    }
}
