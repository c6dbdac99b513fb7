import Testing

@testable import AWS

@Suite struct ErrorBodyTests {
    private func read(_ text: String, status: Int = 400) -> ErrorBody { ErrorBody(Array(text.utf8), status: status) }

    @Test func ec2() {
        let body = read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Response><Errors><Error><Code>InvalidVpcID.NotFound</Code>
            <Message>The vpc ID &apos;vpc-1&apos; does not exist</Message></Error></Errors>
            <RequestID>59dbff89-35bd-4eac-99ed-be587EXAMPLE</RequestID></Response>
            """)
        #expect(body.code == "InvalidVpcID.NotFound")
        #expect(body.message == "The vpc ID 'vpc-1' does not exist")
        #expect(body.requestID == "59dbff89-35bd-4eac-99ed-be587EXAMPLE")
    }

    @Test func query() {
        let body = read(
            """
            <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>
            <Code>NoSuchEntity</Code><Message>The role with name r cannot be found.</Message></Error>
            <RequestId>r-2</RequestId></ErrorResponse>
            """)
        #expect(body.code == "NoSuchEntity" && body.requestID == "r-2")
        #expect(body.message == "The role with name r cannot be found.")
    }

    @Test(arguments: [
        #"{"__type":"ParameterNotFound","message":"m"}"#,
        #"{"__type":"com.amazonaws.ssm#ParameterNotFound","Message":"m"}"#,
    ])
    func json(text: String) {
        let body = read(text)
        #expect(body.code == "ParameterNotFound" && body.message == "m" && body.requestID == nil)
    }

    @Test func missingPartsAreNoHindrance() {
        #expect(read("<Response><Errors><Error/></Errors></Response>").code == "Unknown")
        #expect(read(#"{"__type":"AccessDeniedException"}"#).message.isEmpty)
    }

    /// A proxy, a load balancer, an answer that was cut.
    @Test(arguments: [
        "", "<html><body><h1>502 Bad Gateway</h1></body></html>", "<Response><Errors><Error><Code>Inval", "{}", "[1]",
        "upstream connect error", "<ErrorResponse/>",
    ])
    func whatIsNotOfAWSSaysSo(text: String) {
        let body = read(text, status: 502)
        #expect(body.code == "HTTP502")
        #expect(body.message.hasPrefix("the answer is not AWS's: \(text.prefix(10))"))
    }

    @Test func aLongPageIsNotQuotedInFull() {
        #expect(read(String(repeating: "x", count: 10_000), status: 500).message.utf8.count < 300)
    }
}
