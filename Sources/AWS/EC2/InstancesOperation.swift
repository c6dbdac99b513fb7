/// A call that names instances and says nothing more. A repeat changes nothing: EC2 leaves an instance alone that is there
/// already or on its way, and a reboot asked for in the middle of one begins no second that anybody would notice.
protocol InstancesOperation: EC2Operation, SilentOperation, DryRunnable {
    var instanceIDs: [InstanceID] { get }
}

extension InstancesOperation {
    /// It may be repeated.
    public static var repeatability: Repeatability { .always }

    func encode(to form: inout QueryForm) {
        form.set(list: "InstanceId", instanceIDs)
        form.setDryRun(dryRun)
    }
}

/// EC2 StartInstances.
public struct StartInstances: InstancesOperation {
    /// The instances, which are stopped.
    public var instanceIDs: [InstanceID]
    /// True asks for permission only.
    public var dryRun = false

    /// The call from its parts.
    public init(instanceIDs: [InstanceID]) {
        self.instanceIDs = instanceIDs
    }
}

/// EC2 StopInstances.
public struct StopInstances: InstancesOperation {
    /// The instances, which run.
    public var instanceIDs: [InstanceID]
    /// True asks for permission only.
    public var dryRun = false

    /// The call from its parts.
    public init(instanceIDs: [InstanceID]) {
        self.instanceIDs = instanceIDs
    }
}

/// EC2 RebootInstances: addresses and volumes stay.
public struct RebootInstances: InstancesOperation {
    /// The instances, which run.
    public var instanceIDs: [InstanceID]
    /// True asks for permission only.
    public var dryRun = false

    /// The call from its parts.
    public init(instanceIDs: [InstanceID]) {
        self.instanceIDs = instanceIDs
    }
}

/// EC2 TerminateInstances.
public struct TerminateInstances: InstancesOperation {
    /// The instances.
    public var instanceIDs: [InstanceID]
    /// True asks for permission only.
    public var dryRun = false

    /// The call from its parts.
    public init(instanceIDs: [InstanceID]) {
        self.instanceIDs = instanceIDs
    }
}
