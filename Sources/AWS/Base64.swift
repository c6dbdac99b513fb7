internal import Foundation

/// Base64, as AWS takes keys and user data.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
