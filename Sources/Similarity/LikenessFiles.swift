package import AtlasModel
package import Fingerprint
import HDF5

extension KMeansModel {
    /// Saves the model: `centroids (k, 2352) float32`, `sizes`, `elbow/k`, `elbow/inertia`.
    /// - Throws: `HDF5Error.notWritten`.
    package func save(to path: String) throws {
        try HDF5File.write(path) { file in
            try file.numbers("centroids", centroids, shape: [k, ModelVectors.length])
            try file.numbers("sizes", sizes.map(Int64.init), shape: [k])
            try file.attribute("rotations", UInt8(rotations ? 1 : 0))
            try ElbowFile.write(elbow, suggested: suggested, to: file)
        }
    }

    /// Loads a saved model. Another program may have written it.
    /// - Throws: `HDF5Error` with the name of the data set that is missing, has the wrong shape or
    ///   is out of range.
    package static func load(_ path: String) throws -> KMeansModel {
        try HDF5File.read(path) { file in
            let (centroids, shape) = try file.numbers("centroids", as: Float.self)
            let sizes = try file.numbers("sizes", as: Int64.self)
            guard shape == [sizes.values.count, ModelVectors.length], !centroids.isEmpty else {
                throw HDF5Error.wrongShape(path: path, name: "centroids", shape: shape)
            }
            // With centroids in the range 0...255, every picture would be nearest to the darkest
            // centroid.
            guard centroids.allSatisfy({ (0...1).contains($0) }) else {
                throw HDF5Error.wrongKind(
                    path: path, name: "centroids", expected: "pixels from 0 to 1")
            }
            let (elbow, suggested) = try ElbowFile.read(file, path)
            return KMeansModel(
                centroids: centroids, sizes: sizes.values.map(Int.init),
                rotations: try file.numbersAttribute("rotations", as: UInt8.self).first == 1,
                elbow: elbow, suggested: suggested)
        }
    }
}

/// The elbow curve in a file: `elbow/k`, `elbow/inertia`, and the attribute `suggested`, 0 for none.
enum ElbowFile {
    static func write(
        _ elbow: [ElbowPoint], suggested: Int?, to file: borrowing HDF5Writer
    ) throws {
        try file.numbers("elbow/k", elbow.map { Int32($0.k) }, shape: [elbow.count])
        try file.numbers("elbow/inertia", elbow.map(\.inertia), shape: [elbow.count])
        try file.attribute("suggested", Int32(suggested ?? 0))
    }

    static func read(_ file: borrowing HDF5Reader, _ path: String) throws -> (
        elbow: [ElbowPoint], suggested: Int?
    ) {
        let elbow = try elbow(in: file, path)
        let suggested = try file.numbersAttribute("suggested", as: Int32.self).first ?? 0
        guard suggested == 0 || elbow.contains(where: { $0.k == Int(suggested) }) else {
            throw HDF5Error.wrongKind(
                path: path, name: "/@suggested", expected: "a number of \"elbow/k\", or 0")
        }
        return (elbow, suggested > 0 ? Int(suggested) : nil)
    }

    private static func elbow(in file: borrowing HDF5Reader, _ path: String) throws
        -> [ElbowPoint]
    {
        let ks = try file.numbers("elbow/k", as: Int32.self).values
        let (inertia, shape) = try file.numbers("elbow/inertia", as: Double.self)
        guard shape == [ks.count] else {
            throw HDF5Error.wrongShape(path: path, name: "elbow/inertia", shape: shape)
        }
        guard zip(ks, ks.dropFirst()).allSatisfy(<), ks.allSatisfy({ $0 > 0 }) else {
            throw HDF5Error.wrongKind(
                path: path, name: "elbow/k", expected: "rising numbers")
        }
        guard inertia.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw HDF5Error.wrongKind(
                path: path, name: "elbow/inertia", expected: "finite sums of squares")
        }
        return zip(ks, inertia).map { ElbowPoint(k: Int($0), inertia: $1) }
    }
}

