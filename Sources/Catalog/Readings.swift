import AtlasModel
import Fingerprint
import Foundation
import HDF5
import Raster

/// The result of decoding each entry of a collection, in the order of its entries.
///
/// Decoding is slow and depends on the files only, so readings can be cached: as a whole with the
/// digest of the listing, and file by file with the version of each. Names, labels and sets of the
/// split are assigned later.
package struct Readings: Sendable {
    let entries: [Entry]
    /// What was read, one for each entry.
    let files: [ReadFile]
    /// Model vectors of the usable entries, one after another.
    private let vectors: ModelVectors

    /// A file as it was when it was read.
    struct ReadFile: Sendable, Hashable {
        let path: String
        /// See `Collection.Entry.version`.
        let version: SIMD4<UInt64>
    }

    enum Entry: Sendable {
        case usable(Usable)
        case unusable(EntryFault)
    }

    struct Usable: Sendable {
        /// Index of its vector.
        var place: Int
        let width: Int
        let height: Int
        let byteCount: Int
        let format: PictureFormat
        let fingerprint: Fingerprint
        /// What the file tells besides the picture.
        let embedded: RemovedData
        /// What to tell about the picture.
        let remarks: [PictureRemark]
        /// What its camera says that readers may want to know.
        let facts: CameraFacts?
    }

    /// - Parameters:
    ///   - readings: one for each file.
    ///   - vectors: room for one vector for each file; those of unusable files are left out.
    init(_ files: [ReadFile], _ readings: [Entry], vectors: [UInt8]) {
        self.files = files
        var place = 0
        var kept = vectors
        entries = readings.enumerated().map { index, reading in
            guard case .usable(var picture) = reading else { return reading }
            if place != index {
                let length = ModelVectors.length
                kept.withUnsafeMutableBytes { bytes in
                    bytes[place * length..<(place + 1) * length].copyBytes(
                        from: bytes[index * length..<(index + 1) * length])
                }
            }
            picture.place = place
            place += 1
            return .usable(picture)
        }
        kept.removeLast(kept.count - place * ModelVectors.length)
        self.vectors = ModelVectors(bytes: kept)
    }

    /// Puts the readings of all shares together.
    /// - Parameter part: gives each in turn, so that they are not in memory at once.
    package init(joining count: Int, _ part: (_ index: Int) throws -> Readings) rethrows {
        var (entries, files, vectors): ([Entry], [ReadFile], [UInt8]) = ([], [], [])
        for index in 0..<count {
            let readings = try part(index)
            let before = vectors.count / ModelVectors.length
            entries += readings.entries.map { entry in
                guard case .usable(var picture) = entry else { return entry }
                picture.place += before
                return .usable(picture)
            }
            files += readings.files
            vectors += readings.vectors.bytes
        }
        self.init(entries: entries, files: files, vectors: ModelVectors(bytes: vectors))
    }

    /// The vectors at `places`, in that order.
    func vectors(at places: [Int]) -> ModelVectors {
        places.elementsEqual(0..<vectors.count) ? vectors : vectors.selecting(places)
    }
}

extension Readings {
    /// Reads and decodes a file that the listing has no objection to.
    /// - Parameters:
    ///   - withPositions: whether the facts of a camera include where it was.
    ///   - memory: shared by all threads.
    ///   - vector: receives the model vector.
    static func entry(
        of entry: Collection.Entry, in collection: Collection, withPositions: Bool,
        memory: DecodingMemory,
        vector: UnsafeMutableRawBufferPointer
    ) -> Entry {
        do {
            return try memory.holding(fileOf: entry.size) {
                let bytes = try collection.bytes(of: entry) { beginning in
                    if let fault = EntryFault(ofFileBeginning: beginning) { throw fault }
                }
                let decoded = try Picture.decode(bytes, .modelVector(memory: memory.pixels))
                guard let format = PictureFormat(of: bytes) else { throw RasterError.unknownFormat }
                let pixels = decoded.picture.pixels
                vector.copyBytes(from: pixels)
                return .usable(
                    Usable(
                        place: 0, width: decoded.width, height: decoded.height,
                        byteCount: bytes.count, format: format,
                        fingerprint: Fingerprint(of: Symmetry.smallest(of: pixels)),
                        embedded: CleanedPicture(bytes).removed, remarks: decoded.remarks,
                        facts: CameraFacts(of: bytes, withPosition: withPositions)))
            }
        } catch {
            return .unusable(EntryFault(error))
        }
    }

