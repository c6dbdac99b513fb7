internal import CLibCurl
internal import Foundation
internal import Synchronization

/// The one thread that touches libcurl: it takes orders from an inbox, drives all transfers together and hands their
/// outcomes over. It lives until the process ends.
final class TransferLoop: Sendable {
    /// What other threads leave for the loop.
    private struct Inbox {
        var orders: [TransferOrder] = []
        var cancelled: Set<UInt64> = []
    }

    /// libcurl's own handle, of which other threads may use only `curl_multi_wakeup`
    /// (https://curl.se/libcurl/c/curl_multi_wakeup.html).
    private struct Multi: @unchecked Sendable {
        // No lock: the loop's thread alone uses it, but for the wake-up, which libcurl allows from any thread.
        let handle: UnsafeMutableRawPointer
    }

    private let inbox = Mutex(Inbox())
    private let multi: Multi
    private static let globalInit: CURLcode = {
        signal(SIGPIPE, SIG_IGN)
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    }()

    init() throws {
        guard Self.globalInit == CURLE_OK, let handle = curl_multi_init() else {
            throw HTTPError(code: 2, message: "libcurl could not be started", neverSent: true)
        }
        multi = Multi(handle: handle)
        _ = cr_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, 32)
        let thread = Thread { [self] in run() }
        thread.name = "http"
        thread.start()
    }

    func add(_ order: TransferOrder) {
        inbox.withLock { $0.orders.append(order) }
        curl_multi_wakeup(multi.handle)
    }

    /// The transfer ends at once with a `CancellationError`, even when its order has not arrived yet.
    func cancel(_ id: UInt64) {
        inbox.withLock { _ = $0.cancelled.insert(id) }
        curl_multi_wakeup(multi.handle)
    }

    private func run() {
        var active: [UInt64: Transfer] = [:]
        while true {
            takeOrders(&active)
            var running: Int32 = 0
            curl_multi_perform(multi.handle, &running)
            finishDone(&active)
            curl_multi_poll(multi.handle, nil, 0, 60_000, nil)
        }
    }

    private func takeOrders(_ active: inout [UInt64: Transfer]) {
        let (orders, cancelled) = inbox.withLock { inbox in
            defer { inbox.orders.removeAll() }
            let known = Set(inbox.orders.map(\.id)).union(active.keys)
            let now = inbox.cancelled.intersection(known)
            inbox.cancelled.subtract(now)
            return (inbox.orders, now)
        }
        for order in orders {
            guard !cancelled.contains(order.id), let transfer = Transfer(order) else {
                order.finish(.failure(CancellationError()))
                continue
            }
            active[order.id] = transfer
            curl_multi_add_handle(multi.handle, transfer.easy)
        }
        for id in cancelled {
            guard let transfer = active.removeValue(forKey: id) else { continue }
            curl_multi_remove_handle(multi.handle, transfer.easy)
            transfer.order.finish(.failure(CancellationError()))
        }
    }

    private func finishDone(_ active: inout [UInt64: Transfer]) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = message.pointee.data.result
            var pointer: UnsafeMutableRawPointer?
            _ = cr_get_pointer(easy, CURLINFO_PRIVATE, &pointer)
            curl_multi_remove_handle(multi.handle, easy)
            guard let pointer else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
            active[transfer.order.id] = nil
            transfer.finish(code)
        }
    }
}
