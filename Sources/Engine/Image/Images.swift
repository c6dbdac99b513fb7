import AWS
public import ChainKit

/// How people name an image: by its id, or by its whole name.
public enum ImageHandle {
    /// Refuses what is neither.
    /// - Throws: `Problem` of kind `usage`.
    public static func validate(_ text: String) throws {
        guard isID(text) || ImageName(text) != nil else {
            throw Problem(
                "'\(text)' is neither the id nor the name of a node's image",
                cause: "ids look like ami-0123456789abcdef0, names like "
                    + "cloudrails/bitcoin.org/signet/h000000232000/31.1/20261124T1005Z-arm64",
                fix: "cloudrails image list", kind: .usage)
        }
    }

    static func isID(_ text: String) -> Bool {
        let digits = text.dropFirst(4)
        return text.hasPrefix("ami-") && (8...17).contains(digits.count)
            && digits.allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isUppercase }
    }
}

extension Environment {
    /// The images of nodes, the newest first: the account's own, and those that trusted accounts let it launch. One
    /// DescribeImages; the owners are always named, as anybody may publish an image under any name.
    /// - Parameter target: nil for those of all targets.
    public func images(of target: Target? = nil) async throws -> [NodeImage] {
        let pattern = target.map { "cloudrails/\($0)/*" } ?? "cloudrails/*"
        return try await images(owners: ["self"] + trustedOwners, filters: [Filter("name", [pattern])])
            .sorted { NodeImage.isOlder($1, $0) }
    }

    /// The image that people mean by its id or its name. DescribeImages.
    /// - Throws: `Problem` when there is none, or it is no image of a node.
    public func image(named text: String) async throws -> NodeImage {
        guard let image = try await findImage(named: text) else { throw noImage(named: text) }
        return image
    }

    func noImage(named text: String) -> Problem {
        Problem(
            "There is no image \(text) of a node in \(region)",
            cause: "this account has none, and neither has one that you trust",
            fix: "cloudrails image list, or another region with --region")
    }

    /// The same, or nil where there is none.
    func findImage(named text: String) async throws -> NodeImage? {
        let filter = Filter(ImageHandle.isID(text) ? "image-id" : "name", [text])
        let found = try await images(owners: ["self"] + trustedOwners, filters: [filter])
        // A name is unique in an account, so that several accounts may have it: one's own comes first.
        return found.first(where: \.isOwn) ?? found.first
    }

    func images(owners: [String], filters: [Filter]) async throws -> [NodeImage] {
        try await aws.all(DescribeImages(owners: owners, filters: filters))
            .compactMap { NodeImage($0, region: region, trusted: trustedOwners) }
    }
}
