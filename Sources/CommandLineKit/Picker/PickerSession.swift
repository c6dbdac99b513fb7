extension Context {
    /// True where a picker can be shown and answered.
    public var canPick: Bool { canAsk && stderr.isLive }

    /// Lets a person choose. The picker has the screen until then, and what stood there stands there again afterwards.
    /// - Throws: `Declined` after Escape; `CancellationError` after Ctrl-C.
    public func pick(_ picker: Picker) throws -> Picker.Choice {
        steps.stop()
        return try RawTerminal.hold {
            var picker = picker
            var keys = KeyDecoder()
            var drawn: (lines: [String], terminal: Terminal)?
            while !Task.isCancelled {
                // Asked each time: windows change their size.
                let terminal = Terminal.of(StandardStreams.error, environment: environment)
                let lines = picker.lines(for: terminal)
                if RawTerminal.hasResumed() || drawn?.terminal != terminal || drawn?.lines != lines {
                    writeError(Self.screen(lines))
                    drawn = (lines, terminal)
                }
                for key in try Self.next(&keys) {
                    switch picker.press(key, page: max(1, terminal.height - 6)) {
                    case .open: continue
                    case .chosen(let choice): return choice
                    case .left: throw Declined()
                    case .interrupted: throw CancellationError()
                    }
                }
            }
            throw CancellationError()
        }
    }

    /// The keys that came within a moment.
    private static func next(_ keys: inout KeyDecoder) throws -> [Key] {
        guard let bytes = StandardStreams.readKeys(milliseconds: 100) else { throw Declined() }
        return bytes.isEmpty && keys.isWaiting ? keys.settle() : keys.take(bytes)
    }

    /// Every line anew, and nothing below the last: in one go, so that nothing flickers.
    private static func screen(_ lines: [String]) -> String {
        "\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J"
    }
}
