import AWS

/// What still refers to an image: deleting it ends none of it, but none of it can be made again.
public struct ImageUsers: Sendable, Codable, Equatable {
    /// Instances that were launched from it and are not gone.
    public var instances: [String] = []
    /// Launch templates, parameters and recipes, by their ARNs.
    public var others: [String] = []

    /// Everything.
    public var all: [String] { instances + others }
}

extension Environment {
    /// DescribeImageReferences takes no more.
    private static let mostImages = 10

    /// Asks AWS who uses images of this account, by the image's id. Who else has launched from an image that is shared or public
    /// tells nobody. EC2 DescribeInstances, DescribeImageReferences.
    func users(of images: [NodeImage]) async throws -> [String: ImageUsers] {
        guard !images.isEmpty else { return [:] }
        async let instances = instances(from: images)
        let found = try await images.groups(of: Self.mostImages).concurrentMap { try await references(to: $0) }
        var users: [String: ImageUsers] = [:]
        for instance in try await instances {
            users[instance.imageID.rawValue, default: ImageUsers()].instances.append(instance.id.rawValue)
        }
        // Instances that are gone may be among the references for a while.
        for reference in found.joined() where reference.resourceType != "ec2:Instance" {
            users[reference.imageID.rawValue, default: ImageUsers()].others.append(reference.arn)
        }
        return users
    }

    /// Instances that are not gone.
    private func instances(from images: [NodeImage]) async throws -> [Instance] {
        let alive = Instance.alive
        let groups = images.map(\.id).groups(of: Filter.mostValues - alive.values.count)
        return try await groups.concurrentMap { group in
            try await aws.all(DescribeInstances(filters: [Filter("image-id", group), alive]))
        }.flatMap { $0 }
    }

    private func references(to images: [NodeImage]) async throws -> [ImageReference] {
        do {
            return try await aws.all(DescribeImageReferences(imageIDs: images.map(\.imageID)))
        } catch let error as AWSError where error.kind == .permission || error.code == "InvalidAction" {
            events(
                .warning(
                    "Only instances are looked for: AWS does not say which launch templates, parameters and recipes refer to "
                        + "the image (\(error.code)); see AmazonEC2ImageReferencesAccessPolicy in docs/aws-setup.md"))
            return []
        } catch let error as AWSError where error.kind == .notYetVisible {
            // One was deregistered meanwhile, and AWS says nothing of the others either.
            guard images.count > 1 else { return [] }
            return try await images.concurrentMap { try await references(to: [$0]) }.flatMap { $0 }
        }
    }
}
