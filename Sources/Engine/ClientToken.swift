import AWS

/// Tokens by which AWS knows a repeated call (https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html).
enum ClientToken {
    /// A token for this run only: the client repeats a call with it when an answer is lost.
    static func random() -> String {
        Digest.hex((0..<16).map { _ in UInt8.random(in: 0...255) })
    }

    /// The same token for the same words: a later run repeats the call that an earlier one may have made. 64 characters,
    /// which is the most that EC2 takes.
    static func of(_ words: String...) -> String {
        Digest.hex(Digest.sha256(Array(words.joined(separator: "\n").utf8)))
    }
}
