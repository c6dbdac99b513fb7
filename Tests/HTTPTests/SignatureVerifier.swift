import CLibCrypto
import TestSupport

/// Checks a signature as AWS does, from the documentation of Signature Version 4
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html) and with OpenSSL's hashes:
/// none of libcurl's code is in it.
struct SignatureVerifier {
    var secret: String
    /// `us-east-2/ec2`: what the scope must name.
    var scope: String

    /// What AWS would refuse the request for; nil where it is signed well.
    func complaint(about request: LocalServer.Request) -> String? {
        guard let authorization = Authorization(request.values("Authorization")) else { return "no Authorization" }
        guard let time = request.values("X-Amz-Date").first, request.values("X-Amz-Date").count == 1 else {
            return "no X-Amz-Date, or more than one"
        }
        let parts = authorization.credential.split(separator: "/", maxSplits: 1).map(String.init)
        let wanted = "\(time.prefix(8))/\(scope)/aws4_request"
        guard parts.count == 2, parts[1] == wanted else { return "scope \(parts), not \(wanted)" }
        for name in authorization.signed where request.values(name).count != 1 {
            return "\(name) is signed, and was sent \(request.values(name).count) times"
        }
        let mustBeSigned = request.headers.map { $0.name.lowercased() }
            .filter { $0.hasPrefix("x-amz-") || $0 == "host" || $0 == "content-type" }
        for name in mustBeSigned where !authorization.signed.contains(name) { return "\(name) is not signed" }
        let computed = signature(of: request, signed: authorization.signed, time: time, scope: wanted)
        return computed == authorization.signature ? nil : "the signature does not match"
    }

    func signature(of request: LocalServer.Request, signed: [String], time: String, scope: String) -> String {
        let fields = signed.map { "\($0):\(request.values($0).first ?? "")\n" }.joined()
        let canonical = [
            request.method, request.path, "", fields, signed.joined(separator: ";"),
            Self.hex(Self.sha256(request.body)),
        ].joined(separator: "\n")
        let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(Self.hex(Self.sha256(Array(canonical.utf8))))"
        let key = scope.split(separator: "/").reduce(Array("AWS4\(secret)".utf8)) { key, part in
            Self.hmac(key, Array(part.utf8))
        }
        return Self.hex(Self.hmac(key, Array(text.utf8)))
    }

    /// `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`
    private struct Authorization {
        var credential = ""
        var signed: [String] = []
        var signature = ""

        init?(_ values: [String]) {
            guard values.count == 1, values[0].hasPrefix("AWS4-HMAC-SHA256 ") else { return nil }
            for part in values[0].dropFirst(17).split(separator: ",") {
                let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1).map(String.init)
                guard pair.count == 2 else { return nil }
                switch pair[0] {
                case "Credential": credential = pair[1]
                case "SignedHeaders": signed = pair[1].split(separator: ";").map(String.init)
                case "Signature": signature = pair[1]
                default: return nil
                }
            }
        }
    }

    private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        precondition(EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1)
        return digest
    }

    private static func hmac(_ key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var length = 0
        precondition(
            EVP_Q_mac(nil, "HMAC", nil, "SHA256", nil, key, key.count, bytes, bytes.count, &code, code.count, &length)
                != nil && length == 32)
        return code
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
