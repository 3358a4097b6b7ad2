import AtlasModel
import Fingerprint
import Foundation
import HDF5

/// What the last build wrote to an output folder: for each file its size, its digest, what it was made
/// from, and the facts by which a later change shows.
///
/// It is in the workspace, so that an atlas contains nothing of how it was made.
struct OutputRecord: Sendable {
    /// A file as the last build left it.
    struct Entry: Sendable, Equatable {
        let size: Int
        /// XXH3-128 of the content.
        let digest: Fingerprint
        /// What it was made from; `nil` when that is not known.
        let source: Fingerprint?
        let facts: FileFacts
    }

    /// A file with its path in the atlas.
    struct File: Sendable {
        let path: String
        let entry: Entry

        func precedes(_ other: File) -> Bool { path.precedes(other.path) }
    }

    /// In UTF-8 byte order of their paths. The manifest is among them.
    let files: [File]
    /// Indices of the files by their paths.
    private let places: [String: Int32]

    static let empty = OutputRecord([])

    /// - Parameter files: in any order, each path once.
    init(_ files: [File]) {
        self.files = files.sorted { $0.precedes($1) }
        // A dictionary of entries would take three times as much memory.
        places = Dictionary(
            self.files.enumerated().map { ($1.path, Int32($0)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The entry of the file at a path; `nil` when there is none.
    subscript(path: String) -> Entry? { places[path].map { files[Int($0)].entry } }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or has the wrong shape.
    init(contentsOf path: String) throws {
        let files = try HDF5File.read(path) { file in
            let paths = try file.strings("paths")
            let (numbers, shape) = try file.numbers("files", as: Int64.self)
            guard shape == [paths.count, Self.columns] else {
                throw HDF5Error.wrongShape(path: path, name: "files", shape: shape)
            }
            return paths.enumerated().map { row, path in
                let first = row * Self.columns
                func digest(_ column: Int) -> Fingerprint {
                    Fingerprint(
                        high: UInt64(bitPattern: numbers[first + column]),
                        low: UInt64(bitPattern: numbers[first + column + 1]))
                }
                let (size, source) = (Int(numbers[first]), digest(3))
                let entry = Entry(
                    size: size, digest: digest(1), source: source == Self.unknown ? nil : source,
                    facts: FileFacts(
                        size: size, modified: numbers[first + 5], changed: numbers[first + 6],
                        number: UInt64(bitPattern: numbers[first + 7])))
                return File(path: path, entry: entry)
            }
        }
        self.init(files)
    }

    /// Writes `paths` and `files (n, 8) int64`: size, digest and source as two numbers each, times of
    /// modification and change in nanoseconds, and number of the inode.
    /// - Throws: `HDF5Error.notWritten`.
    func write(to path: String) throws {
        var numbers: [Int64] = []
        numbers.reserveCapacity(files.count * Self.columns)
        for entry in files.lazy.map(\.entry) {
            let source = entry.source ?? Self.unknown
            numbers.append(Int64(entry.size))
            numbers.append(Int64(bitPattern: entry.digest.high))
            numbers.append(Int64(bitPattern: entry.digest.low))
            numbers.append(Int64(bitPattern: source.high))
            numbers.append(Int64(bitPattern: source.low))
            numbers.append(entry.facts.modified)
            numbers.append(entry.facts.changed)
            numbers.append(Int64(bitPattern: entry.facts.number))
        }
        try HDF5File.write(path) { file in
            try file.strings("paths", files.map(\.path))
            try file.numbers("files", numbers, shape: [files.count, Self.columns])
        }
    }

    private static let columns = 8
    /// Stands for an unknown source.
    private static let unknown = Fingerprint(high: 0, low: 0)
}

/// What the system says of a file without reading it. A program that writes to the file, or replaces
/// it, changes at least one of these.
struct FileFacts: Sendable, Equatable {
    let size: Int
    /// Times of the last change of the content, and of the content or the inode, in nanoseconds.
    let modified: Int64
    let changed: Int64
    /// Number of the inode.
    let number: UInt64

    init(size: Int, modified: Int64, changed: Int64, number: UInt64) {
        self.size = size
        self.modified = modified
        self.changed = changed
        self.number = number
    }

    /// The facts of the regular file at a path; `nil` when there is none.
    init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(status)
    }

    /// The facts of whatever a path leads to, links followed; `nil` when there is nothing.
    init?(following path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        func nanoseconds(_ time: timespec) -> Int64 {
            Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        }
        self.init(
            size: Int(status.st_size), modified: nanoseconds(status.st_mtim),
            changed: nanoseconds(status.st_ctim), number: UInt64(status.st_ino))
    }
}
