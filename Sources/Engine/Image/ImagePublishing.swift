import AWS

/// What stands in the way of letting others use an image, and what to do about it.
extension Environment {
    /// AWS lets an account have so many public images in a region, unless it was asked for more
    /// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-quotas.html).
    private static let usualPublicImages = 5

    /// Looks at all that AWS would refuse to make public, before anything is changed.
    /// EC2 DescribeImages, GetImageBlockPublicAccessState, GetSnapshotBlockPublicAccessState.
    func refuseUnpublishable(_ image: NodeImage) async throws {
        if image.isEncrypted { throw encrypted(image, .everybody, requestID: nil) }
        async let others = aws.all(
            DescribeImages(owners: ["self"], filters: [Filter("is-public", ["true"])]))
        try await refuseBlockedAccess()
        let count = try await others.filter { $0.id != image.imageID }.count
        if count >= Self.usualPublicImages {
            events(
                .note(
                    "\(count) images of this account are public in \(region); without a raise AWS allows "
                        + "\(Self.usualPublicImages)"))
        }
    }

    /// Looks at what the account may not make public at all. EC2 GetImageBlockPublicAccessState, GetSnapshotBlockPublicAccessState.
    func refuseBlockedAccess() async throws {
        async let imageBlock = aws.call(GetImageBlockPublicAccessState())
        async let snapshotBlock = aws.call(GetSnapshotBlockPublicAccessState())
        try refuseBlocked(try await imageBlock, "images", "image")
        try refuseBlocked(try await snapshotBlock, "snapshots", "snapshot")
    }

    /// Refuses what nobody else is to have: what is not known to be whole, what was never scrubbed, and wallets.
    /// - Parameter force: true only warns of what was never scrubbed, and of wallets.
    func refuseUnfit(_ image: NodeImage, force: Bool) throws {
        guard image.state == "available" else {
            throw Problem(
                "\(image.id) is \(image.state)", cause: image.stateReason,
                fix: "wait until 'cloudrails image show \(image.id)' says available")
        }
        guard image.isGood else {
            throw Problem(
                "\(image.id) is not known to be whole", cause: "it says nothing of how its data was, or is half-made",
                fix: "make another: cloudrails image create NODE")
        }
        guard let (summary, secrets) = image.secrets else { return }
        guard force else {
            throw Problem(
                summary, cause: "for whoever may use it to read: \(secrets)",
                fix: "make another: cloudrails image create NODE; or give it away all the same, with --force")
        }
        events(.warning("\(summary), for whoever may use it to read: \(secrets)."))
    }

    private func refuseBlocked(_ block: BlockPublicAccess, _ what: String, _ word: String) throws {
        guard block.state != "unblocked" else { return }
        let isDecided = block.managedBy == "declarative-policy"
        throw Problem(
            "The account may not make \(what) public in \(region)",
            cause: "block public access for \(what) says \(block.state)"
                + (isDecided ? ", by a policy of the organization" : ""),
            fix: isDecided
                ? "ask whoever manages the organization's declarative policies"
                : "aws ec2 disable-\(word)-block-public-access --region \(region)")
    }

    /// AWS's refusal in words that say what to do.
    func refusal(_ error: AWSError, _ image: NodeImage, _ audience: Audience) -> any Error {
        if error.kind == .quota && audience == .everybody {
            return Problem(
                "The account's quota of public images in \(region) is reached", cause: error.message,
                fix: "withdraw one: cloudrails image unpublish IMAGE; or ask for more: aws service-quotas "
                    + "request-service-quota-increase --service-code ec2 --quota-code L-0E3CBAB9 --region \(region) "
                    + "--desired-value NUMBER",
                requestID: error.requestID)
        }
        if image.isEncrypted && error.kind == .other { return encrypted(image, audience, requestID: error.requestID) }
        if error.code == "OperationNotPermitted" && audience == .everybody {
            return Problem(
                "AWS does not let this account make \(image.id) public", cause: error.message,
                fix: "a change of block public access takes up to ten minutes: run the same command again later",
                kind: .tryLater, requestID: error.requestID)
        }
        if error.code == "InvalidAMIAttributeItemValue" {
            return Problem(
                "AWS does not know one of these accounts", cause: error.message,
                fix: "see the twelve digits of the account's id", kind: .usage, requestID: error.requestID)
        }
        return error
    }

    private func encrypted(_ image: NodeImage, _ audience: Audience, requestID: String?) -> Problem {
        audience == .everybody
            ? Problem(
                "\(image.id) cannot be public: its snapshots are encrypted", cause: "and so is every copy of them",
                fix:
                    "make the image of a node whose volumes are not encrypted, in an account where EBS does not encrypt by "
                    + "default (aws ec2 get-ebs-encryption-by-default --region \(region))",
                requestID: requestID)
            : Problem(
                "\(image.id) cannot be shared: its snapshots are encrypted with EBS's own key",
                cause: "which no other account can use",
                fix:
                    "make the image of a node whose volumes are not encrypted, or encrypted with a key of yours which the other "
                    + "account may use",
                requestID: requestID)
    }
}

extension NodeImage {
    /// What on it is nobody else's: what that is called, and what it is in detail; nil where it was made to be given away.
    fileprivate var secrets: (summary: String, detail: String)? {
        let wallets = allowed.isEmpty ? nil : allowed
        guard consistency == .crash else { return wallets.map { ("\(id) holds what looks like a wallet", $0) } }
        let detail = "the keys and the identity of that node"
        return ("\(id) was made while its node went on", [detail, wallets].compactMap { $0 }.joined(separator: ", "))
    }
}
