import AtlasModel
import Foundation
import Parallel

/// How alike the textures of pictures are: exp(−γ d²), where d² is the sum over all histograms of the
/// squared Euclidean distance of their square roots, which is twice the squared Hellinger distance, times
/// the histogram's weight. It is a Gaussian kernel of the weighted rows.
struct TextureKernel: Sendable, Equatable {
    /// γ, above 0.
    let rate: Double
    /// The rows that others are compared with, each value times the square root of its weight.
    let landmarks: Matrix

    /// The kernel of each row with each landmark, `(rows, landmarks)`.
    /// - Parameter rows: weighted as the landmarks are.
    func values(of rows: Matrix, workers: Workers) throws -> Matrix {
        let own = Self.lengths(landmarks)
        let flipped = landmarks.transposed
        let chunk = 64
        let blocks = try workers.map((rows.rows + chunk - 1) / chunk) { block -> [Double] in
            let some = rows.selecting(
                Array(block * chunk..<min(rows.rows, (block + 1) * chunk)))
            var products = some.times(flipped)
            let lengths = Self.lengths(some)
            for row in 0..<products.rows {
                for column in 0..<products.columns {
                    let square = lengths[row] + own[column] - 2 * products[row, column]
                    products[row, column] = exp(-rate * max(0, square))
                }
            }
            return products.values
        }
        return Matrix(
            rows: rows.rows, columns: landmarks.rows, values: Array(blocks.joined()))
    }

    private static func lengths(_ matrix: Matrix) -> [Double] {
        (0..<matrix.rows).map { matrix.row($0).reduce(0) { $0 + $1 * $1 } }
    }
}

extension TextureVectors {
    /// The same rows, with each part's weight divided by its variance, so that in the mean the parts
    /// differ as much as their weights say. A part that is the same in all rows gets no weight.
    var balanced: TextureVectors {
        let rows = features.count
        let balanced = parts.map { part -> Part in
            var variance = 0.0
            for column in part.range {
                let values = (0..<rows).map {
                    Double(features.values[$0 * features.width + column])
                }
                let mean = values.reduce(0, +) / Double(rows)
                variance += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
            }
            return Part(
                part.range, weight: variance > 0 ? Float(Double(part.weight) / variance) : 0)
        }
        return TextureVectors(features, parts: balanced)
    }

    /// All rows, each value times the square root of its part's weight.
    var weighted: Matrix {
        var factors = [Double](repeating: 0, count: features.width)
        for part in parts {
            for place in part.range { factors[place] = Double(part.weight).squareRoot() }
        }
        return Matrix(
            rows: features.count, columns: features.width,
            values: features.values.enumerated().map {
                Double($1) * factors[$0 % features.width]
            })
    }
}
