import AWS
import ChainKit

/// Which volume a launch starts on.
extension Environment {
    /// The volume that was named, or those that were kept of a node of that name. EC2 DescribeVolumes.
    func candidates(_ request: LaunchRequest) async throws -> [DataVolume] {
        switch request.data {
        case .new: []
        case .volume(let id): [try await dataVolume(id)]
        case .keptOrNew: try await dataVolumes(ofNode: request.name)
        }
    }

    /// The volume to start on. A node that lives and has its volume needs none; one whose launch was cut short before its
    /// volume was attached needs the same one again. A machine that is ending has not let go of its volume yet.
    func chosen(
        _ volumes: [DataVolume], _ request: LaunchRequest, existing: Node?, gone: [Node]
    ) throws -> DataVolume? {
        if case .volume = request.data, let volume = volumes.first { return try checked(volume, request, existing) }
        guard existing?.dataVolume == nil else { return nil }
        let target = request.profile.target.description
        let ending = Set(gone.map(\.instance))
        let kept = volumes.filter { volume in
            volume.target == target && volume.instance.map(ending.contains) ?? (volume.state == "available")
        }
        guard kept.count < 2 else {
            var problem = Self.several(kept, request.name)
            problem.fix = "choose one with --volume, or --new-volume for a new one"
            throw problem
        }
        return kept.first
    }

    private func checked(_ volume: DataVolume, _ request: LaunchRequest, _ existing: Node?) throws -> DataVolume? {
        guard volume.target == request.profile.target.description else {
            throw Problem(
                "\(volume.id) holds \(volume.target)", cause: "\(request.profile.target) cannot use it",
                fix: "choose another volume: cloudrails volume list", kind: .usage)
        }
        if let existing, let own = existing.dataVolume {
            if own == volume.id { return nil }
            throw Problem(
                "\(existing.name) exists, and it has another data volume", cause: "it is \(own)",
                fix: "choose another name with --name", kind: .usage)
        }
        if let instance = volume.instance {
            throw Problem(
                "\(volume.id) is in use", cause: "\(instance) has it",
                fix: "cloudrails volume detach \(volume.id), or choose another: cloudrails volume list")
        }
        return volume
    }

    /// A volume never leaves its zone, so the machine goes there.
    func checkZone(of volume: DataVolume, _ survey: LaunchSurvey, _ request: LaunchRequest) throws {
        if let zone = request.zone, zone != volume.zone {
            throw Problem(
                "\(volume.id) is in \(volume.zone), not in \(zone)", cause: "a volume never leaves its zone",
                fix: "leave --zone out", kind: .usage)
        }
        if !survey.offered.contains(volume.zone) {
            throw Problem(
                "\(volume.zone), where \(volume.id) is, does not offer \(request.instanceType)",
                cause: "it is offered in \(survey.offered.joined(separator: ", "))",
                fix: "choose another type with --instance-type", kind: .usage)
        }
    }
}
