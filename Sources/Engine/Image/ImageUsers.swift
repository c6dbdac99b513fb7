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
        let filter = Filter("image-id", images.map(\.id))
        async let instances = aws.all(DescribeInstances(filters: [filter, Instance.alive]))
        let starts = stride(from: 0, to: images.count, by: Self.mostImages)
        let groups = starts.map { Array(images[$0..<min($0 + Self.mostImages, images.count)]) }
        let found = try await groups.concurrentMap { try await references(to: $0) }
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
            // Deregistered meanwhile.
            return []
        }
    }
}
