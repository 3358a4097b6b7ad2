import AtlasModel
import Kernels
import RandomNumbers

/// Bounds on the error of single precision (N. Higham, "Accuracy and Stability of Numerical
/// Algorithms", section 3.1); they hold for every order of summation.
enum Rounding {
    /// Half the distance from 1 to the next number.
    static let unit = Double(Float.ulpOfOne) / 2

    /// Relative to Σ|xy|, the error of a sum of `count` products.
    static func gamma(_ count: Int) -> Double {
        Double(count) * unit / (1 - Double(count) * unit)
    }
}

/// A few directions in which the centroids of all starts lie almost wholly, so that products with
/// centroids are almost those of a few coordinates, and the rest is bounded.
///
/// With coordinates p and q of a point x and a centroid c, and r = c − Qᵀq:
/// |x·c − p·q| ≤ ‖x − QᵀQx‖ ‖r‖ + `error` ‖x‖ ‖c‖, by Cauchy and Schwarz. Nothing rests on how good
/// the directions are, only speed.
struct Projection: Sendable {
    /// `(dimensions, 2352)`, rows of length 1 and at right angles but for rounding.
    let directions: [Float]
    /// Bound of |QQᵀ − 1|, Frobenius.
    private let skew: Double

    var dimensions: Int { directions.count / ModelVectors.length }

    private static let mostDimensions = 32
    /// Steps of subspace iteration; the centroids' spectrum falls fast.
    private static let steps = 3
    /// Values added up in single precision before the sum is added to the rest: keeps errors small.
    private static let run = 147

    /// Bound of the coordinates' error, as a share of the vector's length.
    private var coordinateError: Double {
        Double(dimensions).squareRoot() * (1 + skew)
            * Rounding.gamma(Self.run + ModelVectors.length / Self.run)
    }

    /// As the formula above has it, with room for the rounding of centroids and of p·q.
    var error: Double {
        1.01
            * (skew + 2 * coordinateError + coordinateError * coordinateError
                + Rounding.gamma(dimensions + 4))
    }

    /// Finds the directions by subspace iteration from `start`, or from random ones.
    /// - Parameter centroids: `(n, 2352)`, n at least 1.
    init(of centroids: [Float], from start: Projection?) throws {
        let length = ModelVectors.length
        let count = centroids.count / length
        let wanted = min(Self.mostDimensions, count)
        var random = SplitMix64(seed: 0)
        var rows = Array((start?.directions ?? []).prefix(wanted * length))
        while rows.count < wanted * length { rows.append(random.next() & 1 == 0 ? 1 : -1) }
        for _ in 0..<Self.steps {
            let dimensions = rows.count / length
            var weights = [Float](repeating: 0, count: count * dimensions)
            try GEMM.multiply(
                centroids, rows, into: &weights, .init(m: count, n: dimensions, k: length))
            try GEMM.multiply(
                weights, centroids, into: &rows,
                .init(m: dimensions, n: length, k: count, transposed: .left))
            rows = Self.orthonormal(rows)
        }
        directions = rows
        skew = Self.skew(of: rows)
    }

    /// Gram and Schmidt's method, twice over; rows that add no direction are left out.
    private static func orthonormal(_ rows: [Float]) -> [Float] {
        let length = ModelVectors.length
        var basis: [[Double]] = []
        for start in stride(from: 0, to: rows.count, by: length) {
            var row = rows[start..<start + length].map(Double.init)
            let before = dot(row, row)
            for _ in 0..<2 {
                for other in basis {
                    let part = dot(row, other)
                    for i in 0..<length { row[i] -= part * other[i] }
                }
            }
            let square = dot(row, row)
            guard square > 1e-12 * before, square > 0 else { continue }
            let scale = 1 / square.squareRoot()
            basis.append(row.map { $0 * scale })
        }
        if basis.isEmpty { basis = [[1] + [Double](repeating: 0, count: length - 1)] }
        return basis.flatMap { $0.map(Float.init) }
    }

    private static func dot(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for i in left.indices { sum += left[i] * right[i] }
        return sum
    }

    private static func skew(of rows: [Float]) -> Double {
        let rows = stride(from: 0, to: rows.count, by: ModelVectors.length).map {
            rows[$0..<$0 + ModelVectors.length].map(Double.init)
        }
        var sum = 0.0
        for (i, left) in rows.enumerated() {
            for (j, right) in rows.enumerated() {
                let deviation = dot(left, right) - (i == j ? 1 : 0)
                sum += deviation * deviation
            }
        }
        return 1.01 * sum.squareRoot()
    }

    /// Coordinates of rows, `(count, dimensions)`.
    /// - Parameter rows: `(count, 2352)`.
    func coordinates(of rows: UnsafePointer<Float>, count: Int) throws -> [Float] {
        var found = [Float](repeating: 0, count: count * dimensions)
        for start in stride(from: 0, to: ModelVectors.length, by: Self.run) {
            try directions.withUnsafeBufferPointer { directions in
                guard let base = directions.baseAddress else { return }
                try GEMM.multiply(
                    rows + start, base + start, into: &found,
                    .init(
                        m: count, n: dimensions, k: min(Self.run, ModelVectors.length - start),
                        strides: (ModelVectors.length, ModelVectors.length)),
                    adds: start > 0)
            }
        }
        return found
    }

    /// Bound of the length of what `length` has outside the directions, from the coordinates.
    func rest(_ coordinates: ArraySlice<Float>, length: Double) -> Double {
        let inside = max(0, Self.length(coordinates) - coordinateError * length)
        return max(0, length * length - (1 - skew) * inside * inside).squareRoot()
    }

    /// Bounds of ‖c − Qᵀq‖ for centroids c with coordinates q, closer than `rest`.
    func rests(of centroids: [Float], _ coordinates: [Float]) throws -> [Double] {
        let length = ModelVectors.length
        let count = centroids.count / length
        var inside = [Float](repeating: 0, count: centroids.count)
        try GEMM.multiply(
            coordinates, directions, into: &inside,
            .init(m: count, n: length, k: dimensions, transposed: .neither))
        return (0..<count).map { row in
            var (outside, whole) = (0.0, 0.0)
            for i in row * length..<(row + 1) * length {
                let difference = Double(centroids[i]) - Double(inside[i])
                outside += difference * difference
                whole += Double(centroids[i]) * Double(centroids[i])
            }
            let rounding =
                Rounding.gamma(dimensions + 1) * 1.01 * Double(dimensions).squareRoot()
                + 2 * Rounding.unit
            return outside.squareRoot() * (1 + 1e-9) + rounding * whole.squareRoot()
        }
    }

    static func length(_ values: ArraySlice<Float>) -> Double {
        values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
}
