import AWS
import ChainKit

/// What a launch came to.
public struct LaunchResult: Sendable {
    /// The node as AWS shows it.
    public var node: Node
    /// False when the node was there before.
    public var isNew: Bool
    /// The image that it was launched from; nil for one that begins with an empty volume, or goes on with its own.
    public var image: NodeImage?
    /// True when its data volume was made from a snapshot, and may have blocks to load still.
    var isFromSnapshot: Bool
}

/// What RunInstances came to.
private struct MadeNode {
    var node: Node
    /// False when an earlier launch made it, perhaps from another image.
    var isNew: Bool
}

/// How a node is launched.
public enum Launch {
    /// What the data volume is called towards EC2. On Nitro the kernel calls it otherwise: the node finds it by volume id.
    static let dataDevice = "/dev/xvdf"
    /// The root volume holds the system and the client programs, GiB.
    static let rootSizeGiB = 20
    /// How many launches under one name AWS may remember: each that was followed by a terminate is remembered for a day.
    static let generations = 20
}

extension Environment {
    /// Makes what the network lacks, then the node; finishes what an earlier launch of that name began.
    public func launch(
        _ request: LaunchRequest, userData: [UInt8], _ survey: LaunchSurvey
    ) async throws -> LaunchResult {
        if let existing = survey.existing {
            try await finish(existing, request, survey)
            let node = try await settle(existing, on: survey.volume)
            return LaunchResult(node: node, isNew: false, isFromSnapshot: survey.hasSnapshot)
        }
        async let boot = bootImage(request, survey)
        let site = try await prepareSite(request, survey)
        let (image, origin) = try await boot
        let run = LaunchCall(
            request: request, userData: userData, image: image, groups: site.groups,
            vpc: site.vpc, gone: survey.gone.map(\.instance).sorted(), hasVolume: survey.volume != nil)
        // By its name a run that comes after a kill finds the volume again.
        if let volume = survey.volume { try await adopt(volume, name: request.name) }
        let made = try await step("instance", "\(request.instanceType) \(request.name)", done: Self.whereItIs) {
            try await firstWithCapacity(run, site.subnets)
        }
        return LaunchResult(
            node: try await settle(made.node, on: survey.volume), isNew: made.isNew, image: made.isNew ? origin : nil,
            isFromSnapshot: origin != nil || survey.hasSnapshot)
    }

    /// The node's image that was chosen, copied to this region where it is elsewhere, else Ubuntu's.
    private func bootImage(
        _ request: LaunchRequest, _ survey: LaunchSurvey
    ) async throws -> (BootImage, origin: NodeImage?) {
        guard let image = survey.image else {
            return (BootImage(try await ubuntuImage(request.architecture, parameter: survey.imageParameter)), nil)
        }
        guard image.region != region else { return (BootImage(image), image) }
        // An earlier run may have begun the copy: then that one is waited for.
        let copy = try await waitUntilCopied(try await copy(image, to: region).image)
        return (BootImage(copy), copy)
    }

    /// Attaches the volume that the node starts on. EC2 takes it once the machine runs; the node waits for it.
    private func settle(_ node: Node, on volume: DataVolume?) async throws -> Node {
        guard let volume, node.dataVolume == nil else { return node }
        try await adopt(volume, name: node.name)
        let ready = node.state == "stopped" ? node : try await waitUntilRunning(node)
        // While it starts, EC2 does not show the volumes yet that it was launched with.
        guard ready.dataVolume == nil else { return ready }
        _ = try await connect(volume, to: ready)
        guard !isPlan else { return node }
        return try await nodes(named: node.name).first { $0.instance == node.instance } ?? ready
    }

    private static func whereItIs(_ made: MadeNode) -> String { "\(made.node.instance) in \(made.node.zone)" }

    /// An existing node's network may still lack parts. Its own settings are not changed.
    private func finish(_ node: Node, _ request: LaunchRequest, _ survey: LaunchSurvey) async throws {
        guard let vpc = survey.network.vpc, node.vpc == vpc.id.rawValue else { return }
        _ = try await ensureNetwork(request.network, found: survey.network)
    }

    /// Tries the zones one after the other: a zone without capacity says so at once.
    private func firstWithCapacity(_ run: LaunchCall, _ subnets: [Subnet]) async throws -> MadeNode {
        var full: [String] = []
        for subnet in subnets {
            do {
                return try await runOnce(run, subnet)
            } catch let error as AWSError where error.kind == .capacity {
                full.append(subnet.availabilityZone)
                events(.note("\(subnet.availabilityZone) has no \(run.request.instanceType) free (\(error.code))"))
            }
        }
        throw Problem(
            "AWS has no \(run.request.instanceType) free in \(full.joined(separator: ", "))",
            cause: "capacity comes and goes by the hour",
            fix: "try again later, or another type with --instance-type, or another region with --region",
            kind: .tryLater)
    }

    /// Makes the instance with a token that follows from its name: a run that comes after a lost answer, or after a kill,
    /// makes the same call and gets the same instance.
    private func runOnce(_ run: LaunchCall, _ subnet: Subnet) async throws -> MadeNode {
        for generation in 0..<Launch.generations {
            do {
                let instance = try await onceRoleIsVisible(run.operation(in: subnet, generation: generation))
                guard let node = Node(instance) else { throw Problem("AWS made \(instance.id) without its tags") }
                if node.isAlive { return MadeNode(node: node, isNew: true) }
                // The token is remembered for a node of that name that is gone by now.
            } catch let error as AWSError where error.code == "IdempotentInstanceTerminated" {
                // The same, as EC2 says it since January 2025 (https://github.com/boto/boto3/issues/4406). The instance may
                // show no more: tokens are kept for a day, terminated instances for about an hour.
                continue
            } catch let error as AWSError where error.code == "IdempotentParameterMismatch" {
                // The token was used with other parameters: by a node that is gone, or by a launch that does not show yet.
                let found = try await patience.poll(limit: patience.consistencyWindow) {
                    try await nodes(named: run.request.name).first(where: \.isAlive)
                }
                if let found { return MadeNode(node: found, isNew: false) }
            }
        }
        throw Problem(
            "AWS still remembers \(Launch.generations) earlier launches of \(run.request.name)",
            cause: "it does so for a day or more after their nodes are terminated",
            fix: "choose another name with --name, or try again tomorrow", kind: .tryLater)
    }

    /// EC2 learns of a new instance profile some seconds after IAM has made it, and until then says that it is invalid.
    private func onceRoleIsVisible(_ operation: RunInstances) async throws -> Instance {
        var last: AWSError?
        let instance = try await patience.poll(limit: patience.iamPropagation) { () async throws -> Instance? in
            do {
                return try await settled(operation)
            } catch let error as AWSError where Self.isRoleInvisible(error) {
                last = error
                events(.progressed(id: "instance", detail: "waiting until EC2 knows the IAM role"))
                return nil
            }
        }
        if let instance { return instance }
        throw last ?? OutcomeUnknown(action: RunInstances.action, cause: CancellationError())
    }

    /// The code is as general as it can be, so the shortest stable part of the message has to serve.
    private static func isRoleInvisible(_ error: AWSError) -> Bool {
        error.code == "InvalidParameterValue" && error.message.contains("iamInstanceProfile")
            || error.code == "InvalidParameterValue" && error.message.contains("IAM Instance Profile")
    }
}
