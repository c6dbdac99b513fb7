internal import CLibCurl

/// A request as it is handed to the loop's thread, with where its outcome goes.
struct TransferOrder: Sendable {
    let id: UInt64
    let request: HTTPRequest
    let signature: Signature?
    let configuration: HTTPClient.Configuration
    let finish: @Sendable (Result<HTTPResponse, any Error>) -> Void

    /// What libcurl needs to sign.
    struct Signature: Sendable {
        let keys: SigningKeys
        /// `aws:amz:<region>:<service>`.
        let scope: String
    }
}

/// One request on its way, with all that libcurl points into until it is done. Only the loop's thread touches it.
final class Transfer {
    let order: TransferOrder
    let easy: UnsafeMutableRawPointer
    private var fields: UnsafeMutablePointer<curl_slist>?
    private let message: UnsafeMutablePointer<CChar>
    private var headers: [(name: String, value: String)] = []
    private var body: [UInt8] = []

    init?(_ order: TransferOrder) {
        guard let easy = curl_easy_init() else { return nil }
        self.order = order
        self.easy = easy
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        configure()
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(fields)
        message.deallocate()
    }

    private func configure() {
        let request = order.request
        _ = cr_only_http(easy)
        set(CURLOPT_URL, request.url)
        set(CURLOPT_NOSIGNAL, 1)
        // AWS's query endpoints gain nothing from HTTP/2.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_ACCEPT_ENCODING, "")
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(request.timeouts.connect * 1_000))
        set(CURLOPT_TIMEOUT_MS, Int(request.timeouts.total * 1_000))
        set(CURLOPT_USERAGENT, order.configuration.userAgent)
        if let bundle = order.configuration.caBundle { set(CURLOPT_CAINFO, bundle) }
        if !request.usesProxy { set(CURLOPT_NOPROXY, "*") }
        // libcurl sends a request again by itself when a connection that it had used before closes without an answer.
        if !request.mayBeRepeated { set(CURLOPT_FRESH_CONNECT, 1) }
        _ = cr_set_pointer(easy, CURLOPT_ERRORBUFFER, message)
        setMethod(request)
        setHeaders(request)
        setSignature()
        setCallbacks()
    }

    private func setMethod(_ request: HTTPRequest) {
        guard request.method != .get else { return }
        request.body.withUnsafeBytes { bytes in
            // Without a body the pointer is nil, which libcurl would take for a read callback.
            if let base = bytes.baseAddress, !bytes.isEmpty {
                _ = cr_set_body(easy, base, bytes.count)
            } else {
                _ = cr_set_body(easy, "", 0)
            }
        }
        if request.method == .put { set(CURLOPT_CUSTOMREQUEST, "PUT") }
    }

    private func setHeaders(_ request: HTTPRequest) {
        for field in request.headers { fields = curl_slist_append(fields, "\(field.name): \(field.value)") }
        _ = cr_set_list(easy, CURLOPT_HTTPHEADER, fields)
    }

    private func setSignature() {
        guard let signature = order.signature else { return }
        set(CURLOPT_AWS_SIGV4, signature.scope)
        set(CURLOPT_USERNAME, signature.keys.accessKeyID)
        set(CURLOPT_PASSWORD, signature.keys.secretAccessKey)
    }

    private func setCallbacks() {
        let me = Unmanaged.passUnretained(self).toOpaque()
        _ = cr_set_pointer(easy, CURLOPT_PRIVATE, me)
        _ = cr_set_pointer(easy, CURLOPT_WRITEDATA, me)
        _ = cr_set_pointer(easy, CURLOPT_HEADERDATA, me)
        _ = cr_set_write(easy, CURLOPT_WRITEFUNCTION) { data, size, count, context in
            guard let data, let context else { return 0 }
            let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
            Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().body.append(contentsOf: bytes)
            return size * count
        }
        _ = cr_set_write(easy, CURLOPT_HEADERFUNCTION) { data, size, count, context in
            guard let data, let context else { return 0 }
            let line = String(decoding: UnsafeRawBufferPointer(start: data, count: size * count), as: UTF8.self)
            Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().take(headerLine: line)
            return size * count
        }
    }

    private func take(headerLine line: String) {
        // A new status line starts a new answer: the one before was 100 Continue.
        if line.hasPrefix("HTTP/") { headers.removeAll() }
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        headers.append((String(line[..<colon]), String(value.prefix { !$0.isNewline })))
    }

    /// Hands the outcome over.
    func finish(_ code: CURLcode) {
        guard code == CURLE_OK else { return order.finish(.failure(error(code))) }
        var status = 0
        _ = cr_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        order.finish(.success(HTTPResponse(status: status, headers: headers, body: body)))
    }

    private func error(_ code: CURLcode) -> HTTPError {
        var requestBytes = 0
        _ = cr_get_long(easy, CURLINFO_REQUEST_SIZE, &requestBytes)
        let detail = String(cString: message)
        return HTTPError(
            code: Int(code.rawValue), message: detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail,
            neverSent: requestBytes == 0)
    }

    private func set(_ option: CURLoption, _ value: Int) { _ = cr_set_long(easy, option, value) }
    private func set(_ option: CURLoption, _ value: String) { _ = cr_set_string(easy, option, value) }
}
