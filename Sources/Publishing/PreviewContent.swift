internal import Compression
internal import NIOHTTP1

/// Makes the answer that sends a file of the atlas: whole, a part of it, compressed, or only the
/// news that the browser already has it.
struct PreviewContent {
    /// Texts outside these sizes are not compressed. Small ones would not fit into fewer packets;
    /// large ones would take too much memory, because they are compressed whole.
    static let compressed = 512...(16 << 20)
    /// A year, the largest value that is in use (RFC 9111, 1.2.2, speaks of "forever" so).
    private static let forever = "public, max-age=31536000, immutable"

    /// Open, and inside the atlas.
    let file: PreviewFile
    /// Path in the atlas.
    let path: String

    func answer(_ head: HTTPRequestHead) throws -> PreviewAnswer {
        let media = PreviewMedia(of: path)
        let asks = head.headers
        // A part of a compressed file would be of no use to a program that continues a download.
        let range: ByteRange =
            head.method == .GET && validators(tagged: "").allowParts(for: asks)
            ? ByteRange(asks.first(name: "Range"), size: file.size) : .whole
        let isCompressed =
            media.isText && range == .whole && Self.compressed.contains(file.size)
            && AcceptEncoding.acceptsGzip(asks)
        // Compressed bytes are other bytes, so they need another tag.
        let validators = validators(tagged: isCompressed ? "-gzip" : "")

        var headers = PreviewAnswer.headers(
            type: media.type, caching: DigestName.isIn(path) ? Self.forever : "no-cache")
        headers.add(name: "ETag", value: validators.tag)
        headers.add(name: "Last-Modified", value: HTTPDate.text(validators.modified))
        headers.add(name: "Accept-Ranges", value: "bytes")
        if media.isText { headers.add(name: "Vary", value: "Accept-Encoding") }
        if validators.isKnown(to: asks) {
            return PreviewAnswer(status: .notModified, headers: headers, body: nil)
        }
        if isCompressed {
            headers.add(name: "Content-Encoding", value: "gzip")
            let text = try file.bytes(0..<file.size)
            return PreviewAnswer(
                status: .ok, headers: headers, body: .bytes(Gzip.compressed(text)))
        }
        switch range {
        case .whole:
            return PreviewAnswer(
                status: .ok, headers: headers, body: .part(file, 0..<file.size))
        case .part(let part):
            headers.add(
                name: "Content-Range",
                value: "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.size)")
            return PreviewAnswer(
                status: .partialContent, headers: headers, body: .part(file, part))
        case .outside:
            var answer = PreviewAnswer.line(
                .rangeNotSatisfiable, "The file has only \(file.size) bytes.")
            answer.headers.add(name: "Content-Range", value: "bytes */\(file.size)")
            return answer
        }
    }

    private func validators(tagged suffix: String) -> Validators {
        Validators(tag: "\"\(file.mark)\(suffix)\"", modified: file.modified)
    }
}
