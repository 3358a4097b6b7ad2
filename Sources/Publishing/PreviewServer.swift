import Dispatch
import Files
internal import FlyingFox
internal import FlyingSocks
import Foundation
import Synchronization

/// Shows an atlas in a browser of this machine, and receives votes.
///
/// It listens on 127.0.0.1 only. It refuses requests from pages of other sites: the host in the
/// request must be that of this server. This also stops other names that resolve to 127.0.0.1.
package struct PreviewServer: Sendable {
    /// Seconds that a request may take. The value is large because after a timeout FlyingFox would
    /// parse the rest of a body as the next request.
    private static let patience = 86_400.0

    private let root: String
    private let port: UInt16

    /// - Parameters:
    ///   - folder: the atlas.
    ///   - port: on 127.0.0.1.
    /// - Throws: `PublishingError.notAFolder`; `.missingManifest` or `.damagedManifest` for a
    ///   folder that is not an atlas.
    package init(folder: String, port: UInt16) throws {
        _ = try Manifest.read(in: folder)
        guard let real = realpath(folder, nil) else {
            throw PublishingError.notAFolder(path: folder)
        }
        defer { free(real) }
        root = String(cString: real)
        self.port = port
    }

    /// Serves until the process ends.
    /// - Parameter listening: called with the address once it can be opened.
    /// - Throws: `PublishingError.portBusy`, `.cannotListen`.
    package func run(listening: @escaping @Sendable (_ address: String) -> Void) throws {
        let outcome = Mutex<Result<Void, any Error>>(.success(()))
        let done = DispatchSemaphore(value: 0)
        Task {
            do {
                try await serve(listening)
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
            done.signal()
        }
        done.wait()
        try outcome.withLock { $0 }.get()
    }

    private func serve(_ listening: @escaping @Sendable (String) -> Void) async throws {
        do {
            let server = HTTPServer(
                address: try .inet(ip4: "127.0.0.1", port: port), timeout: Self.patience,
                logger: .disabled,
                handler: PreviewHandler(root: root, port: port))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                group.addTask {
                    try await server.waitUntilListening()
                    listening("http://127.0.0.1:\(port)/")
                }
                while try await group.next() != nil {}
            }
        } catch SocketError.failed(_, let code, _) where code == EADDRINUSE {
            throw PublishingError.portBusy(port)
        } catch SocketError.failed(_, let code, _) {
            throw PublishingError.cannotListen(port: port, reason: systemReason(code))
        } catch {
            throw PublishingError.cannotListen(port: port, reason: "\(error)")
        }
    }
}

/// Answers one request.
struct PreviewHandler: HTTPHandler {
    let root: String
    let port: UInt16

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = try await body(of: request)
        guard isOwn(request) else {
            return plain(
                .forbidden,
                "This preview answers only pages of its own, at http://127.0.0.1:\(port)/.", request
            )
        }
        let path = request.target.path()
        if path == "/votes", request.method == .POST { return votes(body, request) }
        guard request.method == .GET || request.method == .HEAD else {
            var response = plain(.methodNotAllowed, "Here one can only read.", request)
            response.headers[HTTPHeader("Allow")] = path == "/votes" ? "POST" : "GET, HEAD"
            return response
        }
        switch PreviewFiles(root: root).answer(for: path) {
        case .file(let file): return try content(of: file, request)
        case .redirect(let address):
            var response = plain(.movedPermanently, "The folder is at \(address)", request)
            response.headers[.location] = address
            return response
        case .nothing: return notFound(request)
        }
    }

    /// The body; `nil` when it is larger than the limit for a file of votes.
    ///
    /// Every body is read to its end, even for a refused request. Otherwise the rest of it would be
    /// parsed as the next request, which could then claim to come from a page of this server.
    private func body(of request: HTTPRequest) async throws -> [UInt8]? {
        var body: [UInt8]? = []
        for try await part in request.bodySequence {
            if let count = body?.count, count + part.count <= VoteInbox.limit {
                body?.append(contentsOf: part)
            } else {
                body = nil
            }
        }
        return body
    }

    /// Whether the request was meant for this server, and comes from one of its pages or from no
    /// page.
    private func isOwn(_ request: HTTPRequest) -> Bool {
        let hosts = ["127.0.0.1", "localhost"].flatMap {
            port == 80 ? [$0, "\($0):80"] : ["\($0):\(port)"]
        }
        guard let host = request.headers[.host]?.lowercased(), hosts.contains(host) else {
            return false
        }
        guard let origin = request.headers[HTTPHeader("Origin")]?.lowercased() else { return true }
        return hosts.contains { origin == "http://" + $0 }
    }

    private func votes(_ body: [UInt8]?, _ request: HTTPRequest) -> HTTPResponse {
        guard let body else {
            return plain(
                .payloadTooLarge, "A file of votes may have \(VoteInbox.limit) bytes at most.",
                request)
        }
        if let objection = VoteInbox.objection(to: body) {
            return plain(.badRequest, objection, request)
        }
        do {
            let path = try VoteInbox(folder: root).keep(body)
            return plain(.created, "Your votes are kept in \(path).", request)
        } catch {
            return plain(.internalServerError, "The votes could not be kept. \(error)", request)
        }
    }

    private func content(of file: String, _ request: HTTPRequest) throws -> HTTPResponse {
        // Larger than the 4 KiB of FlyingFox, so that a picture needs few reads.
        let part = 1 << 16
        let body = try HTTPBodySequence(file: URL(filePath: file), suggestedBufferSize: part)
        return answer(.ok, type: PreviewFiles.contentType(of: file), body, request)
    }

    private func notFound(_ request: HTTPRequest) -> HTTPResponse {
        let page = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>Not found</title>
            <h1>There is no such page in this atlas</h1>
            <p>The address may be mistyped, or belong to an earlier edition. \
            <a href="/">Go to the front page.</a></p></html>

            """
        return answer(
            .notFound, type: PreviewFiles.contentType(of: ".html"),
            HTTPBodySequence(data: Data(page.utf8)), request)
    }

    private func plain(
        _ status: HTTPStatusCode, _ text: String, _ request: HTTPRequest
    ) -> HTTPResponse {
        answer(
            status, type: PreviewFiles.contentType(of: ".txt"),
            HTTPBodySequence(data: Data((text + "\n").utf8)), request)
    }

    private func answer(
        _ status: HTTPStatusCode, type: String, _ body: HTTPBodySequence, _ request: HTTPRequest
    ) -> HTTPResponse {
        var headers: HTTPHeaders = [
            .contentType: type, HTTPHeader("Cache-Control"): "no-cache",
            HTTPHeader("X-Content-Type-Options"): "nosniff",
        ]
        guard request.method == .HEAD else {
            return HTTPResponse(statusCode: status, headers: headers, body: body)
        }
        headers[.contentLength] = body.count.map(String.init)
        return HTTPResponse(statusCode: status, headers: headers)
    }
}
