public import AWS

/// What every workflow needs: AWS, this machine's key files, somewhere to talk to, and patience.
public struct Environment: Sendable {
    /// AWS itself, or a plan that only writes calls down.
    public var aws: any AWSCalling
    /// The region that is worked in, such as `us-east-2`.
    public var region: String
    /// True while a plan is made: nothing exists afterwards, so nothing is waited for and no file is written.
    public var isPlan: Bool
    /// Where progress goes.
    public var events: EventSink
    /// How long AWS is given.
    public var patience: Patience
    /// What reaching into a node needs; nil where nothing does.
    public var remoteSettings: RemoteSettings?
    /// The accounts, besides this one, whose images the user trusts.
    public var trustedOwners: [String] = []

    /// An environment from its parts.
    public init(
        aws: any AWSCalling, region: String, isPlan: Bool = false, patience: Patience = Patience(),
        events: @escaping EventSink = { _ in }
    ) {
        self.aws = aws
        self.region = region
        self.isPlan = isPlan
        self.events = events
        self.patience = patience
    }
}

/// How long AWS is given to show what it has done, and how often it is asked.
public struct Patience: Sendable {
    /// For this long a thing that was made may not show in a describe
    /// (https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html).
    public var consistencyWindow: Duration
    /// IAM takes longer until EC2 accepts a new instance profile; two minutes are usual advice.
    public var iamPropagation: Duration
    /// The pause before the second look; it doubles up to `longestPause`.
    public var firstPause: Duration
    /// The longest pause between two looks at the same thing.
    public var longestPause: Duration

    /// Patience from its parts.
    public init(
        consistencyWindow: Duration = .seconds(10), iamPropagation: Duration = .seconds(120),
        firstPause: Duration = .milliseconds(500), longestPause: Duration = .seconds(5)
    ) {
        self.consistencyWindow = consistencyWindow
        self.iamPropagation = iamPropagation
        self.firstPause = firstPause
        self.longestPause = longestPause
    }
}
