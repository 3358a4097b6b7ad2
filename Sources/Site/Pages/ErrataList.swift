import AtlasModel
import Templates

/// The errata of an edition, grouped by kind; large groups first.
struct ErrataList {
    let groups: [Group]
    private let unused: Int
    private let remarks: Int

    /// Errata of one kind, in their given order.
    struct Group: Equatable {
        let heading: String
        let advice: String
        /// The first ones only; a page with a million lines cannot be used.
        let entries: [Entry]
        /// Number of all errata of the kind.
        let count: Int

        /// `and 20 more`; empty when all are listed.
        var more: String {
            count > entries.count ? "and \(Figures.count(count - entries.count)) more" : ""
        }
    }

    private struct Sort: Hashable {
        let kind: Erratum.Kind
        let heading: String
    }

    /// Most entries of a group that are listed.
    static let limit = 1_000

    struct Entry: Equatable {
        let path: String
        /// What is particular to this file; empty when the heading is enough.
        let detail: String
        /// Whether the file is used nevertheless, so that its picture has a page.
        var isUsed = false
    }

    init(_ edition: Edition) {
        let errata = edition.errata
        remarks = errata.count { $0.kind.isUsed }
        unused = errata.count - remarks
        // Files of one kind may have different formats, each with its own advice.
        let grouped = Dictionary(grouping: errata.indices) {
            Sort(kind: errata[$0].kind, heading: errata[$0].heading)
        }
        groups = grouped.values.sorted { $0[0] < $1[0] }.map { indices in
            let members = indices.map { errata[$0] }
            return Group(
                heading: members[0].heading, advice: members[0].advice,
                entries: members.prefix(Self.limit).map {
                    Entry(path: $0.path, detail: $0.detail ?? "", isUsed: $0.kind.isUsed)
                }, count: members.count)
        }.sorted { $0.count > $1.count }
    }

    /// `7 entries could not be used, 2 files are used with a remark. Nothing else was left out.`
    var sentence: String {
        if unused + remarks == 0 { return "Every file could be used." }
        var parts: [String] = []
        if unused > 0 {
            parts.append("\(Figures.counted(unused, "entry", "entries")) could not be used")
        }
        if remarks > 0 {
            let are = remarks == 1 ? "is" : "are"
            parts.append("\(Figures.counted(remarks, "file", "files")) \(are) used with a remark")
        }
        return parts.joined(separator: ", ") + ". Nothing else was left out."
    }
}

extension SinglePage {
    static let errata = SinglePage(
        name: "errata", title: "Errata", navigation: { _ in "Errata" },
        sentence: { ErrataList($0.edition).sentence },
        make: { [try $0.errataPage()] })
}

extension Pages {
    /// `errata.html`.
    func errataPage() throws -> File {
        let list = ErrataList(edition)
        let pictures = Dictionary(
            edition.images.indices.map { (edition.images[$0].path, $0) },
            uniquingKeysWith: { first, _ in first })
        let groups: [Value] = list.groups.map { group in
            [
                "count": .text(Figures.count(group.count)),
                "heading": .text(group.heading),
                "advice": .text(group.advice),
                "more": .text(group.more),
                "entries": .list(
                    group.entries.map { entry in
                        [
                            "path": .text(entry.path), "detail": .text(entry.detail),
                            "href": .text(
                                entry.isUsed
                                    ? pictures[entry.path].map { layout.paths.places[$0].page }
                                        ?? ""
                                    : ""),
                        ]
                    }),
            ]
        }
        return try page(
            .errata,
            [
                "sentence": .text(list.sentence), "groups": .list(groups),
                "csv": .text(edition.errata.isEmpty ? "" : OtherLists.errataPath),
                "odd": .list(oddPictures),
            ])
    }

    /// How many pictures are odd and why, as a list with one value; empty when none is.
    private var oddPictures: [Value] {
        let checks = edition.checks
        guard !checks.odd.isEmpty else { return [] }
        let issues = PictureIssue.allCases.compactMap { issue -> Value? in
            let count = checks.issues.count { $0.contains(issue) }
            guard count > 0 else { return nil }
            return [
                "name": .text(issue.rawValue.capitalizedFirst), "meaning": .text(issue.meaning),
                "pictures": .text(Figures.pictures(count)),
            ]
        }
        return [
            [
                "count": .text(Figures.count(checks.odd.count)), "csv": .text(CheckList.path),
                "issues": .list(issues),
            ]
        ]
    }
}
