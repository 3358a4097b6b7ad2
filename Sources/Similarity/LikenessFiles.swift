public import AtlasModel
import HDF5

extension KMeansModel {
    /// Saves the model: `centroids (k, 2352) float32`, `sizes`, `elbow/k`, `elbow/inertia`.
    /// - Throws: `HDF5Error.notWritten`.
    public func save(to path: String) throws {
        try HDF5File.write(path) { file in
            try file.numbers("centroids", centroids, shape: [k, ModelVectors.length])
            try file.numbers("sizes", sizes.map(Int64.init), shape: [k])
            try file.numbers("elbow/k", elbow.map { Int32($0.k) }, shape: [elbow.count])
            try file.numbers("elbow/inertia", elbow.map(\.inertia), shape: [elbow.count])
            try file.attribute("rotations", UInt8(rotations ? 1 : 0))
            try file.attribute("suggested", Int32(suggested ?? 0))
        }
    }

    /// Loads a saved model.
    /// - Throws: `HDF5Error`, naming what is missing or misshapen.
    public static func load(_ path: String) throws -> KMeansModel {
        try HDF5File.read(path) { file in
            let (centroids, shape) = try file.numbers("centroids", as: Float.self)
            let sizes = try file.numbers("sizes", as: Int64.self).values
            guard shape == [sizes.count, ModelVectors.length], !sizes.isEmpty,
                centroids.allSatisfy(\.isFinite)
            else { throw HDF5Error.wrongShape(path: path, name: "centroids", shape: shape) }
            let ks = try file.numbers("elbow/k", as: Int32.self).values
            let inertia = try file.numbers("elbow/inertia", as: Double.self).values
            let suggested = try file.numbersAttribute("suggested", as: Int32.self).first ?? 0
            return KMeansModel(
                centroids: centroids, sizes: sizes.map(Int.init),
                rotations: try file.numbersAttribute("rotations", as: UInt8.self).first == 1,
                elbow: zip(ks, inertia).map { ElbowPoint(k: Int($0), inertia: $1) },
                suggested: suggested > 0 ? Int(suggested) : nil)
        }
    }
}

/// `neighbours.h5`: for every picture its targets by each model.
public enum NeighboursFile {
    /// Writes `/keys` and, per model, `indices (n, top) int32`, `distances float64`, `rotations
    /// int16`; missing places are −1, NaN and 0.
    /// - Throws: `HDF5Error.notWritten`.
    public static func write(_ path: String, keys: [String], top: Int, _ tables: [Neighbours])
        throws
    {
        try HDF5File.write(path) { file in
            try file.strings("keys", keys)
            for table in tables {
                let padded = table.matches.flatMap { matches in
                    (0..<top).map { $0 < matches.count ? matches[$0] : nil }
                }
                let name = table.model.rawValue
                let shape = [keys.count, top]
                try file.numbers(
                    "\(name)/indices", padded.map { Int32($0?.target ?? -1) }, shape: shape)
                try file.numbers(
                    "\(name)/distances", padded.map { $0?.distance ?? .nan }, shape: shape)
                try file.numbers(
                    "\(name)/rotations", padded.map { Int16($0?.rotation ?? 0) }, shape: shape)
            }
        }
    }

    /// Reads the tables of `models`.
    /// - Throws: `HDF5Error`, naming what is missing or misshapen.
    public static func read(_ path: String, models: [LikenessModel]) throws -> [Neighbours] {
        try HDF5File.read(path) { file in
            try models.map { model in
                let (indices, shape) = try file.numbers("\(model.rawValue)/indices", as: Int32.self)
                let distances = try file.numbers("\(model.rawValue)/distances", as: Double.self)
                let rotations = try file.numbers("\(model.rawValue)/rotations", as: Int16.self)
                guard shape.count == 2, distances.shape == shape, rotations.shape == shape else {
                    throw HDF5Error.wrongShape(path: path, name: model.rawValue, shape: shape)
                }
                let matches = (0..<shape[0]).map { row in
                    (row * shape[1]..<(row + 1) * shape[1]).compactMap { place -> Match? in
                        guard indices[place] >= 0 else { return nil }
                        return Match(
                            target: Int(indices[place]), distance: distances.values[place],
                            rotation: Int(rotations.values[place]))
                    }
                }
                return Neighbours(model: model, matches: matches)
            }
        }
    }
}
