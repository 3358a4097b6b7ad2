import Foundation
package import Parallel
import Synchronization

/// Checks every link of an atlas on a disk.
///
/// An atlas can be opened as files or from a server. So an address is valid when it is relative,
/// stays inside the atlas, and refers to a file. A folder is not valid, because a browser would
/// list it instead of opening its `index.html`. The check reads HTML pages, style sheets and SVG
/// files: links, pictures, scripts, styles, `srcset`, `url(…)`, and the attributes `data-src`,
/// `data-srcset`, `data-href` and `data-sprite`, which scripts load from. It does not see addresses
/// that scripts compose.
///
/// Nothing may be loaded from a network, but a link for the reader may go there: `<a
/// href="https://…">`, `mailto:`, `tel:`. A fragment must be the `id` of an element, unless it
/// contains an equals sign (`#predicted=gneiss`), which is a message to a script.
package enum LinkCheck {
    /// The broken links of all pages.
    ///
    /// - Parameters:
    ///   - folder: the atlas.
    ///   - files: paths of all its files, relative to `folder`.
    ///   - progress: in pages.
    /// - Returns: sorted by page, then reason, without duplicates.
    /// - Throws: nothing for a page that cannot be read; it is reported like a broken link.
    package static func problems(
        in folder: String, files: [String], workers: Workers,
        progress: ProgressReport = { _, _ in }
    ) throws -> [BrokenLink] {
        let tree = FileTree(files)
        let pages = files.filter { Format(of: $0) != nil }.sorted()
        let state = Mutex<(done: Int, findings: [Findings])>((0, []))
        // Neighbouring pages are in the same folder, which the file system then has in its cache.
        try workers.forEachRange(of: pages.count, chunk: 32) { range in
            let found = pages[range].map { look(at: $0, in: folder, tree) }
            let done = state.withLock {
                $0.findings += found
                $0.done += range.count
                return $0.done
            }
            progress(done, pages.count)
        }
        let findings = state.withLock(\.findings)
        let lost = try lostPlaces(findings.flatMap(\.elsewhere), in: folder, workers)
        return Set(findings.flatMap(\.problems) + lost).sorted()
    }

    /// The results for one page.
    private struct Findings: Sendable {
        var problems: [BrokenLink] = []
        var elsewhere: [PlaceElsewhere] = []
    }

    /// A link to a fragment of another page, which is checked later.
    private struct PlaceElsewhere: Sendable, Hashable {
        let page: String
        let address: String
        let target: String
        let place: String
    }

    private enum Format {
        case html, css

        init?(of path: String) {
            switch path.split(separator: ".").last {
            case "html", "htm", "svg": self = .html
            case "css": self = .css
            default: return nil
            }
        }
    }

    private static func look(
        at page: String, in folder: String, _ tree: FileTree
    ) -> Findings {
        var findings = Findings()
        func add(_ reason: String) {
            findings.problems.append(BrokenLink(page: page, reason: reason))
        }
        guard let bytes = bytes(of: page, in: folder) else {
            add("The file cannot be read. Check that you may open it.")
            return findings
        }
        guard Format(of: page) == .html else {
            for address in Set(StyleScanner.addresses(in: bytes)) {
                let link = LinkScanner.Link(address: address, kind: .resource)
                // A fragment without a path in a style sheet refers to the page that uses the
                // sheet.
                if address.hasPrefix("#") { continue }
                if case .broken(let reason) = tree.follow(link, from: page) { add(reason) }
            }
            return findings
        }
        let scanner = LinkScanner(html: bytes)
        if scanner.hasBase {
            add("A <base> element changes what links are relative to. Remove it.")
        }
        for link in Set(scanner.links) {
            switch tree.follow(link, from: page) {
            case .outside: continue
            case .broken(let reason): add(reason)
            case .file(let target, let place):
                guard let place, Format(of: target) == .html else { continue }
                if target != page {
                    findings.elsewhere.append(
                        PlaceElsewhere(
                            page: page, address: link.address, target: target, place: place))
                } else if !scanner.places.contains(place) {
                    add(lost(link.address))
                }
            }
        }
        return findings
    }

    /// The message for a link to a fragment that does not exist.
    package static func lost(_ address: String) -> String {
        "\"\(address)\" leads to a place that the page does not have."
    }

    /// Checks links to fragments of other pages. Only the pages that they refer to are read.
    private static func lostPlaces(
        _ links: [PlaceElsewhere], in folder: String, _ workers: Workers
    ) throws -> [BrokenLink] {
        let byTarget = Dictionary(grouping: links, by: \.target)
        let targets = byTarget.keys.sorted()
        return try workers.map(targets.count) { index -> [BrokenLink] in
            let bytes = bytes(of: targets[index], in: folder) ?? []
            let places = LinkScanner(html: bytes).places
            return byTarget[targets[index], default: []]
                .filter { !places.contains($0.place) }
                .map { BrokenLink(page: $0.page, reason: lost($0.address)) }
        }.flatMap { $0 }
    }

    private static func bytes(of path: String, in folder: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder + "/" + path).map { [UInt8]($0) }
    }
}
