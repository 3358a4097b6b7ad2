import AtlasModel
import Files
package import Fingerprint
import Foundation

/// The list of files of an edition of the atlas, each with its size and digest.
///
/// It is at the root of the atlas as `manifest.json`, with one file a line:
///
///     {"version": 1, "edition": "9f…", "files": [
///     ["about.html", 5120, "0c…"],
///     ["index.html", 4223, "77…"]
///     ]}
package struct Manifest: Sendable, Equatable {
    /// Its own name at the root of the atlas; it does not list itself.
    package static let fileName = AtlasMark.manifest
    /// A file at the root of the atlas while a build writes to it: the paths that the build adds,
    /// one a line.
    package static let buildJournal = AtlasMark.buildJournal
    /// Folder for reviewers' votes, which do not belong to an edition.
    package static let votesFolder = Leftover.votes

    /// One file of the edition.
    package struct File: Sendable, Hashable {
        /// Path inside the atlas, `/` between folders.
        package let path: String
        /// Size in bytes.
        package let size: Int
        /// XXH3-128 of the content.
        package let digest: Fingerprint

        package init(path: String, size: Int, digest: Fingerprint) {
            self.path = path
            self.size = size
            self.digest = digest
        }
    }

    /// In UTF-8 byte order of their paths, each path once.
    package let files: [File]
    /// Identifies the edition: the digest of the lines `path TAB size TAB digest LF` in their order.
    package let edition: Fingerprint

    /// - Parameter files: in any order.
    /// - Throws: `PublishingError.refusedPath` for a path that could lead out of the atlas, belongs
    ///   to reviewers (`votes/`) or to publishing itself, or occurs twice.
    package init(_ files: [File]) throws {
        for file in files {
            if let reason = Self.objection(to: file.path) {
                throw PublishingError.refusedPath(path: file.path, reason: reason)
            }
        }
        let sorted = Self.isSorted(files) ? files : files.sorted(by: Self.precedes)
        for (file, next) in zip(sorted, sorted.dropFirst()) where file.path == next.path {
            throw PublishingError.refusedPath(path: file.path, reason: "it is listed twice")
        }
        self.files = sorted
        var lines: [UInt8] = []
        for file in sorted {
            lines.append(contentsOf: file.path.utf8)
            lines.append(UInt8(ascii: "\t"))
            lines.append(contentsOf: String(file.size).utf8)
            lines.append(UInt8(ascii: "\t"))
            file.digest.append(to: &lines)
            lines.append(UInt8(ascii: "\n"))
        }
        edition = Fingerprint(of: lines)
    }

    /// The order of `files`.
    private static func precedes(_ left: File, _ right: File) -> Bool {
        left.path.precedes(right.path)
    }

    private static func isSorted(_ files: [File]) -> Bool {
        zip(files, files.dropFirst()).allSatisfy { !precedes($1, $0) }
    }

    /// The content of `manifest.json`, in UTF-8.
    package func bytes() -> [UInt8] {
        var text = AtlasMark.manifestBeginning
        edition.append(to: &text)
        text.append(contentsOf: "\", \"files\": [".utf8)
        for (index, file) in files.enumerated() {
            text.append(contentsOf: (index == 0 ? "\n" : ",\n").utf8)
            file.append(to: &text)
            text.append(UInt8(ascii: "]"))
        }
        text.append(contentsOf: "\n]}\n".utf8)
        return text
    }

    /// Reads the manifest of the atlas in `folder`.
    /// - Throws: `PublishingError.notAFolder`, `.missingManifest`, `.unreadable`, `.damagedManifest`.
    package static func read(in folder: String) throws -> Manifest {
        try readWithBytes(in: folder).manifest
    }

    /// Like `read(in:)`, together with the content of the file.
    static func readWithBytes(in folder: String) throws -> (manifest: Manifest, bytes: [UInt8]) {
        guard Folders.contain(folder) else { throw PublishingError.notAFolder(path: folder) }
        let path = folder + "/" + fileName
        switch try reading({ () throws(FileError) in try RegularFile.read(path) }) {
        case .content(let bytes): return (try Manifest(bytes, path: path), bytes)
        case .missing: throw PublishingError.missingManifest(path: path)
        case .other:
            throw PublishingError.damagedManifest(
                path: path, reason: "it is a folder or a link, not a file")
        case .size:
            throw PublishingError.damagedManifest(
                path: path, reason: "its size changed while it was read")
        }
    }

    /// - Parameter path: the file of `bytes`, for the error.
    /// - Throws: `PublishingError.damagedManifest`.
    init(_ bytes: [UInt8], path: String) throws {
        func damage(_ reason: String) -> PublishingError {
            .damagedManifest(path: path, reason: reason)
        }
        let (files, said): ([File], String)
        if let quick = Self.written(bytes) {
            (files, said) = (quick.files, quick.edition.hex)
        } else {
            let document: Document
            do {
                document = try JSONDecoder().decode(Document.self, from: Data(bytes))
            } catch {
                throw damage("it is not the list that a build writes")
            }
            guard document.version == 1 else {
                throw damage("its version is \(document.version), and this program knows version 1")
            }
            (files, said) = (document.files.map(\.file), document.edition)
        }
        do {
            try self.init(files)
        } catch PublishingError.refusedPath(let path, let reason) {
            throw damage("\"\(path)\" cannot be a file of an atlas: \(reason)")
        }
        guard edition.hex == said else {
            throw damage("its list of files is not the one of edition \(said)")
        }
    }

    /// The edition and the files of a manifest that has the form of `bytes()`; `nil` for any other.
    private static func written(_ bytes: [UInt8]) -> (edition: Fingerprint, files: [File])? {
        var lines = ManifestLines(bytes)
        guard lines.pass("{\"version\": 1, \"edition\": \""), let edition = lines.digest(),
            lines.pass("\", \"files\": [\n")
        else { return nil }
        var files: [File] = []
        while let file = lines.file() {
            files.append(file)
            guard lines.pass("],\n") else {
                return lines.pass("]\n]}\n") && lines.isAtEnd ? (edition, files) : nil
            }
        }
        return nil
    }

    /// Whether `path` is valid for a file of an atlas.
    package static func accepts(_ path: String) -> Bool { objection(to: path) == nil }

    /// Why `path` is not valid for a file of an atlas; `nil` when it is valid.
    static func objection(to path: String) -> String? {
        if path.isEmpty { return "it is empty" }
        if path.hasPrefix("/") { return "it is not relative to the atlas" }
        // Length of the current part between slashes, and whether it has only full stops.
        var length = 0
        var onlyDots = true
        // Most paths have none of the letters with which kept names begin.
        var mayBeKept = ".vVmM".utf8.contains(path.utf8.first ?? 0)
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): return "it has a backslash"
            case ..<0x20, 0x7F: return "it has a control character"
            case UInt8(ascii: "/"):
                if onlyDots, length < 3 { return emptyPart }
                (length, onlyDots) = (0, true)
            default:
                length += 1
                if byte != UInt8(ascii: ".") { onlyDots = false }
                if byte == UInt8(ascii: "~") { mayBeKept = true }
            }
        }
        if onlyDots, length < 3 { return emptyPart }
        return mayBeKept ? reservation(of: path) : nil
    }

    private static let emptyPart = "it has an empty part, \".\" or \"..\""

    /// Why a path has a name that reviewers or publishing use.
    private static func reservation(of path: String) -> String? {
        // File servers may not distinguish upper case and lower case.
        let root = path.prefix { $0 != "/" }.lowercased()
        if root == Leftover.votes { return "votes/ belongs to the reviewers" }
        if root == fileName || root == buildJournal || root.hasPrefix(Leftover.prefix)
            || path.split(separator: "/").contains(where: { $0 == Leftover.delayed })
        {
            return "the name is kept for publishing"
        }
        return nil
    }
}

/// The manifest as JSON.
private struct Document: Decodable {
    let version: Int
    let edition: String
    let files: [Line]

    struct Line: Decodable {
        let file: Manifest.File

        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            let path = try parts.decode(String.self)
            let size = try parts.decode(Int.self)
            guard let digest = Fingerprint(hex: try parts.decode(String.self)), size >= 0,
                parts.isAtEnd
            else {
                throw DecodingError.dataCorruptedError(
                    in: parts, debugDescription: "expected path, size, digest")
            }
            file = Manifest.File(path: path, size: size, digest: digest)
        }
    }
}
