package import AtlasModel
package import Fingerprint
import HDF5

/// The predictions of a network for some pictures, with the digest of each picture's model vector,
/// so that a later build can find those of pictures that it still has.
package struct StoredPredictions: Sendable, Equatable {
    /// Digests of the model vectors.
    package let pictures: [Fingerprint]
    /// One for each picture, before calibration.
    package let predictions: [Prediction]

    package init(pictures: [Fingerprint], predictions: [Prediction]) {
        precondition(pictures.count == predictions.count, "each picture has a prediction")
        self.pictures = pictures
        self.predictions = predictions
    }

    /// Writes `pictures (n, 2) int64` and `probabilities (n, classes) float32`.
    /// - Throws: `HDF5Error.notWritten`.
    package func write(to path: String) throws {
        let classes = predictions.first?.probabilities.count ?? 0
        try HDF5File.write(path) { file in
            try file.numbers("pictures", pictures.numbers, shape: [pictures.count, 2])
            try file.numbers(
                "probabilities", predictions.flatMap(\.probabilities),
                shape: [predictions.count, classes])
        }
    }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or has the wrong shape.
    package init(contentsOf path: String) throws {
        (pictures, predictions) = try HDF5File.read(path) { file in
            let (digests, shape) = try file.numbers("pictures", as: Int64.self)
            let (values, rows) = try file.numbers("probabilities", as: Float.self)
            guard shape.count == 2, shape[1] == 2, rows.count == 2, rows[0] == shape[0],
                rows[1] > 0 || rows[0] == 0
            else { throw HDF5Error.wrongShape(path: path, name: "probabilities", shape: rows) }
            return (
                [Fingerprint](numbers: digests),
                (0..<rows[0]).map {
                    Prediction(probabilities: Array(values[$0 * rows[1]..<($0 + 1) * rows[1]]))
                }
            )
        }
    }
}

extension StoredPredictions {
    /// Predictions of pictures. Those that `earlier` has are not made again, because a prediction
    /// depends on the picture alone.
    /// - Parameters:
    ///   - pictures: digests of what the classifier sees of each picture.
    ///   - earlier: predictions of the same classifier.
    ///   - predict: predicts the pictures at some indices, in that order.
    package init(
        of pictures: [Fingerprint], earlier: StoredPredictions?,
        predict: (_ indices: [Int]) throws -> [Prediction]
    ) throws {
        var known: [Fingerprint: Prediction] = [:]
        if let earlier {
            known = Dictionary(
                zip(earlier.pictures, earlier.predictions), uniquingKeysWith: { first, _ in first })
        }
        let unknown = pictures.indices.filter { known[pictures[$0]] == nil }
        for (index, prediction) in zip(unknown, try predict(unknown)) {
            known[pictures[index]] = prediction
        }
        self.init(pictures: pictures, predictions: pictures.compactMap { known[$0] })
    }
}
