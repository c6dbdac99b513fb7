import TestSupport
import Testing

/// The verifier is held against the vectors `get-vanilla` and `post-vanilla` of AWS's test suite for Signature Version 4.
@Suite struct SignatureVerifierTests {
    private let verifier = SignatureVerifier(
        secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope: "us-east-1/service")

    private func request(_ method: String, signature: String) -> LocalServer.Request {
        LocalServer.Request(
            method: method, path: "/",
            headers: [
                ("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z"),
                (
                    "Authorization",
                    """
                    AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                    SignedHeaders=host;x-amz-date, Signature=\(signature)
                    """
                ),
            ])
    }

    private static let vanillaPost = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"

    @Test(arguments: [
        ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"), ("POST", vanillaPost),
    ])
    func acceptsTheVectorsOfAWS(method: String, signature: String) {
        #expect(verifier.complaint(about: request(method, signature: signature)) == nil)
    }

    @Test func refusesWhatWasChanged() {
        let good = request("POST", signature: Self.vanillaPost)
        var changed = good
        changed.body = Array("x".utf8)
        #expect(verifier.complaint(about: changed) == "the signature does not match")
        changed = good
        changed.headers[0].value = "example.com"
        #expect(verifier.complaint(about: changed) == "the signature does not match")
        changed = good
        changed.headers.append(("X-Amz-Security-Token", "t"))
        #expect(verifier.complaint(about: changed) == "x-amz-security-token is not signed")
        changed = good
        changed.headers.append(("host", "example.com"))
        #expect(verifier.complaint(about: changed) == "host is signed, and was sent 2 times")
        changed.headers.removeAll { $0.name == "Authorization" }
        #expect(verifier.complaint(about: changed) == "no Authorization")
    }
}
