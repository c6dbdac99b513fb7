/// A page of a longer answer.
public struct Page<Item: Sendable>: Sendable {
    /// What is on the page.
    public var items: [Item]
    /// What to ask for the next page with; nil on the last.
    public var nextToken: String?

    /// A page from its parts.
    public init(items: [Item], nextToken: String? = nil) {
        self.items = items
        self.nextToken = nextToken?.isEmpty == true ? nil : nextToken
    }
}

/// A read whose answer may come in pages.
public protocol PagedOperation<Item>: AWSOperation where Output == Page<Item> {
    /// What is on a page.
    associatedtype Item: Sendable
    /// What the page before said.
    var nextToken: String? { get set }
}

/// The pages of a longer answer, each asked for when it is wanted.
public struct Pages<Operation: PagedOperation>: AsyncSequence {
    fileprivate let aws: any AWSCalling
    fileprivate let operation: Operation

    /// Starts with the first page.
    public func makeAsyncIterator() -> Iterator { Iterator(aws: aws, next: operation) }

    /// Goes from page to page.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let aws: any AWSCalling
        fileprivate var next: Operation?

        /// The next page; nil after the last.
        public mutating func next() async throws -> Page<Operation.Item>? {
            guard var current = next else { return nil }
            let page = try await aws.call(current)
            current.nextToken = page.nextToken
            next = page.nextToken == nil ? nil : current
            return page
        }
    }
}

extension AWSCalling {
    /// Page after page.
    public func pages<Operation: PagedOperation>(_ operation: Operation) -> Pages<Operation> {
        Pages(aws: self, operation: operation)
    }

    /// Everything, whatever the number of pages.
    public func all<Operation: PagedOperation>(_ operation: Operation) async throws -> [Operation.Item] {
        var items: [Operation.Item] = []
        for try await page in pages(operation) { items += page.items }
        return items
    }
}
