/// A key pair as AWS knows it: its public half.
public struct KeyPairInfo: Sendable {
    /// Its id.
    public var keyPairID: KeyPairID
    /// Its name, unique in the region.
    public var keyName: String
    /// What tells it from others: imported RSA keys show MD5, keys made by AWS SHA-1, ED25519 keys SHA-256 in base64.
    public var keyFingerprint: String
    /// Its tags.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        keyPairID = try xml.id("keyPairId")
        keyName = xml["keyName"] ?? ""
        keyFingerprint = xml["keyFingerprint"] ?? ""
        tags = xml.tags
    }

    fileprivate init(planned call: ImportKeyPair) {
        keyPairID = "key-planned"
        keyName = call.keyName
        keyFingerprint = ""
        tags = Tag.dictionary(call.tags)
    }
}

/// The id of a key pair.
public typealias KeyPairID = ResourceID<KeyPairInfo>

/// EC2 DescribeKeyPairs, which knows no pages.
public struct DescribeKeyPairs: EC2Operation, ReadOperation {
    /// Key pairs.
    public typealias Output = [KeyPairInfo]
    /// Which ones.
    public var filters: [Filter]

    /// All that fit.
    public init(filters: [Filter] = []) { self.filters = filters }

    func encode(to form: inout QueryForm) { form.set(filters) }

    static func decode(_ answer: XMLElement) throws -> [KeyPairInfo] { try answer.list("keySet").map(KeyPairInfo.init) }
}

/// EC2 ImportKeyPair. Its name is its natural key: a repeat answers `InvalidKeyPair.Duplicate`.
public struct ImportKeyPair: EC2Operation, DryRunnable {
    /// The key pair.
    public typealias Output = KeyPairInfo
    /// Its name.
    public var keyName: String
    /// The public half, as OpenSSH writes it.
    public var publicKeyMaterial: String
    /// Tags on it.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// Never repeated blindly.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(keyName: String, publicKeyMaterial: String, tags: [Tag]) {
        self.keyName = keyName
        self.publicKeyMaterial = publicKeyMaterial
        self.tags = tags
    }

    /// What a plan shows.
    public var planned: KeyPairInfo { KeyPairInfo(planned: self) }

    func encode(to form: inout QueryForm) {
        form.set("KeyName", keyName)
        form.set("PublicKeyMaterial", Base64.encode(Array(publicKeyMaterial.utf8)))
        form.set(tags, on: "key-pair")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> KeyPairInfo {
        try KeyPairInfo(answer)
    }
}

/// EC2 DeleteKeyPair. Deletes the public half in AWS.
public struct DeleteKeyPair: EC2Operation, SilentOperation, DryRunnable {
    /// The key pair.
    public var keyPairID: KeyPairID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers that it is gone, or nothing.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(keyPairID: KeyPairID) {
        self.keyPairID = keyPairID
    }

    func encode(to form: inout QueryForm) {
        form.set("KeyPairId", keyPairID)
        form.setDryRun(dryRun)
    }
}
