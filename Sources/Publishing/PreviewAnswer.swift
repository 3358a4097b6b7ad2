internal import NIOHTTP1

/// The answer to a request.
struct PreviewAnswer: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        /// A part of a file, which is read while it is sent.
        case part(PreviewFile, Range<Int>)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .part(_, let range): range.count
            }
        }
    }

    var status: HTTPResponseStatus
    /// Without the fields that belong to the transport, such as the length.
    var headers: HTTPHeaders
    /// `nil` for a status that has none (304).
    var body: Body?

    /// Headers of every answer.
    /// - Parameter type: of the body.
    static func headers(type: String, caching: String = "no-cache") -> HTTPHeaders {
        [
            "Content-Type": type, "Cache-Control": caching, "X-Content-Type-Options": "nosniff",
        ]
    }

    /// An answer of one line.
    static func line(_ status: HTTPResponseStatus, _ text: String) -> PreviewAnswer {
        PreviewAnswer(
            status: status, headers: headers(type: PreviewMedia(of: ".txt").type),
            body: .bytes(Array((text + "\n").utf8)))
    }

    static var notFound: PreviewAnswer {
        let page = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>Not found</title>
            <h1>There is no such page in this atlas</h1>
            <p>The address may be mistyped, or belong to an earlier edition. \
            <a href="/">Go to the front page.</a></p></html>

            """
        return PreviewAnswer(
            status: .notFound, headers: headers(type: PreviewMedia(of: ".html").type),
            body: .bytes(Array(page.utf8)))
    }
}
