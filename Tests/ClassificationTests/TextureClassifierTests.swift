import AtlasModel
import Foundation
import HDF5
import Parallel
import RandomNumbers
import Testing

@testable import Classification

/// Rows of 6 values whose first three tell the class, as descriptors of two histograms.
private func described(_ count: Int, seed: UInt64) -> (textures: TextureVectors, labels: [Int]) {
    var random = SplitMix64(seed: seed)
    var values: [Float] = []
    let labels = (0..<count).map { $0 % 3 }
    for label in labels {
        let shares = (0..<6).map { place in
            random.uniform(0...0.4) + (place == label ? 1 : 0)
        }
        for part in [shares.prefix(3), shares.suffix(3)] {
            let sum = part.reduce(0, +)
            values += part.map { Float(($0 / sum).squareRoot()) }
        }
    }
    return (
        TextureVectors(
            FeatureVectors(values: values, width: 6),
            parts: [.init(0..<3, weight: 1), .init(3..<6, weight: 2)]), labels
    )
}

private func data(_ count: Int, seed: UInt64 = 1) -> TextureData {
    let training = described(count, seed: seed)
    return TextureData(
        classes: ["a", "b", "c"], training: training.textures, labels: training.labels,
        digests: (0..<count).map { "\($0)" }, dev: described(30, seed: 7))
}

private let settings = TextureSettings(rate: 0.2, penalty: 0.1, sharpness: 10, share: 1)

@Suite("Matrices in double precision")
struct MatrixTests {
    private func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
        var random = SplitMix64(seed: seed)
        return Matrix(
            rows: rows, columns: columns,
            values: (0..<rows * columns).map { _ in random.uniform(-1...1) })
    }

    @Test(
        "A product is the sums of products, whatever the sizes",
        arguments: [(1, 1, 1), (4, 4, 64), (7, 9, 65), (33, 6, 130)])
    func product(rows: Int, columns: Int, inner: Int) {
        let (left, right) = (random(rows, inner, seed: 1), random(inner, columns, seed: 2))
        let product = left.times(right)
        for row in 0..<rows {
            for column in 0..<columns {
                let sum = (0..<inner).reduce(0.0) { $0 + left[row, $1] * right[$1, column] }
                #expect(abs(product[row, column] - sum) < 1e-12)
            }
        }
    }

    @Test("The factor of a matrix worked by hand")
    func byHand() throws {
        // A textbook example: A = L Lᵀ with L = (2; 6 1; −8 5 3).
        let matrix = Matrix(rows: 3, columns: 3, values: [4, 12, -16, 12, 37, -43, -16, -43, 98])
        let factor = try #require(Cholesky(matrix))
        #expect(factor.lower.values == [2, 0, 0, 6, 1, 0, -8, 5, 3])
        // x = (1, 2, 3) gives A x = (−20, −43, 192).
        let solution = factor.solving(Matrix(rows: 1, columns: 3, values: [-20, -43, 192]))
        for (found, expected) in zip(solution.values, [1.0, 2, 3]) {
            #expect(abs(found - expected) < 1e-12)
        }
    }

    @Test("A factor of several blocks multiplied by itself gives the matrix", arguments: [64, 150])
    func blocks(size: Int) throws {
        let part = random(size, size, seed: 3)
        var matrix = part.times(part.transposed)
        for place in 0..<size { matrix[place, place] += 1 }
        let factor = try #require(Cholesky(matrix)).lower
        let product = factor.times(factor.transposed)
        #expect(zip(product.values, matrix.values).allSatisfy { abs($0 - $1) < 1e-10 })
        #expect(factor[0, size - 1] == 0)
    }

    @Test("A matrix that is not positive definite has no factor")
    func indefinite() {
        #expect(Cholesky(Matrix(rows: 2, columns: 2, values: [1, 2, 2, 1])) == nil)
    }
}

@Suite("The classifier of textures")
struct TextureClassifierTests {
    private let workers = Workers(2)

    @Test("It names the class of rows that it has not seen")
    func learns() throws {
        let found = try TextureClassifier.trained(
            on: data(60), settings: settings, workers: workers)
        let unseen = described(90, seed: 5)
        let predictions = try found.predict(unseen.textures, workers: workers)
        // The second histogram is noise and weighs twice as much, so a few of 90 may be missed.
        #expect(zip(predictions, unseen.labels).count { $0.predicted == $1 } >= 85)
    }

