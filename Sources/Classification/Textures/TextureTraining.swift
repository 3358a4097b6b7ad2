package import AtlasModel
import Foundation
package import Parallel

/// The pictures that a classifier of textures is trained with.
package struct TextureData: Sendable {
    /// Names of the classes, in the order of the outputs.
    package let classes: [String]
    /// A row for each training picture, with balanced weights.
    package let training: TextureVectors
    /// The class of each.
    package let labels: [Int]
    /// Digests of the training pictures.
    package let digests: [String]
    /// For the temperature; may be empty.
    package let dev: (textures: TextureVectors, labels: [Int])

    package init(
        classes: [String], training: TextureVectors, labels: [Int], digests: [String],
        dev: (textures: TextureVectors, labels: [Int])
    ) {
        precondition(
            labels.count == training.features.count && digests.count == labels.count,
            "a label and a digest for each picture")
        self.classes = classes
        self.training = training.balanced
        self.labels = labels
        self.digests = digests
        self.dev = dev
    }
}

extension TextureClassifier {
    /// Trains a classifier with settings that `TextureSearch` found.
    /// - Throws: `ClassificationError.noTrainingPictures`.
    package static func trained(
        on data: TextureData, settings: TextureSettings, workers: Workers
    ) throws -> TextureClassifier {
        guard !data.labels.isEmpty else { throw ClassificationError.noTrainingPictures }
        let features = try LandmarkFeatures(
            data, rate: settings.rate, workers: workers)
        let moments = RidgeMoments(
            features.rows, targets: data.labels.targets(classes: data.classes.count))
        let ridge = moments.fitted(penalty: settings.penalty)
        let plain = TextureClassifier(
            classes: data.classes, settings: settings,
            landmarks: data.training.selecting(features.landmarks),
            coefficients: features.coefficients(of: ridge.weights),
            intercepts: ridge.intercepts, temperature: 1, trainingDigests: data.digests.sorted())
        let scores = try plain.scores(data.dev.textures, workers: workers)
        return plain.with(
            temperature: Temperature.fitted(scores: scores, labels: data.dev.labels))
    }
}

/// Coordinates in which the product of two pictures is the kernel of both, as far as the landmarks
/// tell: the rows of K L⁻ᵀ, where L Lᵀ is the kernel of the landmarks with each other.
struct LandmarkFeatures {
    /// Most training pictures that others are compared with.
    static let most = 1_024
    /// Added to the kernel of a landmark with itself, because equal pictures would make the matrix
    /// singular.
    private static let jitter = 1e-8

    /// Indices of the training pictures that are landmarks.
    let landmarks: [Int]
    /// `(pictures, landmarks)`.
    let rows: Matrix
    private let factor: Cholesky

    init(_ data: TextureData, rate: Double, workers: Workers) throws {
        landmarks = Self.landmarks(of: data.digests)
        let pictures = data.training.weighted
        let kernel = TextureKernel(rate: rate, landmarks: pictures.selecting(landmarks))
        let values = try kernel.values(of: pictures, workers: workers)
        var own = values.selecting(landmarks)
        for place in landmarks.indices { own[place, place] += Self.jitter }
        guard let factor = Cholesky(own) else {
            preconditionFailure("A Gaussian kernel with jitter is positive definite.")
        }
        self.factor = factor
        let chunk = 64
        let blocks = try workers.map((values.rows + chunk - 1) / chunk) { block in
            factor.solvingLower(
                values.selecting(
                    Array(block * chunk..<min(values.rows, (block + 1) * chunk)))
            ).values
        }
        rows = Matrix(
            rows: values.rows, columns: landmarks.count, values: Array(blocks.joined()))
    }

    /// All pictures, or, of more than `most`, those with the smallest digests, ascending.
    private static func landmarks(of digests: [String]) -> [Int] {
        guard digests.count > most else { return Array(digests.indices) }
        return digests.indices.sorted { (digests[$0], $0) < (digests[$1], $1) }.prefix(most)
            .sorted()
    }

    /// Weights of coordinates, `(classes, landmarks)`, as weights of kernels, `(landmarks, classes)`.
    func coefficients(of weights: Matrix) -> Matrix { factor.solvingUpper(weights).transposed }
}

/// The sums over pictures that a ridge regression with intercepts needs.
struct RidgeMoments: Sendable {
    private var count: Double
    /// Σ x xᵀ; only on the diagonal and below it.
    private var products: Matrix
    /// Σ x.
    private var sums: [Double]
    /// Σ y xᵀ, `(outputs, features)`.
    private var mixed: Matrix
    /// Σ y.
    private var targets: [Double]

    /// - Parameters:
    ///   - rows: `(pictures, features)`.
    ///   - targets: `(pictures, outputs)`.
    init(_ rows: Matrix, targets: Matrix) {
        count = Double(rows.rows)
        products = Matrix(rows: rows.columns, columns: rows.columns)
        products.add(rows.transposed, times: rows, isLower: true)
        mixed = targets.transposed.times(rows)
        func sum(_ matrix: Matrix) -> [Double] {
            var sums = [Double](repeating: 0, count: matrix.columns)
            for row in 0..<matrix.rows {
                for column in sums.indices { sums[column] += matrix[row, column] }
            }
            return sums
        }
        sums = sum(rows)
        self.targets = sum(targets)
    }

    /// The sums without those of some of their pictures.
    func leavingOut(_ other: RidgeMoments) -> RidgeMoments {
        var left = self
        left.count -= other.count
        for place in left.products.values.indices {
            left.products.values[place] -= other.products.values[place]
        }
        for place in left.mixed.values.indices {
            left.mixed.values[place] -= other.mixed.values[place]
        }
        left.sums = zip(sums, other.sums).map { $0 - $1 }
        left.targets = zip(targets, other.targets).map { $0 - $1 }
        return left
    }

    /// The weights, `(outputs, features)`, and intercepts with the least sum of squared errors and
    /// squared weights times `penalty`.
    func fitted(penalty: Double) -> (weights: Matrix, intercepts: [Double]) {
        var system = products
        var right = mixed
        for row in 0..<system.rows {
            for column in 0...row {
                system[row, column] -= sums[row] * sums[column] / count
            }
            system[row, row] += penalty
        }
        for output in targets.indices {
            for column in sums.indices {
                right[output, column] -= targets[output] * sums[column] / count
            }
        }
        guard let factor = Cholesky(system) else {
            preconditionFailure("Products with a penalty are positive definite.")
        }
        let weights = factor.solving(right)
        let intercepts = targets.indices.map { output in
            (targets[output] - zip(weights.row(output), sums).reduce(0) { $0 + $1.0 * $1.1 })
                / count
        }
        return (weights, intercepts)
    }
}

extension [Int] {
    /// A row for each label: 1 for its class, 0 for the others.
    func targets(classes: Int) -> Matrix {
        var targets = Matrix(rows: count, columns: classes)
        for (row, label) in enumerated() { targets[row, label] = 1 }
        return targets
    }
}