/// `neighbours.h5`: for every picture its targets by each model.
package enum NeighboursFile {
    /// Writes `/keys` and, for each model, `indices (n, top) int32`, `distances float64` and
    /// `rotations int16`. Missing targets are −1, NaN and 0. For an approximate search `recall (3) float64` follows:
    /// the pictures that were asked about, the targets that count, and the share of them that was found.
    /// - Parameters:
    ///   - pictures: digests of the model vectors, for `/pictures (n, 2) int64`; empty to leave them
    ///     out.
    ///   - groups: digests of the groups, for `/picture groups (n, 2) int64`; empty to leave them out.
    ///   - top: number of columns; more if a picture has more targets.
    ///   - kind: why two pictures belong together, for `kinds (n, top) int16` of each model: 0 if they do
    ///     not, else the number, from 1, of a name in `/kinds`; `nil` to leave them out.
    /// - Throws: `HDF5Error.notWritten`.
    package static func write(
        _ path: String, keys: [String], pictures: [Fingerprint] = [], groups: [Fingerprint] = [],
        top: Int, _ tables: [Neighbours],
        kind: ((_ picture: Int, _ target: Int) -> PairKind?)? = nil
    ) throws {
        try HDF5File.write(path) { file in
            try file.strings("keys", keys)
            for (name, digests) in [("pictures", pictures), ("picture groups", groups)]
            where !digests.isEmpty {
                try file.numbers(name, digests.numbers, shape: [digests.count, 2])
            }
            for table in tables {
                let top = table.matches.reduce(top) { max($0, $1.count) }
                func padded<Number>(
                    with missing: Number, _ number: (_ picture: Int, _ match: Match) -> Number
                ) -> [Number] {
                    var numbers: [Number] = []
                    numbers.reserveCapacity(table.matches.count * top)
                    for (picture, matches) in table.matches.enumerated() {
                        for match in matches { numbers.append(number(picture, match)) }
                        numbers += repeatElement(missing, count: top - matches.count)
                    }
                    return numbers
                }
                let name = table.model.id
                let shape = [keys.count, top]
                try file.numbers(
                    "\(name)/indices", padded(with: -1) { Int32($1.target) }, shape: shape)
                try file.numbers(
                    "\(name)/distances", padded(with: .nan) { $1.distance }, shape: shape)
                try file.numbers(
                    "\(name)/rotations", padded(with: 0) { Int16($1.rotation) }, shape: shape)
                if let recall = table.recall {
                    try file.numbers(
                        "\(name)/recall",
                        [Double(recall.pictures), Double(recall.targets), recall.share], shape: [3])
                }
                guard let kind else { continue }
                try file.numbers(
                    "\(name)/kinds",
                    padded(with: 0) { picture, match in
                        kind(picture, match.target).flatMap(PairKind.allCases.firstIndex)
                            .map { Int16($0 + 1) } ?? 0
                    }, shape: shape)
            }
            if kind != nil { try file.strings("kinds", PairKind.allCases.map(\.rawValue)) }
        }
    }

    /// Reads the keys, the digests of the model vectors and those of the groups.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or has the wrong shape.
    package static func pictures(_ path: String) throws -> (
        keys: [String], pictures: [Fingerprint], groups: [Fingerprint]
    ) {
        try HDF5File.read(path) { file in
            let keys = try file.strings("keys")
            let digests = try ["pictures", "picture groups"].map { name in
                let (numbers, shape) = try file.numbers(name, as: Int64.self)
                guard shape == [keys.count, 2] else {
                    throw HDF5Error.wrongShape(path: path, name: name, shape: shape)
                }
                return [Fingerprint](numbers: numbers)
            }
            return (keys, digests[0], digests[1])
        }
    }

    private static func recall(
        of model: LikenessModel, _ file: borrowing HDF5Reader, _ path: String
    ) throws -> SearchRecall? {
        let name = "\(model.id)/recall"
        guard file.contains(name) else { return nil }
        let (numbers, shape) = try file.numbers(name, as: Double.self)
        guard shape == [3], let pictures = Int(exactly: numbers[0]),
            let targets = Int(exactly: numbers[1])
        else { throw HDF5Error.wrongShape(path: path, name: name, shape: shape) }
        return SearchRecall(pictures: pictures, targets: targets, share: numbers[2])
    }

    /// Reads the tables of `models`.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or has the wrong shape.
    package static func read(_ path: String, models: [LikenessModel]) throws -> [Neighbours] {
        try HDF5File.read(path) { file in
            try models.map { model in
                let (indices, shape) = try file.numbers("\(model.id)/indices", as: Int32.self)
                let distances = try file.numbers("\(model.id)/distances", as: Double.self)
                let rotations = try file.numbers("\(model.id)/rotations", as: Int16.self)
                guard shape.count == 2, distances.shape == shape, rotations.shape == shape else {
                    throw HDF5Error.wrongShape(path: path, name: model.id, shape: shape)
                }
                let matches = (0..<shape[0]).map { row in
                    (row * shape[1]..<(row + 1) * shape[1]).filter { indices[$0] >= 0 }.map {
                        Match(
                            target: Int(indices[$0]), distance: distances.values[$0],
                            rotation: Int(rotations.values[$0]))
                    }
                }
                return Neighbours(
                    model: model, matches: matches, recall: try recall(of: model, file, path))
            }
        }
    }
}
