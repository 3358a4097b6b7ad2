import AtlasModel
import Catalog
import Files
import Fingerprint
import Foundation
import HDF5

/// The last editions of an atlas, and what the last one held, for the page that says what changed.
///
/// Both are in the workspace. Without them the next edition is the first one.
struct EditionHistory {
    /// Newest first, at most `limit`.
    let editions: [EditionChange]
    /// What changed since the last build; `nil` when there was none, or nothing changed.
    let change: EditionChange?
    private let folder: String
    private let snapshot: EditionSnapshot
    /// Whether the last edition held the same.
    private let isSame: Bool

    /// Number of editions that are remembered.
    private static let limit = 10

    /// Compares an edition with the last one.
    /// - Parameters:
    ///   - snapshot: of this edition.
    ///   - last: of the last edition; `nil` when there was none.
    ///   - folder: for what the workspace knows of the output folder.
    ///   - date: of this build.
    init(_ snapshot: EditionSnapshot, since last: EditionSnapshot?, in folder: String, date: Date) {
        self.folder = folder
        self.snapshot = snapshot
        let earlier = FileManager.default.contents(atPath: folder + "/history.json").flatMap {
            try? JSONDecoder().decode([EditionChange].self, from: $0)
        }
        guard let earlier, let newest = earlier.first, let last else {
            let first = EditionChange(
                number: (earlier?.first?.number ?? 0) + 1, date: Self.text(date),
                pictures: snapshot.pictures.count)
            (editions, change) = (Array(([first] + (earlier ?? [])).prefix(Self.limit)), nil)
            isSame = false
            return
        }
        let found = snapshot.change(
            since: last, number: newest.number + 1, date: Self.text(date))
        change = found.isChange ? found : nil
        isSame = !found.isChange
        editions = Array(((change.map { [$0] } ?? []) + earlier).prefix(Self.limit))
    }

    /// Writes down this edition, after all of it is written.
    /// - Throws: `AtlasError.fileTrouble`, `HDF5Error.notWritten`.
    func record() throws {
        guard !isSame else { return }
        do {
            try Folders.make(folder)
            try snapshot.write(to: EditionSnapshot.path(in: folder))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try AtomicFile.write(
                Array(try encoder.encode(editions)), to: folder + "/history.json")
        } catch let error as FileError {
            throw AtlasError.fileTrouble(path: folder, reason: error.reason + ".")
        }
    }

    private static func text(_ date: Date) -> String {
        let style = Date.VerbatimFormatStyle(
            format: """
                \(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)
                """,
            timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
        return date.formatted(style)
    }
}

/// The pictures of an edition, as far as they are compared with the next one.
struct EditionSnapshot: Equatable {
    /// By key.
    let pictures: [String: Picture]

    struct Picture: Equatable {
        /// Digest of the model vector.
        let vector: Fingerprint
        /// Labels of types; empty for no label.
        let label: String
        let predicted: String
    }

    init(pictures: [String: Picture]) { self.pictures = pictures }

    init(_ catalogue: Catalogue, predicted: [Int], types: [RockType]) {
        var pictures: [String: Picture] = [:]
        pictures.reserveCapacity(catalogue.images.count)
        let vectors = catalogue.vectors.digests
        for (index, image) in catalogue.images.enumerated() {
            pictures[image.key] = Picture(
                vector: vectors[index], label: image.label.map { types[$0].label } ?? "",
                predicted: types[predicted[index]].label)
        }
        self.pictures = pictures
    }

    /// The last edition; `nil` when there was none, or its file is damaged.
    /// - Parameter folder: for what the workspace knows of the output folder.
    static func last(in folder: String) -> EditionSnapshot? {
        try? EditionSnapshot(contentsOf: path(in: folder))
    }

    fileprivate static func path(in folder: String) -> String { folder + "/edition.h5" }

    /// What this edition changed.
    func change(since last: EditionSnapshot, number: Int, date: String) -> EditionChange {
        var (added, replaced, removed): ([String], [String], [String]) = ([], [], [])
        var (relabelled, predicted): ([EditionChange.Moved], [EditionChange.Moved]) = ([], [])
        for key in pictures.keys.sorted(by: { $0.precedes($1) }) {
            guard let now = pictures[key] else { continue }
            guard let before = last.pictures[key] else {
                added.append(key)
                continue
            }
            if now.vector != before.vector { replaced.append(key) }
            if now.label != before.label {
                relabelled.append(.init(key: key, from: before.label, to: now.label))
            }
            if now.predicted != before.predicted {
                predicted.append(.init(key: key, from: before.predicted, to: now.predicted))
            }
        }
        removed = last.pictures.keys.filter { pictures[$0] == nil }.sorted { $0.precedes($1) }
        return EditionChange(
            number: number, date: date, pictures: pictures.count, added: .init(added),
            removed: .init(removed), replaced: .init(replaced), relabelled: .init(relabelled),
            predicted: .init(predicted))
    }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`.
    init(contentsOf path: String) throws {
        pictures = try HDF5File.read(path) { file in
            let keys = try file.strings("keys")
            let names = try file.strings("types")
            let (vectors, shape) = try file.numbers("vectors", as: Int64.self)
            let types = try file.numbers("picture types", as: Int32.self)
            guard shape == [keys.count, 2], types.shape == [keys.count, 2],
                types.values.allSatisfy({ names.indices.contains(Int($0)) })
            else { throw HDF5Error.wrongShape(path: path, name: "vectors", shape: shape) }
            let digests = [Fingerprint](numbers: vectors)
            return Dictionary(
                keys.enumerated().map { row, key in
                    (
                        key,
                        Picture(
                            vector: digests[row], label: names[Int(types.values[2 * row])],
                            predicted: names[Int(types.values[2 * row + 1])])
                    )
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Writes `keys`, `vectors (n, 2) int64`, and the label and the predicted type of each picture as
    /// indices into `types`.
    /// - Throws: `HDF5Error.notWritten`.
    func write(to path: String) throws {
        let keys = pictures.keys.sorted { $0.precedes($1) }
        let sorted = keys.compactMap { key in pictures[key].map { (key: key, value: $0) } }
        let names = Set(sorted.flatMap { [$0.value.label, $0.value.predicted] }).sorted()
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        try HDF5File.write(path) { file in
            try file.strings("keys", sorted.map(\.key))
            try file.strings("types", names)
            try file.numbers(
                "vectors", sorted.map(\.value.vector).numbers, shape: [sorted.count, 2])
            try file.numbers(
                "picture types",
                sorted.flatMap { [places[$0.value.label] ?? 0, places[$0.value.predicted] ?? 0] },
                shape: [sorted.count, 2])
        }
    }
}
