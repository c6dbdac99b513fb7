import AWS

extension Environment {
    /// Deletes a data volume that no machine has, and waits until it is gone. Its snapshots stay.
    /// EC2 DeleteVolume, DescribeVolumes.
    /// - Throws: `Problem` when a machine has it.
    public func delete(_ volume: DataVolume) async throws {
        if let instance = volume.instance {
            throw Problem(
                "\(volume.id) is in use", cause: "\(instance) has it, as the data volume of \(volume.node)",
                fix: "cloudrails volume detach \(volume.id), or cloudrails node terminate \(volume.node) --delete-data",
                kind: .refused)
        }
        try await step("delete", "deleting \(volume.id)", done: { _ in "gone" }) {
            _ = try await unlessAlready("InvalidVolume.NotFound") {
                try await aws.call(DeleteVolume(volumeID: volume.volumeID))
            }
            guard !isPlan else { return }
            let filters = [Filter("volume-id", [volume.id])]
            _ = try await patience.poll(limit: nil) { () async throws -> Bool? in
                let now = try await aws.all(DescribeVolumes(filters: filters)).first
                return now == nil || now?.state == "deleted" ? true : nil
            }
        }
    }
}
