import AtlasModel
import Kernels
import RandomNumbers

/// A few directions that contain almost all of the centroids, so that a product with a centroid is
/// almost a product of a few coordinates, and the difference is bounded.
///
/// For a point x, a centroid c, their computed coordinates p and q, and the residuals x − QᵀQx and
/// r = c − Qᵀq: |x·c − p·q| ≤ ‖x − QᵀQx‖ ‖r‖ + `productError` ‖x‖ ‖c‖. `docs/exact-kmeans.md` derives
/// every bound in this file. The bounds hold for any directions; good directions only make K-Means
/// faster.
struct Projection: Sendable {
    /// `(dimensions, 2352)`: the rows of Q, orthonormal up to rounding.
    let directions: [Float]
    /// Bound on ‖QQᵀ − I‖, Frobenius norm.
    private let orthogonalityError: Double

    /// Number of directions.
    var dimensions: Int { directions.count / ModelVectors.length }

    private static let mostDimensions = 32
    /// Steps of subspace iteration. Three are enough because the singular values of the centroids
    /// fall fast; more would only improve the speed of K-Means.
    private static let steps = 3
    /// Products that are added up in single precision before the sum is added to the other sums:
    /// 2352 = 16 · 147. The error of a sum grows with the length of its runs plus their number.
    private static let run = 147

    /// Bound on ‖Q‖, the largest singular value: ‖QQᵀ‖ ≤ 1 + ‖QQᵀ − I‖.
    private var norm: Double { (1 + orthogonalityError).squareRoot() }

    /// Bound on the error of computed coordinates, ‖p − Qx‖ / ‖x‖: in each of the coordinates a term
    /// goes through the roundings of its run and of the sum of runs.
    private var coordinateError: Double {
        Double(dimensions).squareRoot() * norm
            * Rounding.gamma(Self.run + ModelVectors.length / Self.run)
    }

    /// Bound on the part of |x·c − fl(p·q)| / (‖x‖ ‖c‖) that is not due to the residuals: errors of
    /// the coordinates, of the directions, of the product p·q in single precision, and of rounding c
    /// to single precision.
    var productError: Double {
        let (error, coordinates) = (coordinateError, norm + coordinateError)
        let exactProduct =
            error * (norm + coordinates) + orthogonalityError * norm * coordinates
        let roundings = Rounding.gamma(dimensions + 1) * coordinates * coordinates
        // ‖c‖ of the rounded centroid, and the double precision of this formula.
        return (exactProduct + roundings) * (1 + 2 * Rounding.unit)
    }

    /// Finds the directions of the centroids from earlier directions, or from random signs.
    /// - Parameter centroids: `(n, 2352)`, n at least 1.
    init(of centroids: [Float], from earlier: Projection?) throws {
        let length = ModelVectors.length
        let wanted = min(Self.mostDimensions, centroids.count / length)
        var random = SplitMix64(seed: 0)
        var rows = Array((earlier?.directions ?? []).prefix(wanted * length))
        while rows.count < wanted * length { rows.append(random.next() & 1 == 0 ? 1 : -1) }
        directions = try Subspace.directions(
            of: centroids, length: length, startingAt: rows, steps: Self.steps)
        orthogonalityError = Self.orthogonalityError(of: directions)
        precondition(orthogonalityError < 0.5, "rows are orthonormal up to rounding")
    }

    private static func dot(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for i in left.indices { sum += left[i] * right[i] }
        return sum
    }

    /// Bound on ‖QQᵀ − I‖. Each of the d² entries is computed in double precision with an error of at
    /// most γ(2353) times the squared length of a row, which is below 2.
    private static func orthogonalityError(of rows: [Float]) -> Double {
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
        return sum.squareRoot()
            + 2 * Double(rows.count) * Rounding.doubleGamma(ModelVectors.length + 1)
    }

    /// Computed coordinates of rows, `(count, dimensions)`.
    /// - Parameter rows: `(count, 2352)`.
    func coordinates(of rows: UnsafePointer<Float>, count: Int) throws -> [Float] {
        var sums = [Float](repeating: 0, count: count * dimensions)
        var part = sums
        for start in stride(from: 0, to: ModelVectors.length, by: Self.run) {
            try directions.withUnsafeBufferPointer { directions in
                guard let base = directions.baseAddress else { return }
                try GEMM.multiply(
                    rows + start, base + start, into: &part,
                    .init(
                        m: count, n: dimensions, k: min(Self.run, ModelVectors.length - start),
                        strides: (ModelVectors.length, ModelVectors.length)))
            }
            // Added here and not by oneDNN, whose kernels may add the products one by one to the sum
            // so far, with as many roundings.
            sums.withUnsafeMutableBufferPointer { sums in
                part.withUnsafeBufferPointer { part in
                    for i in 0..<sums.count { sums[i] += part[i] }
                }
            }
        }
        return sums
    }

    /// Bound on the residual ‖x − QᵀQx‖ of a point: ‖x − QᵀQx‖² ≤ ‖x‖² − (1 − ‖QQᵀ − I‖) ‖Qx‖².
    /// - Parameters:
    ///   - coordinates: of the point, as computed.
    ///   - length: at least ‖x‖.
    func residual(_ coordinates: ArraySlice<Float>, length: Double) -> Float {
        let inside = max(0, Self.length(coordinates) - coordinateError * length)
        let square = length * length - (1 - orthogonalityError) * inside * inside
        // The next number covers the double precision: `inside` is less than (1 − coordinateError)
        // times the length, so the difference has no cancellation worse than 10⁻⁴.
        return Float(max(0, square).squareRoot()).nextUp
    }

    /// Bounds on the residuals ‖c − Qᵀq‖ of centroids, tighter than `residual`.
    /// - Parameters:
    ///   - centroids: `(n, 2352)`, in single precision.
    ///   - coordinates: of the centroids, as computed.
    func residuals(of centroids: [Float], _ coordinates: [Float]) throws -> [Double] {
        let length = ModelVectors.length
        let count = centroids.count / length
        var inside = [Float](repeating: 0, count: centroids.count)
        try GEMM.multiply(
            coordinates, directions, into: &inside,
            .init(m: count, n: length, k: dimensions, transposed: .neither))
        // fl(Qᵀq) deviates from Qᵀq by at most γ ‖|Q|ᵀ|q|‖ ≤ γ ‖Q‖_F ‖q‖.
        let rounding =
            Rounding.gamma(dimensions) * Double(dimensions).squareRoot() * norm
            * (norm + coordinateError)
        return (0..<count).map { row in
            var (outside, whole) = (0.0, 0.0)
            for i in row * length..<(row + 1) * length {
                let difference = Double(centroids[i]) - Double(inside[i])
                outside += difference * difference
                whole += Double(centroids[i]) * Double(centroids[i])
            }
            return (outside.squareRoot() + rounding * whole.squareRoot())
                * (1 + Rounding.doubleGamma(length + 8))
        }
    }

    private static func length(_ values: ArraySlice<Float>) -> Double {
        values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
}
