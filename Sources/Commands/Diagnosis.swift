import AWS
import CommandLineKit
import Engine
import HTTP

/// Turns any error into what people read and how the run ends: the one place that knows all errors.
enum Diagnosis {
    static func of(_ error: any Error, region: String?) -> Diagnostic {
        switch error {
        case let error as UsageError:
            return error.diagnostic()
        case let error as Problem: return of(error)
        case let error as ConfigurationError:
            return Diagnostic(
                error.summary, cause: error.cause ?? error.place, fix: error.fix,
                exitCode: error.exitClass == .credentials ? .noPermission : .configuration)
        case let error as AWSError: return of(error, region: region)
        case let error as OutcomeUnknown:
            return Diagnostic(
                "The answer to \(error.action) was lost: nobody knows whether it took effect",
                cause: of(error.cause, region: region).summary,
                fix: "run the same command again; it looks first, and finishes what was begun", exitCode: .temporary)
        case let error as HTTPError: return of(error)
        case let error as MalformedAnswer:
            return Diagnostic(
                "An answer of AWS cannot be read: \(error.reason)", cause: error.start,
                fix: "see whether a proxy stands in between (--debug)", exitCode: .software)
        case is Declined: return Diagnostic("nothing was done, as you said no", exitCode: .failure)
        case is CancellationError:
            return Diagnostic(
                "interrupted", fix: "run the same command again: it goes on where this one stopped",
                exitCode: .interrupted)
        default:
            return Diagnostic(
                "\(error)", cause: "this is a fault of cloudrails",
                fix: "report it to the project, with what the command prints with --debug and what "
                    + "'cloudrails version' says",
                exitCode: .software)
        }
    }

    private static func of(_ problem: Problem) -> Diagnostic {
        let code: ExitCode =
            switch problem.kind {
            case .usage: .usage
            case .refused: .failure
            case .tryLater: .temporary
            }
        return Diagnostic(
            problem.summary, cause: problem.cause, fix: problem.fix, requestID: problem.requestID, exitCode: code)
    }

    private static func of(_ error: AWSError, region: String?) -> Diagnostic {
        if error.kind == .quota { return of(Quota.problem(error, region: region ?? "REGION")) }
        let (fix, code) = advice(error)
        return Diagnostic(
            "AWS refused \(error.service.rawValue) \(error.action) (\(error.code))", cause: error.message, fix: fix,
            requestID: error.requestID, exitCode: code)
    }

    private static func advice(_ error: AWSError) -> (fix: String?, code: ExitCode) {
        switch error.kind {
        case .throttled: ("wait a minute, then run the same command again", .temporary)
        case .transient: ("run the same command again", .temporary)
        case .capacity: ("try again later, or another zone or type", .temporary)
        case .permission:
            (
                "ask for \(error.service.rawValue):\(error.action); docs/aws-setup.md has a policy with all that is needed",
                .noPermission
            )
        case .credentials: (credentialsAdvice(error.code), .noPermission)
        case .quota, .notYetVisible, .other: (nil, .failure)
        }
    }

    private static func credentialsAdvice(_ code: String) -> String {
        switch code {
        case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
            "get new credentials: 'aws sso login' with your profile, or new AWS_SESSION_TOKEN and keys"
        case "OptInRequired": "enable the region for the account, or choose another with --region"
        default: "see which keys are used: aws sts get-caller-identity"
        }
    }

    /// The numbers are libcurl's (https://curl.se/libcurl/c/libcurl-errors.html).
    private static func of(_ error: HTTPError) -> Diagnostic {
        switch error.code {
        case 1, 2, 4, 48:
            Diagnostic(
                "libcurl cannot do what is needed", cause: error.message,
                fix: "install a newer libcurl; 'cloudrails version' shows the one in use", exitCode: .configuration)
        case 3:
            Diagnostic(
                "The address of an endpoint is wrong", cause: error.message, fix: "see what AWS_ENDPOINT_URL says",
                exitCode: .configuration)
        case 6:
            unreachable(error, "see whether the region is right, and whether this machine is online")
        case 35, 58, 60, 77:
            unreachable(error, "see what AWS_CA_BUNDLE and HTTPS_PROXY say, and whether the clock is right")
        default:
            unreachable(error, "see whether this machine is online, and what AWS_ENDPOINT_URL and HTTPS_PROXY say")
        }
    }

    private static func unreachable(_ error: HTTPError, _ fix: String) -> Diagnostic {
        Diagnostic("AWS cannot be reached", cause: error.message, fix: fix, exitCode: .unavailable)
    }
}
