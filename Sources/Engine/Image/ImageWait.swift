import AWS

extension Environment {
    /// Waits until an image can be launched; AWS may take hours. Leaving the wait loses nothing.
    /// EC2 DescribeImages, DescribeSnapshots.
    /// - Throws: `Problem` when AWS could not make it, which removes it, or when it is gone.
    public func waitUntilAvailable(_ image: NodeImage) async throws -> NodeImage {
        guard image.state != "available" else { return image }
        if isPlan { return image.planned }
        let settles = ContinuousClock.now + patience.consistencyWindow
        let ended = try await step("available", "copying \(image.id)", done: { $0?.state ?? "" }) {
            try await patience.slow.poll(limit: nil) { () async throws -> Image? in
                async let snapshots = snapshots(of: image)
                let asked = DescribeImages(owners: ["self"], filters: [Filter("image-id", [image.id])])
                guard let now = try await aws.all(asked).first else {
                    if ContinuousClock.now < settles { return nil }
                    throw Problem(
                        "\(image.id) is gone", cause: "somebody has removed it", fix: "run the same command again")
                }
                events(.progressed(id: "available", detail: ImageProgress(try await snapshots).text()))
                return now.state == "pending" ? nil : now
            }
        }
        guard let ended, ended.state == "available" else { throw try await removed(image, ended) }
        var available = NodeImage(ended, region: region, trusted: []) ?? image
        // Its newest tag may not show yet.
        available.consistency = image.consistency
        return available
    }

    private func removed(_ image: NodeImage, _ ended: Image?) async throws -> Problem {
        try await removeHalfMade(image)
        return Problem(
            "AWS could not make \(image.id) (\(ended?.state ?? "unknown")); it is removed", cause: ended?.stateReason,
            fix: "run the same command again", kind: .tryLater)
    }
}

extension NodeImage {
    /// What a plan supposes of an image that is being made.
    fileprivate var planned: NodeImage {
        var image = self
        image.state = "available"
        return image
    }
}