    /// What was read of a file that has not changed since, by path and version.
    struct Known {
        private let readings: Readings
        private let places: [ReadFile: Int]

        /// - Parameter readings: of an earlier build; `nil` without one.
        init?(_ readings: Readings?) {
            guard let readings else { return nil }
            self.readings = readings
            places = Dictionary(
                readings.files.enumerated().map { ($1, $0) },
                uniquingKeysWith: { first, _ in first })
        }

        /// The entry of a file, `nil` when it was not read, could not be, or has changed.
        /// - Parameter vector: receives the model vector.
        func entry(of file: ReadFile, vector: UnsafeMutableRawBufferPointer) -> Entry? {
            guard let index = places[file] else { return nil }
            let entry = readings.entries[index]
            // It may be there now.
            if case .unusable(.unreadableFile) = entry { return nil }
            if case .usable(let picture) = entry {
                vector.copyBytes(from: readings.vectors[picture.place])
            }
            return entry
        }
    }
}

extension Readings {
    /// Raised when the format of the file changes, or when decoding gives other results, for example
    /// with a new picture format. A file of an earlier revision is not read.
    package static let revision = 14

    /// Number of values in the file for each entry.
    private static let columns = 7

    /// Writes the readings: `vectors (m, 2352) uint8`, `entries (n, 7) int64`, `faults`, with one
    /// JSON value for each entry that is not used, `remarks`, a JSON object of remarks by number of the
    /// entry, `facts`, a JSON value or nothing for each entry that is used, and `paths` and
    /// `versions (n, 4) int64` of files.
    /// - Throws: `HDF5Error.notWritten`.
    package func write(to path: String) throws {
        var numbers: [Int64] = []
        var faults: [String] = []
        var remarks: [Int: [PictureRemark]] = [:]
        var facts: [String] = []
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for (index, entry) in entries.enumerated() {
            switch entry {
            case .usable(let picture):
                if !picture.remarks.isEmpty { remarks[index] = picture.remarks }
                numbers += [
                    Int64(picture.width), Int64(picture.height), Int64(picture.byteCount),
                    picture.format.number, Int64(bitPattern: picture.fingerprint.high),
                    Int64(bitPattern: picture.fingerprint.low),
                    Int64(picture.embedded.rawValue),
                ]
                facts.append(
                    try picture.facts.map {
                        String(decoding: try encoder.encode($0), as: UTF8.self)
                    } ?? "")
            case .unusable(let fault):
                numbers += [Int64](repeating: -1, count: Self.columns)
                faults.append(String(decoding: try encoder.encode(fault), as: UTF8.self))
            }
        }
        try HDF5File.write(path) { file in
            try file.numbers(
                "vectors", vectors.bytes, shape: [vectors.count, ModelVectors.length])
            try file.numbers("entries", numbers, shape: [entries.count, Self.columns])
            try file.strings("faults", faults)
            try file.strings(
                "remarks", [String(decoding: encoder.encode(remarks), as: UTF8.self)])
            try file.strings("facts", facts)
            try file.strings("paths", files.map(\.path))
            try file.numbers(
                "versions",
                files.flatMap { file in (0..<4).map { Int64(bitPattern: file.version[$0]) } },
                shape: [files.count, 4])
        }
    }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or has the wrong shape.
    package init(contentsOf path: String) throws {
        self = try HDF5File.read(path) { file in
            let vectors = try file.numbers("vectors", as: UInt8.self)
            let (numbers, shape) = try file.numbers("entries", as: Int64.self)
            var faults = try file.strings("faults")[...]
            let remarks = try Self.remarks(file.strings("remarks"), path: path)
            let facts = try file.strings("facts")
            let paths = try file.strings("paths")
            let versions = try file.numbers("versions", as: Int64.self)
            guard versions.shape == [paths.count, 4], shape.first == paths.count else {
                throw HDF5Error.wrongShape(path: path, name: "versions", shape: versions.shape)
            }
            guard shape.count == 2, shape[1] == Self.columns,
                vectors.shape == [shape[0] - faults.count, ModelVectors.length],
                facts.count == shape[0] - faults.count
            else { throw HDF5Error.wrongShape(path: path, name: "entries", shape: shape) }
            var place = 0
            let entries = try (0..<shape[0]).map { row -> Entry in
                let start = row * Self.columns
                guard numbers[start] >= 0 else {
                    guard let fault = faults.popFirst() else {
                        throw HDF5Error.wrongShape(path: path, name: "faults", shape: shape)
                    }
                    return .unusable(try Self.fault(fault, path: path))
                }
                guard let format = PictureFormat(number: numbers[start + 3]) else {
                    throw HDF5Error.wrongKind(
                        path: path, name: "entries", expected: "known picture formats")
                }
                place += 1
                return .usable(
                    Usable(
                        place: place - 1, width: Int(numbers[start]),
                        height: Int(numbers[start + 1]), byteCount: Int(numbers[start + 2]),
                        format: format,
                        fingerprint: Fingerprint(
                            high: UInt64(bitPattern: numbers[start + 4]),
                            low: UInt64(bitPattern: numbers[start + 5])),
                        embedded: RemovedData(rawValue: Int(numbers[start + 6])),
                        remarks: remarks[row, default: []],
                        facts: try Self.facts(facts[place - 1], path: path)))
            }
            let files = paths.enumerated().map { row, path in
                let version = versions.values[row * 4..<row * 4 + 4]
                return ReadFile(
                    path: path, version: SIMD4(version.map(UInt64.init(bitPattern:))))
            }
            return Readings(
                entries: entries, files: files, vectors: ModelVectors(bytes: vectors.values))
        }
    }

