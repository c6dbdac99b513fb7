import Synchronization
import Testing

@testable import AWS

@Suite struct PagesTests {
    /// Answers DescribeVpcs with these pages, by the token that is asked with; anything else fails.
    private final class Book: AWSCalling {
        struct Unexpected: Error {}
        private let pages: [String?: String]
        private let asked = Mutex<[String?]>([])

        init(_ pages: [String?: String]) { self.pages = pages }
        var tokens: [String?] { asked.withLock { $0 } }

        func call<Operation: AWSOperation>(_ operation: Operation, region: String?) async throws -> Operation.Output {
            guard let describe = operation as? DescribeVpcs, let page = pages[describe.nextToken] else {
                throw Unexpected()
            }
            asked.withLock { $0.append(describe.nextToken) }
            return try Operation.output(from: Array(page.utf8))
        }
    }

    private static func page(_ ids: [String], next: String?) -> String {
        let items = ids.map { "<item><vpcId>\($0)</vpcId></item>" }.joined()
        return "<R><vpcSet>\(items)</vpcSet>\(next.map { "<nextToken>\($0)</nextToken>" } ?? "")</R>"
    }

    @Test func goesOnToTheLastPage() async throws {
        let book = Book([
            nil: Self.page(["vpc-1", "vpc-2"], next: "t1"), "t1": Self.page([], next: "t2"),
            "t2": Self.page(["vpc-3"], next: ""),
        ])
        #expect(try await book.all(DescribeVpcs()).map(\.id) == ["vpc-1", "vpc-2", "vpc-3"])
        #expect(book.tokens == [nil, "t1", "t2"])
    }

    @Test func asksForAPageWhenItIsWanted() async throws {
        let book = Book([nil: Self.page(["vpc-1"], next: "t1")])
        for try await page in book.pages(DescribeVpcs()) {
            #expect(page.items.map(\.id) == ["vpc-1"])
            break
        }
        #expect(book.tokens == [nil])
    }

    @Test func anErrorOnALaterPageIsNoShorterList() async throws {
        let book = Book([nil: Self.page(["vpc-1"], next: "lost")])
        await #expect(throws: Book.Unexpected.self) { try await book.all(DescribeVpcs()) }
    }

    @Test func manyPagesEnd() async throws {
        var pages: [String?: String] = [:]
        for number in 0..<500 {
            let next = number == 499 ? nil : "t\(number + 1)"
            pages[number == 0 ? nil : "t\(number)"] = Self.page(["vpc-\(number)"], next: next)
        }
        #expect(try await Book(pages).all(DescribeVpcs()).count == 500)
    }
}
