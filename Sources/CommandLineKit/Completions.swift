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
                local IFS=$'\\n'
                mapfile -t COMPREPLY < <(\(program) __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
                if [ "${#COMPREPLY[@]}" -eq 1 ] && [ "${COMPREPLY[0]}" = ':files' ]; then
                    mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
                fi
            }
            # ':' and '=' stay inside words.
            COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]/}
            complete -F _\(program) \(program)
            """
        case .zsh:
            """
            #compdef \(program)
            # zsh completion for \(program): source <(\(program) completions zsh)
            _\(program)() {
                local -a found
                found=("${(@f)$(\(program) __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
                if [[ "${found[1]}" == ':files' ]]; then _files; else compadd -- ${found:#}; fi
            }
            compdef _\(program) \(program)
            """
        case .fish:
            """
            # fish completion for \(program): \(program) completions fish | source
            function __\(program)_complete
                set -l words (commandline -opc) (commandline -ct)
                set -l found (\(program) __complete -- $words[2..-1] 2>/dev/null)
                if test "$found[1]" = ':files'
                    __fish_complete_path (commandline -ct)
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
        guard taken < positionals.count else { return .words([]) }
        return offer(positionals[taken], prefix: "", current)
    }

    private static func offer(_ definition: ArgumentDefinition, prefix: String, _ current: String) -> Offer {
        switch definition.completion {
        case .file: .files
        case .custom(let name): .custom(name)
        case .none: offered(definition.values.map { prefix + $0 }, current)
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