    private static func remarks(_ json: [String], path: String) throws -> [Int: [PictureRemark]] {
        do {
            return try JSONDecoder().decode(
                [Int: [PictureRemark]].self, from: Data((json.first ?? "").utf8))
        } catch is DecodingError {
            throw HDF5Error.wrongKind(path: path, name: "remarks", expected: "remarks on pictures")
        }
    }

    private static func facts(_ json: String, path: String) throws -> CameraFacts? {
        if json.isEmpty { return nil }
        do {
            return try JSONDecoder().decode(CameraFacts.self, from: Data(json.utf8))
        } catch is DecodingError {
            throw HDF5Error.wrongKind(path: path, name: "facts", expected: "facts of cameras")
        }
    }

    private static func fault(_ json: String, path: String) throws -> EntryFault {
        do {
            return try JSONDecoder().decode(EntryFault.self, from: Data(json.utf8))
        } catch is DecodingError {
            throw HDF5Error.wrongKind(path: path, name: "faults", expected: "faults of entries")
        }
    }

    private init(entries: [Entry], files: [ReadFile], vectors: ModelVectors) {
        self.entries = entries
        self.files = files
        self.vectors = vectors
    }
}

extension PictureFormat {
    /// The number of the format in the file.
    fileprivate var number: Int64 {
        switch self {
        case .png: 0
        case .jpeg: 1
        case .tiff: 2
        case .webp: 3
        case .heif: 4
        }
    }

    fileprivate init?(number: Int64) {
        guard let format = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = format
    }
}
