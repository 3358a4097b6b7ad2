internal import NIOHTTP1

/// A request that arrived completely.
struct PreviewRequest: Sendable {
    let head: HTTPRequestHead
    /// `nil` when it was longer than `VoteInbox.limit`.
    let body: [UInt8]?

    /// The path as it was sent, percent-encoded, without the query.
    var path: String { String(target.prefix { $0 != "?" && $0 != "#" }) }

    /// What follows the question mark.
    var query: Substring {
        target.drop { $0 != "?" }.dropFirst().prefix { $0 != "#" }
    }

    /// The host that the request is for, with its port; `nil` if it names none or several.
    ///
    /// A target with a host takes precedence over the field `Host` (RFC 9112, 3.2.2).
    var host: String? {
        let named = head.headers["Host"]
        guard named.count == 1 else { return nil }
        return (absolute?.host).map(String.init) ?? named[0]
    }

    private var target: Substring { absolute?.target ?? head.uri[...] }

    /// The parts of a target such as `http://127.0.0.1:8080/a.html`, as a proxy gets it.
    private var absolute: (host: Substring, target: Substring)? {
        let scheme = "http://"
        guard head.uri.prefix(scheme.count).lowercased() == scheme else { return nil }
        let rest = head.uri.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let target = rest[host.endIndex...]
        return (host, target.hasPrefix("/") ? target : "/" + target)
    }
}
