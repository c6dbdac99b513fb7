internal import CLibCurl

/// What the libcurl at hand can do.
public enum CurlVersion {
    /// As libcurl writes it, such as `7.88.1`.
    public static var text: String { String(cString: cr_version()) }

    /// With TLS library and all, such as `libcurl/7.88.1 OpenSSL/3.0.19 …`.
    public static var full: String { String(cString: curl_version()) }

    private static func number(_ major: UInt32, _ minor: UInt32) -> UInt32 { major << 16 | minor << 8 }

    /// Refuses a libcurl that signs wrongly. Signing came in 7.75; the session token of temporary credentials and the
    /// port of the host are signed rightly from 7.87 on (curl commits 29c4aa0 and 7f8e6da).
    /// - Parameter release: as libcurl numbers its releases, `0x07_57_00` for 7.87.
    /// - Throws: `HTTPError` that names the version that is needed.
    static func check(temporaryCredentials: Bool, release: UInt32 = cr_version_number()) throws {
        let needed: (UInt32, UInt32) = temporaryCredentials ? (7, 87) : (7, 75)
        guard release < number(needed.0, needed.1) else { return }
        let what = temporaryCredentials ? "temporary credentials" : "signed requests"
        throw HTTPError(
            code: 2, message: "libcurl \(text) is too old for \(what): \(needed.0).\(needed.1) is needed",
            neverSent: true)
    }
}
