/// What a person presses.
enum Key: Equatable {
    case text(Character)
    case up, down, pageUp, pageDown, home, end
    case backspace, clear, enter, escape, interrupt
    /// A key that means nothing here.
    case other
}

/// Makes keys of the bytes that a terminal sends, which may arrive in pieces
/// (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
struct KeyDecoder {
    private var pending: [UInt8] = []

    /// True while a key has begun that has not ended: the Escape key sends the byte with which the arrows begin.
    var isWaiting: Bool { !pending.isEmpty }

    /// The keys that are complete with these bytes.
    mutating func take(_ bytes: [UInt8]) -> [Key] {
        pending += bytes
        var keys: [Key] = []
        while let (key, length) = Self.first(of: pending[...]) {
            keys.append(key)
            pending.removeFirst(length)
        }
        return keys
    }

    /// Nothing more came for a moment: what began a sequence was the Escape key.
    mutating func settle() -> [Key] {
        defer { pending = [] }
        guard let first = pending.first else { return [] }
        return [first == 0x1B ? .escape : .other]
    }

    /// The first key and how many bytes it took; nil where bytes are missing.
    private static func first(of bytes: ArraySlice<UInt8>) -> (Key, Int)? {
        guard let byte = bytes.first else { return nil }
        switch byte {
        case 0x1B: return sequence(bytes.dropFirst()).map { ($0.0, $0.1 + 1) }
        case 0x03: return (.interrupt, 1)
        // Ctrl-D ends the input.
        case 0x04: return (.escape, 1)
        case 0x08, 0x7F: return (.backspace, 1)
        case 0x0A, 0x0D: return (.enter, 1)
        case 0x0E: return (.down, 1)
        case 0x10: return (.up, 1)
        case 0x15: return (.clear, 1)
        case ..<0x20: return (.other, 1)
        default: return character(bytes)
        }
    }

    /// What follows the byte of the Escape key.
    private static func sequence(_ bytes: ArraySlice<UInt8>) -> (Key, Int)? {
        guard let kind = bytes.first else { return nil }
        switch kind {
        case 0x1B: return (.escape, 0)
        case UInt8(ascii: "["), UInt8(ascii: "O"):
            let parameters = bytes.dropFirst().prefix { (0x20...0x3F).contains($0) }
            guard let last = bytes.dropFirst(1 + parameters.count).first else { return nil }
            return (named(last, String(decoding: parameters, as: UTF8.self)), parameters.count + 2)
        default: return (.other, 1)
        }
    }

    private static func named(_ last: UInt8, _ parameters: String) -> Key {
        switch (Character(UnicodeScalar(last)), parameters) {
        case ("A", _): .up
        case ("B", _): .down
        case ("H", _), ("~", "1"), ("~", "7"): .home
        case ("F", _), ("~", "4"), ("~", "8"): .end
        case ("~", "5"): .pageUp
        case ("~", "6"): .pageDown
        default: .other
        }
    }

    /// A character in UTF-8.
    private static func character(_ bytes: ArraySlice<UInt8>) -> (Key, Int)? {
        let length =
            switch bytes[bytes.startIndex] {
            case ..<0x80: 1
            case 0xC2..<0xE0: 2
            case 0xE0..<0xF0: 3
            case 0xF0..<0xF5: 4
            default: 0
            }
        guard length > 0 else { return (.other, 1) }
        let own = bytes.prefix(length)
        guard own.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) else { return (.other, 1) }
        guard own.count == length else { return nil }
        guard let text = String(validating: own, as: UTF8.self), let character = text.first else { return (.other, 1) }
        return (.text(character), length)
    }
}