    @Test("The number of threads changes nothing")
    func threads() throws {
        let data = data(150)
        let folds = (0..<5).map { fold in (0..<150).filter { $0 % 5 == fold } }
        func trained(_ count: Int) throws -> TextureClassifier {
            let workers = Workers(count)
            let settings = try TextureSearch.settings(for: data, folds: folds, workers: workers)
            return try .trained(on: data, settings: settings, workers: workers)
        }
        let one = try trained(1)
        #expect(try trained(3) == one)
        let unseen = described(70, seed: 5).textures
        #expect(
            try one.predict(unseen, workers: Workers(1))
                == one.predict(unseen, workers: Workers(3)))
    }

    @Test("A prediction does not depend on the other pictures")
    func alone() throws {
        let found = try TextureClassifier.trained(
            on: data(60), settings: settings, workers: workers)
        let unseen = described(90, seed: 5).textures
        let all = try found.predict(unseen, workers: workers)
        for picture in [0, 1, 63, 64, 89] {
            #expect(
                try found.predict(unseen.selecting([picture]), workers: workers)
                    == [all[picture]])
        }
    }

    /// The least squares with a penalty, solved without landmarks: with as many landmarks as training
    /// pictures, kernel ridge regression with a constant minimises Σ (y − K a − b)² + λ aᵀ K a, so
    /// (K + λ) a = y − b and Σ a = 0.
    @Test("Its outputs solve the equations of kernel ridge regression")
    func equations() throws {
        let data = data(45)
        let found = try TextureClassifier.trained(on: data, settings: settings, workers: workers)
        let rows = data.training.weighted
        let kernel = try TextureKernel(rate: settings.rate, landmarks: rows).values(
            of: rows, workers: workers)
        let fitted = kernel.times(found.coefficients)
        for output in 0..<3 {
            let sum = (0..<45).reduce(0.0) { $0 + found.coefficients[$1, output] }
            #expect(abs(sum) < 1e-6)
            for row in 0..<45 {
                let target = data.labels[row] == output ? 1.0 : 0
                let left =
                    fitted[row, output] + settings.penalty * found.coefficients[row, output]
                #expect(abs(left + found.intercepts[output] - target) < 1e-5)
            }
        }
    }

    /// Two parts of one value: 0 and 2 have the variance 1, 0 and 4 the variance 4.
    @Test("Weights are divided by the variance of their part")
    func balanced() {
        let textures = TextureVectors(
            FeatureVectors(values: [0, 0, 7, 2, 4, 7], width: 3),
            parts: [.init(0..<1, weight: 3), .init(1..<2, weight: 2), .init(2..<3, weight: 1)])
        #expect(textures.balanced.parts.map(\.weight) == [3, 0.5, 0])
    }

    @Test("Moments without those of a fold are those of the others")
    func moments() {
        let rows = data(20).training.weighted
        let targets = data(20).labels.targets(classes: 3)
        let (inside, outside) = (Array(0..<6), Array(6..<20))
        func moments(_ places: [Int]) -> RidgeMoments {
            RidgeMoments(rows.selecting(places), targets: targets.selecting(places))
        }
        let left = RidgeMoments(rows, targets: targets).leavingOut(moments(inside))
            .fitted(penalty: 0.1)
        let expected = moments(outside).fitted(penalty: 0.1)
        #expect(
            zip(left.weights.values, expected.weights.values).allSatisfy { abs($0 - $1) < 1e-10 })
        #expect(zip(left.intercepts, expected.intercepts).allSatisfy { abs($0 - $1) < 1e-10 })
    }

    @Test("Its file gives it back, and names what is damaged")
    func file() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "t.h5").path
        let found = try TextureClassifier.trained(
            on: data(60), settings: settings, workers: workers)
        try found.save(to: path)
        #expect(try Classifier.load(path) == .textures(found))
        let other = folder.appending(path: "other.h5").path
        try HDF5File.write(other) { file in
            try file.attribute("geoatlas-textures", "{}")
            try file.numbers("landmarks", [Float](repeating: 0, count: 6), shape: [1, 6])
        }
        #expect(throws: ClassificationError.self) { try Classifier.load(other) }
    }

    @Test("Without training pictures there is none")
    func nothing() {
        #expect(throws: ClassificationError.noTrainingPictures) {
            try TextureSearch.settings(for: data(0), folds: [], workers: workers)
        }
    }
}

@Suite("The estimated cost of a training")
struct TrainingCostTests {
    /// By hand for `conv1l`: 30 × 30 places of 3 · 3 · 3 · 32 products, and 15 · 15 · 32 · 6 of the dense
    /// layer.
    @Test("Multiply-adds are counted by hand")
    func byHand() throws {
        let network = try #require(Architecture.named("conv1l", classes: 6))
        #expect(try network.multiplyAdds() == Double(30 * 30 * 27 * 32 + 15 * 15 * 32 * 6))
    }
}
