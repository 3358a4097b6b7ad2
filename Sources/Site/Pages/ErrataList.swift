import AtlasModel
import Templates

/// The errata of an edition, one group for each kind of reason.
struct ErrataList {
    /// Entries with one kind of reason.
    struct Group: Equatable {
        /// The first sentence, with what differs between entries left open.
        let heading: String
        /// The sentences that follow, if they are the same for all.
        let advice: String
        let entries: [Entry]
    }

    struct Entry: Equatable {
        let path: String
        /// What is particular to this file; empty when the heading says it all.
        let detail: String
    }

    let groups: [Group]
    private let unused: Int
    private let renamed: Int

    init(_ edition: Edition) {
        let used = Set(edition.images.map(\.path))
        renamed = edition.errata.count { used.contains($0.path) }
        unused = edition.errata.count - renamed
        var order: [String] = []
        var members: [String: [(Erratum, Reason)]] = [:]
        for erratum in edition.errata {
            let reason = Reason(erratum.reason)
            if members[reason.kind] == nil { order.append(reason.kind) }
            members[reason.kind, default: []].append((erratum, reason))
        }
        groups = order.map { kind in
            let entries = members[kind, default: []]
            let reason = entries[0].1
            return Group(
                heading: reason.heading, advice: reason.advice,
                entries: entries.map { Entry(path: $0.0.path, detail: $0.1.detail) })
        }.sorted { $0.entries.count > $1.entries.count }
    }

    /// `7 entries could not be used, 2 files are used with a remark. Nothing else was left out.`
    var sentence: String {
        if unused + renamed == 0 { return "Every file could be used." }
        var parts: [String] = []
        if unused > 0 {
            parts.append("\(Figures.counted(unused, "entry", "entries")) could not be used")
        }
        if renamed > 0 {
            let are = renamed == 1 ? "is" : "are"
            parts.append("\(Figures.counted(renamed, "file", "files")) \(are) used with a remark")
        }
        return parts.joined(separator: ", ") + ". Nothing else was left out."
    }
}

/// A reason taken apart: what it shares with others of its kind, and what is its own.
private struct Reason {
    let heading: String
    let advice: String
    let detail: String

    /// Equal for reasons of one kind.
    var kind: String { heading + "\n" + advice }

    /// What stands in brackets is detail. A sentence with a key, a number or a quotation is this
    /// file's own: as the first it stands open in the heading, later ones become detail.
    init(_ reason: String) {
        var details: [String] = []
        var text = reason
        for match in reason.matches(of: /\ \(([^()]*)\)/).reversed() {
            details.insert(String(match.output.1), at: 0)
            text.removeSubrange(match.range)
        }
        let sentences = text.matches(of: /[^.]+(?:\.(?!\s|$)[^.]*)*(?:\.|$)/).map {
            String($0.output).split(separator: " ").joined(separator: " ")
        }.filter { !$0.isEmpty }
        let first = sentences.first ?? reason
        heading = Self.opened(first)
        if heading != first { details.append(first) }
        let rest = sentences.dropFirst()
        advice = rest.filter { Self.opened($0) == $0 }.joined(separator: " ")
        details += rest.filter { Self.opened($0) != $0 }
        detail = details.joined(separator: " ")
    }

    /// The sentence with an ellipsis for every word that names a file or a number.
    private static func opened(_ sentence: String) -> String {
        let words = sentence.split(separator: " ").map { word -> String in
            let isOwn = word.contains { $0 == "/" || $0 == "~" || $0.isNumber || $0 == "\"" }
            guard isOwn else { return String(word) }
            return word.hasSuffix(".") ? "…." : word.hasSuffix(",") ? "…," : "…"
        }
        return words.joined(separator: " ")
    }
}

extension Pages {
    /// `errata.html`.
    func errataPage() throws -> File {
        let list = ErrataList(edition)
        let groups: [Value] = list.groups.map { group in
            [
                "count": .text(Figures.count(group.entries.count)),
                "heading": .text(
                    group.heading.hasSuffix(".") ? String(group.heading.dropLast()) : group.heading),
                "advice": .text(group.advice),
                "entries": .list(
                    group.entries.map { ["path": .text($0.path), "detail": .text($0.detail)] }),
            ]
        }
        return try page(
            .errata, path: "errata.html", title: "Errata",
            ["sentence": .text(list.sentence), "groups": .list(groups)])
    }
}
