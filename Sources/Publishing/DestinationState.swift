import AtlasModel

/// What a destination remembers between two publications, in the file `Leftover.state`:
///
///     {"version": 2, "arriving": [
///     ["about.html", 5120, "0c…"]
///     ], "leaving": [
///     ["old.html", 4223, "77…", 1764355555, true]
///     ]}
struct DestinationState: Equatable {
    /// A file that is out of the atlas and still at the destination, for readers who have an older
    /// page open.
    struct Departure: Equatable {
        let file: Manifest.File
        /// Seconds since 1970 by the clock of the destination when the file was found to be out.
        let since: Int
        /// Whether the publication that found it out was completed.
        var settled: Bool
    }

    /// Files that a publication adds or replaces, each with the content that it writes. If the
    /// publication was stopped, the destination has some of them and not others. A path occurs more
    /// than once when several publications were stopped.
    var arriving: [Manifest.File] = []
    /// Files that wait for their removal.
    var leaving: [Departure] = []

    var isEmpty: Bool { arriving.isEmpty && leaving.isEmpty }

    private static let version = "{\"version\": 2, \"arriving\": ["
    private static let middle = "\n], \"leaving\": ["
    private static let end = "\n]}\n"

    /// The content of the file, in UTF-8.
    func bytes() -> [UInt8] {
        var text = Array(Self.version.utf8)
        for (index, file) in arriving.enumerated() {
            text.append(contentsOf: (index == 0 ? "\n" : ",\n").utf8)
            file.append(to: &text)
            text.append(UInt8(ascii: "]"))
        }
        text.append(contentsOf: Self.middle.utf8)
        for (index, departure) in leaving.enumerated() {
            text.append(contentsOf: (index == 0 ? "\n" : ",\n").utf8)
            departure.file.append(to: &text)
            text.append(contentsOf: ", \(departure.since), \(departure.settled)]".utf8)
        }
        text.append(contentsOf: Self.end.utf8)
        return text
    }

    init(arriving: [Manifest.File] = [], leaving: [Departure] = []) {
        self.arriving = arriving
        self.leaving = leaving
    }

    /// - Parameter bytes: the content of the file. An earlier version of this program wrote a
    ///   manifest there, whose files are all read as arriving.
    /// - Returns: `nil` when the file is damaged.
    init?(_ bytes: [UInt8]) {
        if AtlasMark.isManifest(bytes) {
            guard let earlier = Self.manifest(bytes) else { return nil }
            arriving = earlier.files
            return
        }
        var lines = ManifestLines(bytes)
        guard lines.pass("{\"version\": 2, \"arriving\": [") else { return nil }
        while lines.pass("\n") || lines.pass(",\n") {
            guard let file = lines.file(), lines.pass("]") else { break }
            arriving.append(file)
        }
        guard lines.pass("], \"leaving\": [") else { return nil }
        while lines.pass("\n") || lines.pass(",\n") {
            guard let file = lines.file() else { break }
            guard lines.pass(", "), let since = lines.number() else { return nil }
            let settled = lines.pass(", true]")
            guard settled || lines.pass(", false]") else { return nil }
            leaving.append(Departure(file: file, since: since, settled: settled))
        }
        guard lines.pass("]}\n"), lines.isAtEnd,
            (arriving + leaving.map(\.file)).allSatisfy({ Manifest.accepts($0.path) })
        else { return nil }
    }

    private static func manifest(_ bytes: [UInt8]) -> Manifest? {
        do {
            return try Manifest(bytes, path: Leftover.state)
        } catch {
            return nil
        }
    }
}
