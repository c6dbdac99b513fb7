import AWS

/// AWS in another region than the settings'.
struct Elsewhere: AWSCalling {
    let aws: any AWSCalling
    let region: String

    func call<Operation: AWSOperation>(_ operation: Operation, region: String?) async throws -> Operation.Output {
        try await aws.call(operation, region: region ?? self.region)
    }
}

extension Environment {
    /// The same in another region: every workflow works there.
    public func elsewhere(_ region: String) -> Environment {
        guard region != self.region else { return self }
        var other = self
        other.aws = Elsewhere(aws: aws, region: region)
        other.region = region
        return other
    }
}
