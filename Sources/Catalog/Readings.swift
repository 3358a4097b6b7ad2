import AtlasModel
import Fingerprint
import Foundation
import HDF5
import Raster

/// The result of decoding each entry of a collection, in the order of its entries.
///
/// Decoding is slow and depends on the files only, so readings can be cached with the digest of the
/// listing. Names, labels and sets of the split are assigned later.
package struct Readings: Sendable {
    let entries: [Entry]
    /// Model vectors of the usable entries, one after another.
    private let vectors: ModelVectors

    enum Entry: Sendable {
        case usable(Usable)
        case unusable(EntryFault)
    }

    struct Usable: Sendable {
        /// Index of its vector.
        let place: Int
        let width: Int
        let height: Int
        let byteCount: Int
        let format: PictureFormat
        let fingerprint: Fingerprint
    }

    /// The result of reading one file.
    enum Reading: Sendable {
        case usable(Usable, vector: [UInt8])
        case unusable(EntryFault)
    }

    init(_ readings: [Reading]) {
        var bytes: [UInt8] = []
        entries = readings.map { reading in
            switch reading {
            case .unusable(let fault): return .unusable(fault)
            case .usable(let picture, let vector):
                let place = bytes.count / ModelVectors.length
                bytes += vector
                return .usable(
                    Usable(
                        place: place, width: picture.width, height: picture.height,
                        byteCount: picture.byteCount, format: picture.format,
                        fingerprint: picture.fingerprint))
            }
        }
        vectors = ModelVectors(bytes: bytes)
    }

    /// The vectors at `places`, in that order.
    func vectors(at places: [Int]) -> ModelVectors {
        places.elementsEqual(0..<vectors.count) ? vectors : vectors.selecting(places)
    }
}

extension Readings.Reading {
    init(of entry: Collection.Entry, in collection: Collection) {
        if let obstacle = entry.obstacle {
            self = .unusable(obstacle)
            return
        }
        do {
            let bytes = try collection.bytes(of: entry)
            guard let format = PictureFormat(of: bytes) else {
                throw bytes.isEmpty ? RasterError.empty : RasterError.unknownFormat
            }
            let picture = try Picture(decoding: bytes)
            let vector = picture.modelVector
            self = .usable(
                Readings.Usable(
                    place: 0, width: picture.width, height: picture.height, byteCount: bytes.count,
                    format: format,
                    fingerprint: Fingerprint(of: Symmetry.smallest(of: vector))),
                vector: vector)
        } catch {
            self = .unusable(EntryFault(error))
        }
    }
}

extension Readings {
    /// Raised when the format of the file changes, or when decoding gives other results, for example
    /// with a new picture format. A file of an earlier revision is not read.
    package static let revision = 2

    /// Number of values in the file for each entry.
    private static let columns = 6

    /// Writes the readings: `vectors (m, 2352) uint8`, `entries (n, 6) int64` and `faults`, with
    /// one JSON value for each entry that is not used.
    /// - Throws: `HDF5Error.notWritten`.
    package func write(to path: String) throws {
        var numbers: [Int64] = []
        var faults: [String] = []
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for entry in entries {
            switch entry {
            case .usable(let picture):
                numbers += [
                    Int64(picture.width), Int64(picture.height), Int64(picture.byteCount),
                    picture.format.number, Int64(bitPattern: picture.fingerprint.high),
                    Int64(bitPattern: picture.fingerprint.low),
                ]
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
        }
    }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or has the wrong shape.
    package init(contentsOf path: String) throws {
        self = try HDF5File.read(path) { file in
            let vectors = try file.numbers("vectors", as: UInt8.self)
            let (numbers, shape) = try file.numbers("entries", as: Int64.self)
            var faults = try file.strings("faults")[...]
            guard shape.count == 2, shape[1] == Self.columns,
                vectors.shape == [shape[0] - faults.count, ModelVectors.length]
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
                            low: UInt64(bitPattern: numbers[start + 5]))))
            }
            return Readings(entries: entries, vectors: ModelVectors(bytes: vectors.values))
        }
    }

    private static func fault(_ json: String, path: String) throws -> EntryFault {
        do {
            return try JSONDecoder().decode(EntryFault.self, from: Data(json.utf8))
        } catch is DecodingError {
            throw HDF5Error.wrongKind(path: path, name: "faults", expected: "faults of entries")
        }
    }

    private init(entries: [Entry], vectors: ModelVectors) {
        self.entries = entries
        self.vectors = vectors
    }
}

extension PictureFormat {
    /// The number of the format in the file.
    fileprivate var number: Int64 {
        switch self {
        case .png: 0
        case .jpeg: 1
        }
    }

    fileprivate init?(number: Int64) {
        guard let format = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = format
    }
}
