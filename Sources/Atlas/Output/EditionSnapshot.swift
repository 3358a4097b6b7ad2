import AtlasModel
import Catalog
import Fingerprint
import HDF5

/// The pictures of an edition, as far as they are compared with the next one.
struct EditionSnapshot: Equatable {
    /// By key.
    let pictures: [String: Picture]
    /// What decided the split: the rule and the shares.
    let division: String

    struct Picture: Equatable {
        /// Digest of the model vector.
        let vector: Fingerprint
        /// Labels of types; empty for no label.
        let label: String
        /// Empty without a network.
        let predicted: String
        /// `nil` if the file of the edition does not tell.
        var place: Place?
    }

    /// The place of a picture in the split.
    struct Place: Equatable {
        let set: Split
        /// Digest of the pictures of its group.
        let group: Fingerprint
    }

    init(pictures: [String: Picture], division: String = "") {
        self.pictures = pictures
        self.division = division
    }

    /// - Parameter predicted: classes of all pictures; `nil` without a network.
    init(_ catalogue: Catalogue, predicted: [Int]?, types: [RockType]) {
        var pictures: [String: Picture] = [:]
        pictures.reserveCapacity(catalogue.images.count)
        let vectors = catalogue.vectors.digests
        let groups = catalogue.groups.digests(of: vectors)
        for (index, image) in catalogue.images.enumerated() {
            pictures[image.key] = Picture(
                vector: vectors[index], label: image.label.map { types[$0].label } ?? "",
                predicted: predicted.map { types[$0[index]].label } ?? "",
                place: Place(set: image.split, group: groups[index]))
        }
        self.pictures = pictures
        division = catalogue.division.name
    }

    /// The last edition; `nil` when there was none, or its file is damaged.
    /// - Parameter folder: for what the workspace knows of the output folder.
    static func last(in folder: String) -> EditionSnapshot? {
        try? EditionSnapshot(contentsOf: path(in: folder))
    }

    static func path(in folder: String) -> String { folder + "/edition.h5" }

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
        (pictures, division) = try HDF5File.read(path) { file in
            let keys = try file.strings("keys")
            let names = try file.strings("types")
            let (vectors, shape) = try file.numbers("vectors", as: Int64.self)
            let types = try file.numbers("picture types", as: Int32.self)
            guard shape == [keys.count, 2], types.shape == [keys.count, 2],
                types.values.allSatisfy({ names.indices.contains(Int($0)) })
            else { throw HDF5Error.wrongShape(path: path, name: "vectors", shape: shape) }
            let digests = [Fingerprint](numbers: vectors)
            // An edition of an earlier version does not tell the split.
            let places = file.contains("sets") ? try Self.places(file, path, count: keys.count) : []
            let pictures = Dictionary(
                keys.enumerated().map { row, key in
                    (
                        key,
                        Picture(
                            vector: digests[row], label: names[Int(types.values[2 * row])],
                            predicted: names[Int(types.values[2 * row + 1])],
                            place: places.isEmpty ? nil : places[row])
                    )
                }, uniquingKeysWith: { first, _ in first })
            return (
                pictures, places.isEmpty ? "" : try file.strings("division").first ?? ""
            )
        }
    }

    private static func places(_ file: borrowing HDF5Reader, _ path: String, count: Int) throws
        -> [Place]
    {
        let sets = try file.numbers("sets", as: Int32.self)
        let groups = try file.numbers("groups", as: Int64.self)
        guard sets.shape == [count], groups.shape == [count, 2],
            sets.values.allSatisfy({ Split.allCases.indices.contains(Int($0)) })
        else { throw HDF5Error.wrongShape(path: path, name: "sets", shape: sets.shape) }
        return zip(sets.values, [Fingerprint](numbers: groups.values)).map {
            Place(set: Split.allCases[Int($0)], group: $1)
        }
    }

    /// Writes `keys`, `vectors (n, 2) int64`, the label and the predicted type of each picture as
    /// indices into `types`, its set of the split and the digest of its group `(n, 2) int64`.
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
            let known = sorted.compactMap(\.value.place)
            guard known.count == sorted.count else { return }
            try file.numbers(
                "sets",
                known.map { Int32(Split.allCases.firstIndex(of: $0.set) ?? 0) },
                shape: [known.count])
            try file.numbers("groups", known.map(\.group).numbers, shape: [known.count, 2])
            try file.strings("division", [division])
        }
    }
}
