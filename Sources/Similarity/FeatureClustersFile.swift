import AtlasModel
import HDF5

/// K-Means on the features of a collection, and what it makes of the pictures.
package struct ClusteredFeatures: Sendable, Equatable {
    package let model: FeatureClusters
    /// The cluster of each picture of the collection, not turned.
    package let assignments: [Int32]
    /// For each cluster the picture that is nearest to its centroid; `nil` for a cluster that only
    /// turned pictures are in.
    package let middles: [Int?]

    package init(_ model: FeatureClusters, of features: ComparedFeatures) {
        self.model = model
        assignments = model.assignments(of: features.rows)
        middles = model.middles(of: features.rows, assignments)
    }
}

extension ClusteredFeatures {
    /// Saves the model as `KMeansModel.save` does, with `centroids (k, width)`, and besides
    /// `assignments (n) int32` and `middles (k) int32`, −1 for none.
    /// - Throws: `HDF5Error.notWritten`.
    package func save(to path: String) throws {
        try HDF5File.write(path) { file in
            try file.numbers(
                "centroids", model.centroids.values, shape: [model.k, model.centroids.width])
            try file.numbers("sizes", model.sizes.map(Int64.init), shape: [model.k])
            try file.numbers("assignments", assignments, shape: [assignments.count])
            try file.numbers("middles", middles.map { Int32($0 ?? -1) }, shape: [model.k])
            try file.attribute("rotations", UInt8(model.rotations ? 1 : 0))
            try ElbowFile.write(model.elbow, suggested: model.suggested, to: file)
        }
    }

    /// Loads a saved model.
    /// - Throws: `HDF5Error` with the name of the data set that is missing or has the wrong shape.
    package init(contentsOf path: String) throws {
        self = try HDF5File.read(path) { file in
            let (centroids, shape) = try file.numbers("centroids", as: Float.self)
            let sizes = try file.numbers("sizes", as: Int64.self).values
            guard shape.count == 2, shape[0] == sizes.count, shape[1] > 0, !sizes.isEmpty else {
                throw HDF5Error.wrongShape(path: path, name: "centroids", shape: shape)
            }
            let assignments = try file.numbers("assignments", as: Int32.self)
            guard assignments.shape.count == 1,
                assignments.values.allSatisfy({ sizes.indices.contains(Int($0)) })
            else {
                throw HDF5Error.wrongShape(
                    path: path, name: "assignments", shape: assignments.shape)
            }
            let middles = try file.numbers("middles", as: Int32.self)
            guard middles.shape == [sizes.count],
                middles.values.allSatisfy({ Int($0) < assignments.values.count })
            else {
                throw HDF5Error.wrongShape(path: path, name: "middles", shape: middles.shape)
            }
            let (elbow, suggested) = try ElbowFile.read(file, path)
            return ClusteredFeatures(
                model: FeatureClusters(
                    centroids: FeatureVectors(values: centroids, width: shape[1]),
                    sizes: sizes.map(Int.init),
                    rotations: try file.numbersAttribute("rotations", as: UInt8.self).first == 1,
                    elbow: elbow, suggested: suggested),
                assignments: assignments.values,
                middles: middles.values.map { $0 < 0 ? nil : Int($0) })
        }
    }

    private init(model: FeatureClusters, assignments: [Int32], middles: [Int?]) {
        self.model = model
        self.assignments = assignments
        self.middles = middles
    }
}
