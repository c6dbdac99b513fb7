/// One pinned release of one client program.
public struct Release: Sendable {
    /// A publisher's signature. The key itself is fetched by its fingerprint, which nobody can forge.
    public struct Signature: Sendable {
        /// The OpenPGP fingerprint that must have signed, 40 hex digits.
        public var fingerprint: String
        /// The signed list of SHA-256 sums that names the artifact; nil where each artifact has a signature of its own
        /// beside it. The signature is at the same address with `.asc` appended.
        public var manifest: String?

        /// A signature from its parts.
        public init(fingerprint: String, manifest: String? = nil) {
            self.fingerprint = fingerprint
            self.manifest = manifest
        }
    }

    /// The file for one architecture.
    public struct Artifact: Sendable {
        /// Where it is downloaded from, over TLS.
        public var url: String
        /// Its SHA-256, 64 hex digits; nil where only a signature exists.
        public var sha256: String?

        /// An artifact from its parts.
        public init(url: String, sha256: String?) {
            self.url = url
            self.sha256 = sha256
        }
    }

    /// The program, such as `geth`.
    public var client: String
    /// Its exact version.
    public var version: String
    /// The file per architecture.
    public var artifacts: [Architecture: Artifact]
    /// The publisher's signature, where there is one.
    public var signature: Signature?

    /// A release from its parts.
    public init(
        client: String, version: String, artifacts: [Architecture: Artifact], signature: Signature? = nil
    ) {
        self.client = client
        self.version = version
        self.artifacts = artifacts
        self.signature = signature
    }
}

/// Whether a pin still serves its network.
public enum Validity: Sendable, Equatable {
    /// Nothing speaks against it.
    case current
    /// The network has moved on: a launch warns with this reason.
    case outdated(String)
    /// The client must not run any more: a launch refuses with this reason.
    case mustNotRun(String)
}

/// Where facts come from.
public struct Source: Sendable {
    /// What was read there.
    public var fact: String
    /// Address or repository and path.
    public var place: String

    /// A source from its parts.
    public init(_ fact: String, _ place: String) {
        self.fact = fact
        self.place = place
    }
}
