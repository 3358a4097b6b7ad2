internal import NIOHTTP1

/// What tells one content of a file from another, and the conditions of a request that compare them
/// (RFC 9110, 8.8 and 13).
struct Validators {
    /// The entity tag, with its quotation marks.
    let tag: String
    /// Seconds since 1970.
    let modified: Int

    /// Whether the browser already has this content (status 304).
    ///
    /// A tag takes precedence over a date, as the RFC says.
    func isKnown(to headers: HTTPHeaders) -> Bool {
        let tags = headers[canonicalForm: "If-None-Match"]
        if !tags.isEmpty {
            return tags.contains { $0 == "*" || Self.withoutWeakness($0) == tag }
        }
        guard let since = headers.first(name: "If-Modified-Since").flatMap(HTTPDate.seconds) else {
            return false
        }
        return modified <= since
    }

    /// Whether the browser has parts of exactly this content, or does not ask about it. If not, it
    /// needs the whole file.
    func allowParts(for headers: HTTPHeaders) -> Bool {
        guard let condition = headers.first(name: "If-Range") else { return true }
        return condition == tag || condition == HTTPDate.text(modified)
    }

    private static func withoutWeakness(_ tag: Substring) -> Substring {
        tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
    }
}

/// The compression that a browser accepts (RFC 9110, 12.5.3).
enum AcceptEncoding {
    /// Whether a request accepts gzip.
    ///
    ///     "gzip, deflate, br"      // true
    ///     "gzip;q=0, *"            // false
    ///     "*"                      // true
    static func acceptsGzip(_ headers: HTTPHeaders) -> Bool {
        var others = false
        for coding in headers[canonicalForm: "Accept-Encoding"] {
            let parts = coding.lowercased().split(separator: ";").map { trimmed($0) }
            guard let name = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { $0.dropFirst(2) }
            let isAccepted = weight.map { (Double($0) ?? 0) > 0 } ?? true
            switch name {
            case "gzip", "x-gzip": return isAccepted
            case "*": others = isAccepted
            default: continue
            }
        }
        return others
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
