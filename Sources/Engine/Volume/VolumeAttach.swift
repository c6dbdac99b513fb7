import AWS

extension Environment {
    /// Gives a node a data volume. What is on it is mounted by the node, never formatted.
    ///
    /// The volume takes the node's name first: a run that comes after a kill finds it by that name.
    /// EC2 DescribeVolumes, CreateTags, AttachVolume; and a command on a node that runs.
    /// - Returns: the volume as EC2 shows it afterwards; the same when it was there already.
    public func attach(_ volume: DataVolume, to node: Node, via: RemoteRoute?) async throws -> DataVolume {
        var attached = volume
        if volume.instance != node.instance {
            try refuseUnlessFitting(volume, node)
            try await adopt(volume, name: node.name)
            attached = try await connect(volume, to: node)
        }
        if node.state == "running" { try await mount(attached, node, via) }
        return attached
    }

    private static let mountCommand =
        "mountpoint -q /data || systemctl restart --no-block cloudrails-bootstrap.service"

    /// The node's bootstrap mounts what is there and starts the client; it skips what is done.
    private func mount(_ volume: DataVolume, _ node: Node, _ via: RemoteRoute?) async throws {
        do {
            try await step("mount", "mounting it on \(node.name)", done: { "begun" }) {
                try await onNode(["sh", "-c", Self.mountCommand], node, via)
            }
        } catch var problem as Problem {
            problem.summary = "\(volume.id) is attached, but not mounted yet: \(problem.summary)"
            problem.fix = (problem.fix.map { "\($0); then " } ?? "") + "run the same command again"
            throw problem
        }
    }

    private func refuseUnlessFitting(_ volume: DataVolume, _ node: Node) throws {
        if let other = volume.instance {
            throw Problem(
                "\(volume.id) is in use", cause: "\(other) has it", fix: "cloudrails volume detach \(volume.id)")
        }
        if let own = node.dataVolume {
            throw Problem(
                "\(node.name) has a data volume", cause: "it is \(own)", fix: "cloudrails volume detach \(own)")
        }
        guard volume.target == node.target else {
            throw Problem(
                "\(volume.id) holds \(volume.target), and \(node.name) runs \(node.target)",
                fix: "choose another volume: cloudrails volume list", kind: .usage)
        }
        guard volume.zone == node.zone else {
            throw Problem(
                "\(volume.id) is in \(volume.zone), and \(node.name) in \(node.zone)",
                cause: "a volume never leaves its zone",
                fix: "cloudrails node launch \(volume.target) --volume \(volume.id)", kind: .usage)
        }
        guard ["running", "stopped"].contains(node.state) else {
            throw Problem(
                "\(node.name) is \(node.state)", cause: "only a running or a stopped instance takes a volume",
                fix: "run the same command again in a minute", kind: .tryLater)
        }
    }

    /// Gives a volume a node's name, unless it has it.
    func adopt(_ volume: DataVolume, name: String) async throws {
        guard volume.node != name else { return }
        _ = try await aws.call(
            CreateTags(resources: [volume.id], tags: [Tag(Tags.node, name), Tag("Name", name)]))
    }

    /// Attaches a volume that is free, or becomes free now, and waits until the machine has it.
    func connect(_ volume: DataVolume, to node: Node) async throws -> DataVolume {
        try await step("attach", "attaching \(volume.id) to \(node.name)", done: { _ in Launch.dataDevice }) {
            try await waitUntilFree(volume, for: node)
            _ = try await unlessAlready("VolumeInUse") {
                try await settled(
                    AttachVolume(
                        volumeID: volume.volumeID, instanceID: node.id,
                        device: Launch.dataDevice))
            }
            return try await waitUntilAttached(volume, node)
        }
    }

    /// A machine that is being terminated lets go of its volumes late.
    private func waitUntilFree(_ volume: DataVolume, for node: Node) async throws {
        guard !isPlan, volume.state != "available" else { return }
        _ = try await patience.poll(limit: nil) { () async throws -> Bool? in
            let now = try await latest(volume)
            return now.state == "available" || now.instance == node.instance ? true : nil
        }
    }

    private func waitUntilAttached(_ volume: DataVolume, _ node: Node) async throws -> DataVolume {
        guard !isPlan else { return volume }
        let filters = [Filter("volume-id", [volume.id])]
        let attached = try await patience.poll(limit: nil) { () async throws -> DataVolume? in
            guard let now = try await aws.all(DescribeVolumes(filters: filters)).first else { return nil }
            let attachment = now.attachments.first
            if let other = attachment?.instanceID, other.rawValue != node.instance {
                throw Problem("\(volume.id) went to another machine", cause: "\(other) has it")
            }
            return attachment?.state == "attached" ? DataVolume(now) : nil
        }
        return attached ?? volume
    }

    /// Takes a data volume from its node and waits until it is free. On a node that runs, the client is stopped cleanly and
    /// the file system unmounted first. EC2 DescribeInstances, DetachVolume, DescribeVolumes; and commands on the node.
    public func detach(_ volume: DataVolume, via: RemoteRoute?) async throws -> DataVolume {
        guard let instance = volume.instance else { return volume }
        let node = try await nodes(named: volume.node).first { $0.instance == instance }
        if let node, node.state == "running" {
            // AWS never lets go of a volume that is mounted, so there is no way without asking the node.
            try await stopClient(
                node, via, otherwise: "cloudrails node stop \(node.name) --force, and then the same command")
            try await onNode(["sh", "-c", "! mountpoint -q /data || umount /data"], node, via)
        }
        return try await disconnect(volume)
    }

    private func disconnect(_ volume: DataVolume) async throws -> DataVolume {
        guard let instance = volume.instance else { return volume }
        return try await step("detach", "detaching \(volume.id)", done: { _ in "free" }) {
            _ = try await unlessAlready("IncorrectState") {
                try await aws.call(
                    DetachVolume(volumeID: volume.volumeID, instanceID: InstanceID(rawValue: instance)))
            }
            guard !isPlan else { return volume }
            return try await patience.poll(limit: nil) { () async throws -> DataVolume? in
                let now = try await latest(volume)
                return now.state == "available" ? now : nil
            } ?? volume
        }
    }
}
