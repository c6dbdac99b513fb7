import Testing

@testable import AWS

@Suite struct RetryQuotaTests {
    @Test func retriesEndWhenEverythingFails() async {
        let quota = RetryQuota()
        for _ in 0..<100 { #expect(await quota.take(5)) }
        #expect(await !quota.take(5))
        #expect(await quota.take(0))
    }

    @Test func successPaysBack() async {
        let quota = RetryQuota()
        for _ in 0..<50 { _ = await quota.take(10) }
        await quota.refund(9)
        #expect(await !quota.take(10))
        await quota.refund(1)
        #expect(await quota.take(10))
    }

    @Test func nothingIsSavedBeyondTheFullQuota() async {
        let quota = RetryQuota()
        await quota.refund(1_000)
        #expect(await quota.take(500))
        #expect(await !quota.take(1))
    }
}
