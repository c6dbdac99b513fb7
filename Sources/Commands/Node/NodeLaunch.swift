import AWS
import ChainKit
import CommandLineKit
import Engine

/// `cloudrails node launch TARGET`
struct NodeLaunch: Command {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Launch a node, and make what the network lacks.",
        discussion: """
            Makes the network if there is none, a security group for the target's peer-to-peer ports, and an instance with a \
            data volume, which installs and starts the chain's client by itself. A name that exists already is no error: what \
            is unfinished is finished. A run that was cut short is finished by running the same command again. Without a \
            target, on a terminal, it lets you choose.

            The node starts from the newest image of its target, of your own account or of one that you trust ('cloudrails \
            image trust'), and goes on at that image's block; where there is none, from Ubuntu 24.04 with an empty volume.

            Where 'node terminate' kept the data volume of a node of that name, the new node starts on it, in its zone, and \
            nothing is synced twice; --new-volume takes a new one, --volume any other. A volume that holds data is never \
            formatted.
            """,
        examples: [
            .init("cloudrails node launch ethereum.org/geth-mainnet", "A node with the chain's own settings."),
            .init(
                "cloudrails node launch bitcoin.org/signet --name my-node --zone us-east-2b",
                "Name it, choose its zone."),
            .init(
                "cloudrails node launch bitcoin.org/signet --volume vol-0123456789abcdef0",
                "Go on with data that was kept."),
            .init(
                "cloudrails node launch bitcoin.org/mainnet --fresh", "Sync from the first block, never from an image."),
            .init("cloudrails node launch litecoin.org/mainnet --dry-run", "List the calls that would be made."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: NetworkOptions
    @OptionGroup var machine: MachineOptions
    @OptionGroup var image: ImageOptions
    @OptionGroup var plan: PlanOptions

    private static let targetHelp = "What to run, such as bitcoin.org/mainnet; see 'cloudrails chains list'."

    @Argument(help: targetHelp, valueName: "target", completion: .custom("targets"))
    var target: String?

    @Option(help: "The node's name, unique in the region. Default: the target with '-' for '/'.", valueName: "name")
    var name: String?

    @Option(help: "Open port 22 to a range of IPv4 addresses, or to 'me'.", valueName: "cidr")
    var sshFrom: String?

    @Flag(help: "Do not wait until the instance runs.")
    var noWait: Bool = false

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func validate() throws {
        guard machine.volume != nil, image.isGiven else { return }
        throw UsageError("--volume goes on with data that is there: it goes with no option about images")
    }

    func run(_ context: Context) async throws {
        let range = try sshFrom.map(SSHSource.init)
        guard let target else { return try await pick(range, context) }
        let request = try request(TargetArgument.profile(target), context)
        try await launch(request, range, Session.open(global, context))
    }

    /// Nobody said what to run: on a terminal a person may choose.
    private func pick(_ range: SSHSource?, _ context: Context) async throws {
        guard context.canPick else {
            throw UsageError("<target> is missing: \(Self.targetHelp)", fix: "cloudrails node launch --help")
        }
        if let name { try NodeName.validate(name) }
        _ = try image.choice()
        let session = try await Session.open(global, context)
        let profile = try await LaunchPicker(session: session, machine: machine, image: image).pick()
        try await launch(request(profile, context), range, session)
    }

    private func request(_ profile: any ChainProfile, _ context: Context) throws -> LaunchRequest {
        var request = try machine.request(profile, name: name ?? profile.target.defaultNodeName)
        request.network = NetworkRequest(
            names: try options.names(), keyFile: try options.keyFilePath(context), target: TargetPorts(profile),
            takesRoleAsItIs: options.role != nil)
        request.image = try image.choice()
        request.copyImageFrom = image.copyImage
        request.initializationRate = image.initializationRate ?? profile.disk.initializationRateMiBps
        try request.validate()
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        Self.warnIfOutdated(profile, context)
        return request
    }

    private func launch(_ wanted: LaunchRequest, _ range: SSHSource?, _ session: Session) async throws {
        var request = wanted
        request.network.sshFrom = try await range?.resolve(session)
        request = try await session.environment.fitArchitecture(request, isChosen: machine.arch != nil)
        let survey = try await session.environment.survey(request)
        try ask(request, survey, session)
        let userData = try UserData.make(
            profile: request.profile, node: request.name, architecture: request.architecture, region: session.region,
            data: survey.volume == nil && survey.image == nil ? .new : .existing)
        try await plan.run(session) { environment in
            let result = try await environment.launch(request, userData: try await userData.sent(), survey)
            guard !environment.isPlan else { return }
            var node = result.node
            if !noWait && node.state == "pending" { node = try await environment.waitUntilRunning(node) }
            node.initialization = try await environment.initialization(of: result, on: node)
            let launched = LaunchedNode(
                account: survey.account, region: session.region, isNew: result.isNew, image: result.image, node: node)
            try session.context.emit(launched) { launched.text }
        }
    }

    /// Shows what would be made and asks, unless the node is there already.
    private func ask(_ request: LaunchRequest, _ survey: LaunchSurvey, _ session: Session) throws {
        let context = session.context
        if let existing = survey.existing {
            context.note(
                "\(existing.name) exists: \(existing.instance), \(existing.type), \(existing.state) in \(existing.zone)"
            )
            if survey.volume == nil, existing.dataVolume == nil, existing.state != "pending" {
                context.warn("It has no data volume: cloudrails volume attach VOLUME \(existing.name)")
            }
            return
        }
        try refuseToGuess(survey)
        try refuseSmallDisk(survey)
        context.note(LaunchSummary(request: request, survey: survey, region: session.region).text)
        guard !plan.dryRun && !yes else { return }
        try context.confirm(survey.volume.map { "Launch it on the data of \($0.id)?" } ?? "Launch it?")
    }

    /// Words about a new volume, and a kept one that nobody mentioned: either may be meant.
    private func refuseToGuess(_ survey: LaunchSurvey) throws {
        guard let volume = survey.volume, machine.volume == nil, machine.describesVolume || image.isGiven
        else { return }
        throw Problem(
            "A data volume was kept of a node of that name", cause: "\(volume.id), \(volume.inWords)",
            fix: "--volume \(volume.id) to go on with it, --new-volume for a new one as you describe it", kind: .usage)
    }

    /// A volume is never smaller than the snapshot that it is made from.
    private func refuseSmallDisk(_ survey: LaunchSurvey) throws {
        guard let size = machine.diskSize, let image = survey.image, let data = image.dataVolume, size < data.sizeGiB
        else { return }
        throw Problem(
            "\(size) GiB cannot hold what is on \(image.id)", cause: "its data volume has \(data.sizeGiB) GiB",
            fix: "--disk-size \(data.sizeGiB) or more, or leave it out", kind: .usage)
    }

    private static func warnIfOutdated(_ profile: any ChainProfile, _ context: Context) {
        if case .outdated(let reason) = profile.validity {
            context.warn("The pinned release of \(profile.target) is outdated: \(reason)")
        }
    }
}

/// What `node launch --json` prints.
struct LaunchedNode: Codable {
    var account: String
    var region: String
    var isNew: Bool
    var image: NodeImage?
    var node: Node

    var text: String {
        let state = isNew ? "is \(node.state)" : "was there already and is \(node.state)"
        var lines = [
            "\(node.name) \(state): \(node.instance) in \(node.zone)\(node.publicAddress.map { ", \($0)" } ?? "")"
        ]
        if node.state == "stopped" {
            lines.append("It is stopped: cloudrails node start \(node.name)")
        }
        if let loading = node.initialization {
            lines.append("Its data volume is loading from the image's snapshot: \(loading.inWords)")
            lines.append("Ready when it is done: cloudrails node wait \(node.name) --until synced")
        }
        lines.append("Next: cloudrails node show \(node.name)")
        return lines.joined(separator: "\n")
    }
}
