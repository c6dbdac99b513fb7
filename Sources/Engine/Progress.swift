/// What a workflow tells while it runs. Talk, never data.
public enum Event: Sendable {
    /// A step began; the id pairs it with its end.
    case began(id: String, title: String)
    /// How far a step is.
    case progressed(id: String, detail: String)
    /// A step ended: what is there now.
    case finished(id: String, detail: String)
    /// A step ended without success.
    case failed(id: String)
    /// Worth knowing.
    case note(String)
    /// Worth acting upon.
    case warning(String)
}

/// Where a workflow's talk goes; called from many tasks at once.
public typealias EventSink = @Sendable (Event) -> Void

extension Environment {
    /// Runs a step between its beginning and its end.
    func step<Value: Sendable>(
        _ id: String, _ title: String, done: (Value) -> String = { _ in "" }, _ work: () async throws -> Value
    ) async throws -> Value {
        events(.began(id: id, title: title))
        do {
            let value = try await work()
            events(.finished(id: id, detail: done(value)))
            return value
        } catch {
            events(.failed(id: id))
            throw error
        }
    }
}
