internal import Foundation

/// What an answer with an error status says, in any of AWS's forms.
struct ErrorBody: Equatable {
    var code: String
    var message: String
    var requestID: String?

    /// Reads EC2's and the query protocol's XML and SSM's JSON. What is neither comes from something in between: a proxy or
    /// a load balancer.
    init(_ body: [UInt8], status: Int) {
        if let xml = try? XMLElement.parse(body), let error = xml.child("Errors")?.child("Error") ?? xml.child("Error")
        {
            code = error["Code"] ?? "Unknown"
            message = error["Message"] ?? ""
            requestID = xml["RequestID"] ?? xml["RequestId"]
        } else if let json = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let type = json["__type"] as? String
        {
            code = type.split(separator: "#").last.map(String.init) ?? type
            message = json["message"] as? String ?? json["Message"] as? String ?? ""
        } else {
            code = "HTTP\(status)"
            message = "the answer is not AWS's: \(MalformedAnswer.start(of: body))"
        }
    }
}
