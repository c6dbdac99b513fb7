public import AWS
import Foundation

/// A call that a run would make.
public struct PlannedCall: Sendable, Codable {
    /// `ec2`, `iam`, `ssm`.
    public var service: String
    /// The action, such as `CreateVpc`.
    public var action: String
    /// Its parameters by AWS's names; the user data is given by its size.
    public var parameters: [String: String]
    /// What AWS said when it was asked with DryRun=true; nil when it was not asked.
    public var permission: Permission?

    /// The region, where it is another than the one that is worked in.
    public var region: String?

    /// AWS's answer to a call with DryRun=true.
    public enum Permission: String, Sendable, Codable {
        /// `DryRunOperation`: the call would have been allowed.
        case allowed
        /// `UnauthorizedOperation`.
        case denied
        /// The service knows no DryRun, or AWS stumbled over an id that does not exist yet.
        case unknown
    }
}

/// Stands before AWS while a plan is made: reads go through, changes are written down in the order in which a run would
/// make them, and answered with what AWS would have answered. The workflows are the same ones that a run takes.
public final actor Planner: AWSCalling {
    private let aws: any AWSCalling
    private let asksPermission: Bool
    /// The calls so far.
    public private(set) var calls: [PlannedCall] = []

    /// A planner before AWS.
    /// - Parameter asksPermission: asks AWS with DryRun=true for each call that knows it.
    public init(_ aws: any AWSCalling, asksPermission: Bool) {
        self.aws = aws
        self.asksPermission = asksPermission
    }

    /// Reads from AWS, writes down what would change it.
    public func call<Operation: AWSOperation>(
        _ operation: Operation, region: String?
    ) async throws -> Operation.Output {
        guard let change = operation as? any MutatingOperation else {
            return try await aws.call(operation, region: region)
        }
        try await plan(change, region: region)
        guard let output = change.planned as? Operation.Output else {
            throw Problem("\(Operation.action) cannot be planned")
        }
        return output
    }

    private func plan<Change: MutatingOperation>(_ change: Change, region: String?) async throws {
        let index = calls.count
        calls.append(
            PlannedCall(
                service: Change.service.rawValue, action: Change.action, parameters: Self.parameters(change.body()),
                permission: asksPermission ? .unknown : nil, region: region))
        guard asksPermission, let asking = change as? any DryRunnable else { return }
        calls[index].permission = try await permission(for: asking, region: region)
    }

    private func permission<Change: DryRunnable>(
        for change: Change, region: String?
    ) async throws -> PlannedCall.Permission {
        var asking = change
        asking.dryRun = true
        do {
            _ = try await aws.call(asking, region: region)
            return .unknown
        } catch let error as AWSError where error.code == "DryRunOperation" {
            return .allowed
        } catch let error as AWSError where error.kind == .permission {
            return .denied
        } catch is AWSError {
            return .unknown
        }
    }

    private static func parameters(_ body: RequestBody) -> [String: String] {
        var result: [String: String] = [:]
        switch body {
        case .form(let form):
            // Fills base64 up to a multiple of four characters.
            let equals = UInt8(ascii: "=")
            for (name, value) in form.pairs {
                result[name] = name == "UserData" ? "(\(value.utf8.count { $0 != equals } * 3 / 4) bytes)" : value
            }
        case .json(let bytes):
            let members = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            for (name, value) in members ?? [:] {
                switch value {
                case let list as [String]: result[name] = list.joined(separator: ",")
                case is String, is Int: result[name] = "\(value)"
                // What a command runs says its comment.
                default: continue
                }
            }
        }
        return result
    }
}
