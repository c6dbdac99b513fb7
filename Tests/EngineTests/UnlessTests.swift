import Testing

@testable import AWS
@testable import Engine

/// `unlessAlready` and `unlessMissing`: refusals that are none.
@Suite struct UnlessTests {
    private func refuse(_ code: String) throws -> Int {
        throw AWSError(service: .ec2, action: "A", code: code, message: "", requestID: nil, status: 400)
    }

    @Test func alreadySoIsSuccess() async throws {
        #expect(try await unlessAlready("A", "B") { 1 } == 1)
        #expect(try await unlessAlready("A", "B") { try refuse("B") } == nil)
        await #expect(throws: AWSError.self) { try await unlessAlready("A", "B") { try refuse("C") } }
    }

    @Test func missingIsNothing() async throws {
        #expect(try await unlessMissing { 1 } == 1)
        #expect(try await unlessMissing { try refuse("NoSuchEntity") } == nil)
        await #expect(throws: AWSError.self) { try await unlessMissing { try refuse("AccessDenied") } }
    }
}
