import Foundation

/// OpenSSH's own formats, as its PROTOCOL.key and RFC 4253 and RFC 8709 describe them. Releases before 9.6 read ED25519
/// keys in no other.
enum OpenSSHFormat {
    private static let magic = Array("openssh-key-v1\0".utf8)

    /// A length, then the bytes.
    static func field(_ bytes: [UInt8]) -> [UInt8] { number(UInt32(bytes.count)) + bytes }

    private static func number(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }

    static func publicBlob(ed25519 point: [UInt8]) -> [UInt8] { field(Array("ssh-ed25519".utf8)) + field(point) }

    static func publicLine(ed25519 point: [UInt8]) -> String { publicLine(blob: publicBlob(ed25519: point)) }

    /// `ssh-ed25519 AAAA…`
    static func publicLine(blob: [UInt8]) -> String {
        "\(type(of: blob)) \(Data(blob).base64EncodedString())"
    }

    /// `ssh-ed25519`, which stands first in it.
    private static func type(of blob: [UInt8]) -> String {
        var reader = FieldReader(blob)
        return reader.field().map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The file that `ssh -i` takes.
    static func privateFile(seed: [UInt8], point: [UInt8]) -> [UInt8] {
        let check = number(UInt32.random(in: 0...UInt32.max))
        var secret = check + check + publicBlob(ed25519: point) + field(seed + point) + field(Array("cloudrails".utf8))
        var padding: UInt8 = 1
        while !secret.count.isMultiple(of: 8) {
            secret.append(padding)
            padding += 1
        }
        let none = Array("none".utf8)
        let body =
            magic + field(none) + field(none) + field([]) + number(1) + field(publicBlob(ed25519: point))
            + field(secret)
        let base64 = Data(body).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return Array("-----BEGIN OPENSSH PRIVATE KEY-----\n\(base64)\n-----END OPENSSH PRIVATE KEY-----\n".utf8)
    }

    /// The public half, which stands unencrypted in the private file; nil for a file that was cut, and for keys of kinds that
    /// EC2 does not take.
    static func publicBlob(inPrivateFile text: String) -> [UInt8]? {
        guard var reader = opened(text), reader.field() != nil, reader.field() != nil, reader.field() != nil,
            reader.number() == 1, let blob = reader.field(), reader.field() != nil,
            ["ssh-ed25519", "ssh-rsa"].contains(type(of: blob))
        else { return nil }
        return blob
    }

    /// True when the private half is encrypted.
    static func isLocked(_ text: String) -> Bool {
        var reader = opened(text)
        return reader?.field().map { String(decoding: $0, as: UTF8.self) } != "none"
    }

    private static func opened(_ text: String) -> FieldReader? {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
        guard let data = Data(base64Encoded: lines.joined()), data.starts(with: magic) else { return nil }
        return FieldReader(Array(data.dropFirst(magic.count)))
    }
}

/// Reads lengths and what they measure; nil at the first thing that does not fit.
struct FieldReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func number() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func field() -> [UInt8]? {
        guard let length = number(), rest.count >= Int(length) else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return Array(rest.prefix(Int(length)))
    }
}
