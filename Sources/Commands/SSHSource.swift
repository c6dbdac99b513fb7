import CommandLineKit
import Engine
import HTTP

/// Who may reach port 22: a range of addresses, or the address that the user calls from.
enum SSHSource {
    case range(CIDR)
    case me

    init(_ text: String) throws { self = text == "me" ? .me : .range(try CIDR(text)) }

    /// The range that is to be let in; warns where that is everybody.
    func resolve(_ session: Session) async throws -> CIDR {
        let range = try await address(session)
        if range.isEveryone {
            session.context.warn("Port 22 will be open to the whole internet. 'me' opens it to your own address.")
        }
        return range
    }

    /// The range; `me` is what AWS's own service sees (https://checkip.amazonaws.com).
    func address(_ session: Session) async throws -> CIDR {
        switch self {
        case .range(let given): given
        case .me: try await Self.ownAddress(session)
        }
    }

    private static func ownAddress(_ session: Session) async throws -> CIDR {
        let service = session.context.environment["CLOUDRAILS_CHECKIP_URL"] ?? "https://checkip.amazonaws.com"
        let answer = try await session.http.send(HTTPRequest(.get, service))
        let text = String(decoding: answer.body, as: UTF8.self).trimming { $0.isWhitespace }
        guard answer.status == 200, let address = try? CIDR(text) else {
            throw Problem(
                "Your own address could not be found", cause: "\(service) answered with status \(answer.status)",
                fix: "write it yourself, such as 203.0.113.7/32")
        }
        return address
    }
}

extension String {
    fileprivate func trimming(_ isUnwanted: (Character) -> Bool) -> String {
        String(drop(while: isUnwanted).reversed().drop(while: isUnwanted).reversed())
    }
}
