import CommandLineKit

/// How AWS writes what a machine is and where: what cannot be a name is refused before anybody is asked.
enum MachineName {
    /// Whether EC2 could have a type of that name, such as `m6i.xlarge` and `u-6tb1.112xlarge`.
    static func isInstanceType(_ text: String) -> Bool { text.wholeMatch(of: /[a-z0-9-]+\.[a-z0-9-]+/) != nil }

    /// - Throws: `UsageError`.
    static func validate(instanceType text: String) throws {
        guard isInstanceType(text) else {
            throw UsageError("'\(text)' is no instance type", fix: "write one like t4g.large with --instance-type")
        }
    }

    /// Zones are written as `us-east-2a`, local ones as `us-west-2-lax-1a`.
    /// - Throws: `UsageError`.
    static func validate(zone text: String) throws {
        guard text.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)+/) != nil else {
            throw UsageError("'\(text)' is no availability zone", fix: "write one like us-east-2a with --zone")
        }
    }
}
