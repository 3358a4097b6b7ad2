import AtlasModel
import Catalog
import Fingerprint
import HDF5

/// A map in a file, with the pictures that it is of.
struct StoredMap: Equatable {
    /// Its name in a workspace.
    static let fileName = "map.h5"

    let path: String
    /// The id of the likeness model whose targets lie near each other.
    let model: String
    let pictures: [MappedPicture]
    let places: [SIMD2<Float>]
    let cells: [Int]
    let columns: Int

    /// A picture as a later build finds it again.
    struct MappedPicture: Hashable {
        let key: String
        /// Digest of the model vector.
        let vector: Fingerprint
    }

    /// Reads a file that `write` wrote, here or elsewhere.
    /// - Throws: `HDF5Error`, with the name of what is missing or has the wrong shape or content.
    init(contentsOf path: String) throws {
        self = try HDF5File.read(path) { try StoredMap($0, path) }
    }

    private init(_ file: borrowing HDF5Reader, _ path: String) throws {
        let keys = try file.strings("keys")
        let digests = try file.numbers("pictures", as: Int64.self)
        let places = try file.numbers("places", as: Float.self)
        let cells = try file.numbers("cells", as: Int64.self)
        for (name, found, expected) in [
            ("pictures", digests.shape, [keys.count, 2]),
            ("places", places.shape, [keys.count, 2]),
            ("cells", cells.shape, [keys.count]),
        ] where found != expected {
            throw HDF5Error.wrongShape(path: path, name: name, shape: found)
        }
        guard places.values.allSatisfy(\.isFinite) else {
            throw HDF5Error.wrongKind(path: path, name: "places", expected: "finite numbers")
        }
        guard cells.values.sorted() == Array(0..<Int64(keys.count)) else {
            throw HDF5Error.wrongKind(path: path, name: "cells", expected: "each cell once")
        }
        guard !keys.isEmpty else {
            throw HDF5Error.wrongShape(path: path, name: "keys", shape: [0])
        }
        let columns = try file.numbersAttribute("columns", as: Int64.self).first ?? 0
        guard columns > 0, columns <= keys.count else {
            throw HDF5Error.wrongKind(
                path: path, name: "/@columns", expected: "the number of cells in a row")
        }
        self.path = path
        model = try file.stringsAttribute("model").first ?? ""
        pictures = zip(keys, [Fingerprint](numbers: digests.values)).map(MappedPicture.init)
        self.places = stride(from: 0, to: places.values.count, by: 2).map {
            SIMD2(places.values[$0], places.values[$0 + 1])
        }
        self.cells = cells.values.map(Int.init)
        self.columns = Int(columns)
    }
}

extension PictureMap {
    /// Reads a file of the workspace.
    /// - Throws: `HDF5Error`.
    init(contentsOf path: String, model: LikenessModel) throws {
        let stored = try StoredMap(contentsOf: path)
        self = try HDF5File.read(path) { file in
            let ranks = try file.numbers("ranks", as: Double.self)
            let kept = try file.numbers("kept", as: Double.self)
            let sample = try file.numbers("sample", as: Int64.self)
            for (name, found, expected) in [
                ("ranks", ranks.shape, [stored.pictures.count]), ("kept", kept.shape, [2, 2]),
                ("sample", sample.shape, [2]),
            ] where found != expected {
                throw HDF5Error.wrongShape(path: path, name: name, shape: found)
            }
            let figures = kept.values.map { $0.isNaN ? nil : $0 }
            let numbers = sample.values.map(Int.init)
            return PictureMap(
                model: model, places: stored.places, cells: stored.cells, columns: stored.columns,
                ranks: ranks.values,
                figures: MapFigures(
                    plane: .init(recall: figures[0], trustworthiness: figures[1]),
                    grid: .init(recall: figures[2], trustworthiness: figures[3]),
                    sample: numbers[0] == 0
                        ? nil : .init(pictures: numbers[0], neighbours: numbers[1])))
        }
    }

    /// Writes `keys (n)`, `pictures (n, 2) int64`, `places (n, 2) float32`, `cells (n) int64`, `ranks (n) float64`
    /// and the attributes `columns` and `model`; what is kept in the plane and in the grid, recall and
    /// trustworthiness each, as `kept (2, 2) float64`, and pictures and neighbours of the sample as `sample (2)
    /// int64`. NaN and 0 stand for none.
    /// - Throws: `HDF5Error.notWritten`.
    func write(to path: String, of pictures: [StoredMap.MappedPicture]) throws {
        try HDF5File.write(path) { file in
            try file.strings("keys", pictures.map(\.key))
            try file.numbers(
                "pictures", pictures.map(\.vector).numbers, shape: [pictures.count, 2])
            try file.numbers("places", places.flatMap { [$0.x, $0.y] }, shape: [places.count, 2])
            try file.numbers("cells", cells.map(Int64.init), shape: [cells.count])
            try file.numbers("ranks", ranks, shape: [ranks.count])
            try file.numbers(
                "kept",
                [figures.plane, figures.grid].flatMap {
                    [$0.recall ?? .nan, $0.trustworthiness ?? .nan]
                }, shape: [2, 2])
            try file.numbers(
                "sample",
                [Int64(figures.sample?.pictures ?? 0), Int64(figures.sample?.neighbours ?? 0)],
                shape: [2])
            try file.attribute("columns", Int64(columns))
            try file.attribute("model", model.id)
        }
    }
}

extension Catalogue {
    var mappedPictures: [StoredMap.MappedPicture] {
        zip(images, vectors.digests).map { .init(key: $0.key, vector: $1) }
    }
}
