/// One HTTP request: what goes over the wire and how long it may take.
public struct HTTPRequest: Sendable {
    /// The methods that the AWS services, the metadata services and the SSO portal need.
    public enum Method: String, Sendable { case get = "GET", put = "PUT", post = "POST" }

    /// Time limits, in seconds.
    public struct Timeouts: Sendable {
        /// Until the connection stands.
        public var connect: Double
        /// Until the whole answer is there.
        public var total: Double

        /// Ten seconds to connect, 90 for the answer.
        public init(connect: Double = 10, total: Double = 90) {
            self.connect = connect
            self.total = total
        }
    }

    /// The request's method.
    public var method: Method
    /// An absolute `http://` or `https://` address.
    public var url: String
    /// Header fields, in order; never a removal (`Name:`) and never twice the same name.
    public var headers: [(name: String, value: String)]
    /// The body, held in memory.
    public var body: [UInt8]
    /// Time limits.
    public var timeouts: Timeouts
    /// False for the metadata services, which no proxy may see.
    public var usesProxy: Bool
    /// False where a second sending could do harm: libcurl then takes a new connection, as on one that it has used before
    /// it sends a request again by itself when the connection closes without an answer.
    public var mayBeRepeated = true

    /// A request without a signature.
    public init(
        _ method: Method, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        timeouts: Timeouts = Timeouts(), usesProxy: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.usesProxy = usesProxy
    }
}
