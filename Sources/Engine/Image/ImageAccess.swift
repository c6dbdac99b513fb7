import AWS

/// Who may launch an image besides its owner.
public struct ImageAccess: Sendable, Codable {
    /// The image.
    public var image: NodeImage
    /// The accounts that it is shared with.
    public var accounts: [String]
    /// False where it was so already.
    public var isChanged: Bool
}

/// Whom a permission is given to, or taken from.
public enum Audience: Sendable, Equatable {
    /// Everybody.
    case everybody
    /// These accounts.
    case accounts([String])

    /// Accounts, or AWS's word for everybody.
    fileprivate var members: Set<String> {
        switch self {
        case .everybody: [Self.all]
        case .accounts(let ids): Set(ids)
        }
    }

    fileprivate static let all = "all"
}

extension Environment {
    /// The accounts that an image is shared with. EC2 DescribeImageAttribute.
    public func accounts(of image: NodeImage) async throws -> [String] {
        try await members(of: image.imageID).subtracting([Audience.all]).sorted()
    }

    /// Lets everybody, or some accounts, launch an image and read its snapshots.
    ///
    /// The image comes first: where AWS refuses, it does so there, and nothing has changed. Where it refuses a snapshot, all is
    /// taken back: an image whose snapshots cannot be read is worse than none.
    /// EC2 DescribeImageAttribute, DescribeSnapshots, DescribeSnapshotAttribute, ModifyImageAttribute, ModifySnapshotAttribute;
    /// for everybody DescribeImages, GetImageBlockPublicAccessState and GetSnapshotBlockPublicAccessState too.
    /// - Parameters:
    ///   - force: true gives away a crash-consistent image too, with all the secrets of its node; and what looks like a wallet.
    ///   - makeRoom: called where the account's quota is reached; true where it is worth another try.
    public func give(
        _ image: NodeImage, to audience: Audience, force: Bool = false, makeRoom: () async throws -> Bool = { false }
    ) async throws -> ImageAccess {
        let members = try await members(of: image)
        let lacking = members.map { audience.members.subtracting($0) }
        if !lacking.isEmpty {
            try refuseUnfit(image, force: force)
            if audience == .everybody { try await refuseUnpublishable(image) }
            try await add(lacking, to: image, audience, makeRoom: makeRoom)
        }
        return access(image, members.image.union(audience.members), isChanged: !lacking.isEmpty)
    }

    /// All of it, or nothing.
    private func add(
        _ lacking: AccessMembers, to image: NodeImage, _ audience: Audience, makeRoom: () async throws -> Bool
    ) async throws {
        do {
            try await change(image, .add, lacking)
        } catch let error as AWSError where error.kind != .throttled && error.kind != .transient {
            let given = try await members(of: image).overlap(with: lacking)
            try await change(image, .remove, given)
            guard error.kind == .quota, try await makeRoom() else { throw refusal(error, image, audience) }
            try await add(lacking, to: image, audience, makeRoom: { false })
        }
    }

    /// Takes the permission again, from the image first.
    /// EC2 DescribeImageAttribute, DescribeSnapshots, DescribeSnapshotAttribute, ModifyImageAttribute, ModifySnapshotAttribute.
    public func take(_ image: NodeImage, from audience: Audience) async throws -> ImageAccess {
        let members = try await members(of: image)
        let present = members.map { audience.members.intersection($0) }
        try await change(image, .remove, present)
        return access(image, members.image.subtracting(audience.members), isChanged: !present.isEmpty)
    }

    private func access(_ image: NodeImage, _ members: Set<String>, isChanged: Bool) -> ImageAccess {
        var image = image
        image.isPublic = members.contains(Audience.all)
        return ImageAccess(
            image: image, accounts: members.subtracting([Audience.all]).sorted(), isChanged: isChanged)
    }

    /// Who may use an image, and each of its snapshots.
    private func members(of image: NodeImage) async throws -> AccessMembers {
        try refuseForeign(image)
        // One that is only planned has no volumes, and nobody may use it yet.
        if isPlan && image.volumes.isEmpty { return AccessMembers(image: [], snapshots: []) }
        async let launchers = members(of: image.imageID)
        let snapshots = try await snapshotsHeld(by: image)
        if let foreign = snapshots.first(where: { $0.tags[Tags.node] == nil }) {
            throw Problem(
                "\(foreign.id) of \(image.id) does not carry the tag \(Tags.node), so cloudrails does not touch it",
                fix: "cloudrails image show \(image.id)")
        }
        let readers = try await snapshots.concurrentMap { snapshot in
            try await aws.call(DescribeSnapshotAttribute(snapshotID: snapshot.id))
        }
        return AccessMembers(
            image: try await launchers,
            snapshots: zip(snapshots, readers).map { ($0.id, Set($1.compactMap(\.member))) })
    }

    private func members(of image: ImageID) async throws -> Set<String> {
        Set(try await aws.call(DescribeImageAttribute(imageID: image)).compactMap(\.member))
    }

    private func change(_ image: NodeImage, _ operation: AccessOperation, _ who: AccessMembers) async throws {
        guard !who.isEmpty else { return }
        let verb = operation == .add ? "giving access to" : "taking access from"
        try await step("access", "\(verb) \(image.id) and its snapshots", done: { "done" }) {
            if !who.image.isEmpty {
                let (users, groups) = Self.parted(who.image)
                _ = try await aws.call(
                    ModifyImageAttribute(
                        imageID: image.imageID, operationType: operation, userIDs: users, userGroups: groups))
            }
            _ = try await who.snapshots.filter { !$0.members.isEmpty }.concurrentMap { snapshot in
                let (users, groups) = Self.parted(snapshot.members)
                return try await aws.call(
                    ModifySnapshotAttribute(
                        snapshotID: snapshot.id, operationType: operation, userIDs: users, groupNames: groups))
            }
        }
    }

    /// Accounts and groups, which AWS takes apart.
    private static func parted(_ members: Set<String>) -> (users: [String], groups: [String]) {
        (members.filter { $0 != Audience.all }.sorted(), members.filter { $0 == Audience.all }.sorted())
    }
}

extension AccessPermission {
    /// The account, or `all`.
    fileprivate var member: String? { userID ?? group }
}

/// Who may use an image, and each of its snapshots.
private struct AccessMembers {
    var image: Set<String>
    var snapshots: [(id: SnapshotID, members: Set<String>)]

    var isEmpty: Bool { image.isEmpty && snapshots.allSatisfy(\.members.isEmpty) }

    func map(_ change: (Set<String>) -> Set<String>) -> AccessMembers {
        AccessMembers(image: change(image), snapshots: snapshots.map { ($0.id, change($0.members)) })
    }

    /// What is in both.
    func overlap(with other: AccessMembers) -> AccessMembers {
        let others = Dictionary(other.snapshots.map { ($0.id, $0.members) }, uniquingKeysWith: { first, _ in first })
        return AccessMembers(
            image: image.intersection(other.image),
            snapshots: snapshots.map { ($0.id, $0.members.intersection(others[$0.id] ?? [])) })
    }
}
