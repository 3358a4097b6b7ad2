import Foundation
internal import NIOHTTP1

/// Answers one request. It knows nothing of connections.
struct PreviewHandler: Sendable {
    /// The folder of the atlas.
    let folder: String
    let port: UInt16
    /// `nil` if open pages are not to be loaded again.
    let reload: PreviewReload?

    func answer(_ request: PreviewRequest) -> PreviewAnswer {
        guard let host = request.host else {
            return .line(.badRequest, "The request does not say for which host it is.")
        }
        guard isOwn(host, request.head.headers["Origin"]) else {
            return .line(
                .forbidden,
                "This preview answers only pages of its own, at http://127.0.0.1:\(port)/.")
        }
        let votes = VoteInbox.name(in: request.path)
        if let votes, request.head.method == .PUT { return keep(request.body, as: votes) }
        guard votes == nil, request.head.method == .GET || request.head.method == .HEAD else {
            let (words, allowed) =
                votes == nil
                ? ("Here one can only read.", "GET, HEAD")
                : ("Here one can only hand in votes.", "PUT")
            var answer = PreviewAnswer.line(.methodNotAllowed, words)
            answer.headers.add(name: "Allow", value: allowed)
            return answer
        }
        return reload?.answer(path: request.path, query: request.query) ?? content(request)
    }

    /// Whether the request was meant for this server, and comes from one of its pages or from no
    /// page.
    private func isOwn(_ host: String, _ origins: [String]) -> Bool {
        let hosts = ["127.0.0.1", "localhost"].flatMap {
            port == 80 ? [$0, "\($0):80"] : ["\($0):\(port)"]
        }
        return hosts.contains(host.lowercased())
            && origins.allSatisfy { origin in
                hosts.contains { origin.lowercased() == "http://" + $0 }
            }
    }

    private func keep(_ body: [UInt8]?, as name: String) -> PreviewAnswer {
        guard let body else {
            return .line(
                .payloadTooLarge, "A file of votes may have \(VoteInbox.limit) bytes at most.")
        }
        if let objection = VoteInbox.objection(to: body) { return .line(.badRequest, objection) }
        do {
            return switch try VoteInbox(folder: folder).keep(body, as: name) {
            case .kept: .line(.created, "Your votes are kept in votes/\(name).")
            case .known: PreviewAnswer(status: .noContent, headers: [:], body: nil)
            case .otherContent: .line(.conflict, "Another file is called votes/\(name).")
            }
        } catch {
            return .line(.internalServerError, "The votes could not be kept. \(error)")
        }
    }

    private func content(_ request: PreviewRequest) -> PreviewAnswer {
        // Resolved for each request, because a link to the atlas may lead elsewhere meanwhile.
        guard let root = realpath(folder, nil) else { return .notFound }
        defer { free(root) }
        let files = PreviewFiles(root: String(cString: root))
        switch files.answer(for: request.path) {
        case .file(let path):
            // It may have been removed since it was found.
            guard let file = PreviewFile(path) else { return .notFound }
            do {
                return try answer(file, String(path.dropFirst(files.root.count + 1)), request.head)
            } catch {
                return .line(.internalServerError, "The file changed while it was read. Try again.")
            }
        case .redirect(let address):
            var answer = PreviewAnswer.line(.movedPermanently, "The folder is at \(address)")
            answer.headers.add(name: "Location", value: address)
            return answer
        case .nothing: return .notFound
        }
    }

    private func answer(
        _ file: PreviewFile, _ path: String, _ head: HTTPRequestHead
    ) throws -> PreviewAnswer {
        if let reload, PreviewMedia(of: path) == PreviewMedia(of: ".html") {
            return try reload.adding { try file.bytes(0..<file.size) }
        }
        return try PreviewContent(file: file, path: path).answer(head)
    }
}
