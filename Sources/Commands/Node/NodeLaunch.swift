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
            Makes the network if there is none, a security group for the target's peer-to-peer ports, and an instance of \
            Ubuntu 24.04 with a data volume, which installs and starts the chain's client by itself. A name that exists \
            already is no error: what is unfinished is finished. A run that was cut short is finished by running the same \
            command again.

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
            .init("cloudrails node launch litecoin.org/mainnet --dry-run", "List the calls that would be made."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: NetworkOptions
    @OptionGroup var machine: MachineOptions
    @OptionGroup var plan: PlanOptions

    @Argument(
        help: "What to run, such as bitcoin.org/mainnet; see 'cloudrails chains list'.", valueName: "target",
        completion: .custom("targets"))
    var target: String

    @Option(help: "The node's name, unique in the region. Default: the target with '-' for '/'.", valueName: "name")
    var name: String?

    @Option(help: "Open port 22 to a range of IPv4 addresses, or to 'me'.", valueName: "cidr")
    var sshFrom: String?

    @Flag(help: "Do not wait until the instance runs.")
    var noWait: Bool = false

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func run(_ context: Context) async throws {
        let profile = try TargetArgument.profile(target)
        let range = try sshFrom.map(SSHSource.init)
        var request = try machine.request(profile, name: name ?? profile.target.defaultNodeName)
        request.network = NetworkRequest(
            names: try options.names(), keyFile: try options.keyFilePath(context), target: TargetPorts(profile),
            takesRoleAsItIs: options.role != nil)
        try request.validate()
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        Self.warnIfOutdated(profile, context)

        let session = try await Session.open(global, context)
        request.network.sshFrom = try await range?.resolve(session)
        request = try await session.environment.fitArchitecture(request, isChosen: machine.arch != nil)
        try await launch(request, session)
    }

    private func launch(_ request: LaunchRequest, _ session: Session) async throws {
        let context = session.context
        let userData = try UserData.make(
            profile: request.profile, node: request.name, architecture: request.architecture, region: session.region)
        let survey = try await session.environment.survey(request)
        if let existing = survey.existing {
            context.note(
                "\(existing.name) exists: \(existing.instance), \(existing.type), \(existing.state) in \(existing.zone)"
            )
            if survey.volume == nil, existing.dataVolume == nil, existing.state != "pending" {
                context.warn("It has no data volume: cloudrails volume attach VOLUME \(existing.name)")
            }
        } else {
            try refuseToGuess(survey)
            context.note(Self.summary(request, survey, session))
            if !plan.dryRun && !yes {
                try context.confirm(survey.volume.map { "Launch it on the data of \($0.id)?" } ?? "Launch it?")
            }
        }
        try await plan.run(session) { environment in
            let result = try await environment.launch(request, userData: try userData.sent(), survey)
            guard !environment.isPlan else { return }
            var node = result.node
            if !noWait && node.state == "pending" { node = try await environment.waitUntilRunning(node) }
            let launched = LaunchedNode(
                account: survey.account, region: session.region, isNew: result.isNew, node: node)
            try context.emit(launched) { launched.text }
        }
    }

    /// Words about a new volume, and a kept one that nobody mentioned: either may be meant.
    private func refuseToGuess(_ survey: LaunchSurvey) throws {
        guard let volume = survey.volume, machine.volume == nil, machine.describesVolume else { return }
        throw Problem(
            "A data volume was kept of a node of that name", cause: "\(volume.id), \(volume.inWords)",
            fix: "--volume \(volume.id) to go on with it, --new-volume for a new one as you describe it", kind: .usage)
    }

    private static func summary(_ request: LaunchRequest, _ survey: LaunchSurvey, _ session: Session) -> String {
        let disk = request.disk
        let new =
            "\(disk.sizeGiB) GiB \(disk.type)\(disk.iops.map { ", \($0) IOPS" } ?? "")"
            + "\(disk.throughputMiBps.map { ", \($0) MiB/s" } ?? "")"
        return """
            Account \(survey.account), region \(session.region)
            Node    \(request.name): \(request.profile.title)
            Machine \(request.instanceType) (\(request.architecture.rawValue))\(request.isSpot ? ", spot" : "")
            Disk    \(survey.volume.map { "\($0.id), \($0.inWords): its data is gone on with" } ?? new)
            """
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
    var node: Node

    var text: String {
        let state = isNew ? "is \(node.state)" : "was there already and is \(node.state)"
        var lines = [
            "\(node.name) \(state): \(node.instance) in \(node.zone)\(node.publicAddress.map { ", \($0)" } ?? "")"
        ]
        if node.state == "stopped" {
            lines.append("It is stopped: cloudrails node start \(node.name)")
        }
        lines.append("Next: cloudrails node show \(node.name)")
        return lines.joined(separator: "\n")
    }
}
