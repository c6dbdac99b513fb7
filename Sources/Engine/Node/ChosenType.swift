public import AWS
public import ChainKit

extension Environment {
    /// An instance type that the user chose tells its architecture; one that the chain's clients do not exist for, or that
    /// contradicts the architecture that the user chose, is refused. EC2 DescribeInstanceTypes.
    public func fitArchitecture(_ request: LaunchRequest, isChosen: Bool) async throws -> LaunchRequest {
        let own = Set(request.profile.instanceTypes.values)
        guard !own.contains(request.instanceType) || isChosen else { return request }
        if request.profile.instanceTypes[request.architecture] == request.instanceType { return request }
        let supported = try await architectures(of: request.instanceType)
        let fitting = request.profile.instanceTypes.keys.filter { supported.contains($0.rawValue) }
            .filter { !isChosen || $0 == request.architecture }
        guard let architecture = fitting.sorted(by: { $0.rawValue < $1.rawValue }).first else {
            let wanted = isChosen ? [request.architecture] : Array(request.profile.instanceTypes.keys)
            throw Problem(
                "\(request.instanceType) cannot run \(request.profile.target)",
                cause: "it is \(supported.joined(separator: ", ")), and "
                    + wanted.map(\.rawValue).sorted().joined(separator: " or ") + " is needed",
                fix: "leave --instance-type out", kind: .usage)
        }
        var result = request
        result.architecture = architecture
        return result
    }

    /// - Throws: `Problem` of kind `usage` when there is no such type.
    func architectures(of type: InstanceType) async throws -> [String] {
        do {
            let types = try await aws.all(DescribeInstanceTypes(instanceTypes: [type.rawValue]))
            if let found = types.first { return found.supportedArchitectures }
        } catch let error as AWSError where error.code == "InvalidInstanceType" {}
        throw Problem(
            "There is no instance type \(type) in \(region)",
            fix: "see: aws ec2 describe-instance-types --region \(region)", kind: .usage)
    }

    /// The types of a type's family in all its sizes, the smallest first. EC2 DescribeInstanceTypes.
    public func family(of type: InstanceType) async throws -> [InstanceTypeInfo] {
        let family = type.rawValue.prefix { $0 != "." }
        return try await aws.all(DescribeInstanceTypes(filters: [Filter("instance-type", ["\(family).*"])]))
            .sorted { ($0.vCPUs, $0.memoryMiB, $0.instanceType) < ($1.vCPUs, $1.memoryMiB, $1.instanceType) }
    }
}
