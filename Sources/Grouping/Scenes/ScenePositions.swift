import AtlasModel

/// Positions of pictures from the offsets of all their pairs, by least squares.
///
/// For each axis the sum over the pairs of `weight · (position of b − position of a − offset)²` is
/// least. Its normal equations are a weighted Laplacian of the graph of the pairs, which conjugate
/// gradients solve (M. R. Hestenes and E. Stiefel, "Methods of conjugate gradients for solving linear
/// systems", 1952).
struct ScenePositions {
    /// A measured offset between two pictures on the plane of the scene.
    struct Offset {
        let a: Int
        let b: Int
        let down: Double
        let right: Double
    }

    private(set) var downs: [Double]
    private(set) var rights: [Double]
    /// Whether each offset is within `tolerance` of the positions.
    private(set) var holds: [Bool]

    /// Largest distance in pixels, along either axis, of an offset that holds.
    static let tolerance = 1.5
    /// Number of steps from the first positions to those of least absolute deviations. The weights of
    /// far outliers fall by a constant factor a step, so few are enough.
    private static let steps = 12
    /// Most times that the set of offsets that hold is chosen again.
    private static let rounds = 10
    /// Deviation in pixels below which all offsets weigh the same: that of a rounded number.
    private static let rounding = 0.5

    /// Outliers are found in two steps: positions of least absolute deviations, by least squares with
    /// weights that are the inverse of the last deviations (P. W. Holland and R. E. Welsch, "Robust
    /// regression using iteratively reweighted least-squares", 1977); then plain least squares on the
    /// offsets that hold, until these stay the same.
    /// - Parameters:
    ///   - downs: first positions.
    ///   - offsets: they connect all pictures.
    init(downs: [Double], rights: [Double], offsets: [Offset]) {
        self.downs = downs
        self.rights = rights
        holds = Array(repeating: true, count: offsets.count)
        for _ in 0..<Self.steps {
            solve(offsets, weights: offsets.map { 1 / max(Self.rounding, deviation(of: $0)) })
        }
        for _ in 0..<Self.rounds {
            let kept = offsets.map { deviation(of: $0) <= Self.tolerance }
            solve(offsets, weights: kept.map { $0 ? 1 : 0 })
            if kept == holds { break }
            holds = kept
        }
        holds = offsets.map { deviation(of: $0) <= Self.tolerance }
    }

    /// The larger of the two deviations from an offset.
    private func deviation(of offset: Offset) -> Double {
        max(
            abs(downs[offset.b] - downs[offset.a] - offset.down),
            abs(rights[offset.b] - rights[offset.a] - offset.right))
    }

    /// The square of the distance between an offset and that of the positions.
    func squaredDistance(of offset: Offset) -> Double {
        let down = downs[offset.b] - downs[offset.a] - offset.down
        let right = rights[offset.b] - rights[offset.a] - offset.right
        return down * down + right * right
    }

    private mutating func solve(_ offsets: [Offset], weights: [Double]) {
        let system = Laplacian(
            count: downs.count, edges: offsets.map { ($0.a, $0.b) }, weights: weights)
        downs = system.positions(from: downs, offsets: offsets.map(\.down))
        rights = system.positions(from: rights, offsets: offsets.map(\.right))
    }
}

/// The weighted Laplacian of a graph.
private struct Laplacian {
    let count: Int
    let edges: [(a: Int, b: Int)]
    let weights: [Double]

    /// Length of the residual, in pixels, at which the iteration ends. With less, rounding errors would
    /// move all positions together, which the equations do not prevent.
    private static let accuracy = 1e-9

    /// The positions, one axis, whose weighted deviations from the offsets have the least squares.
    ///
    /// A part of the graph without a weight to the others keeps its mean.
    func positions(from start: [Double], offsets: [Double]) -> [Double] {
        var positions = start
        var residual = [Double](repeating: 0, count: count)
        for (edge, place) in zip(edges, edges.indices) {
            let pull =
                weights[place] * (offsets[place] - positions[edge.b] + positions[edge.a])
            residual[edge.b] += pull
            residual[edge.a] -= pull
        }
        var direction = residual
        var square = Self.product(residual, residual)
        // Without rounding errors as many iterations as unknowns are enough.
        for _ in 0..<2 * count {
            guard square > Self.accuracy * Self.accuracy else { break }
            let image = applied(to: direction)
            let curvature = Self.product(direction, image)
            guard curvature > 0 else { break }
            let step = square / curvature
            for index in 0..<count {
                positions[index] += step * direction[index]
                residual[index] -= step * image[index]
            }
            let next = Self.product(residual, residual)
            for index in 0..<count {
                direction[index] = residual[index] + next / square * direction[index]
            }
            square = next
        }
        return positions
    }

    private func applied(to values: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        for (edge, weight) in zip(edges, weights) {
            let pull = weight * (values[edge.b] - values[edge.a])
            result[edge.b] += pull
            result[edge.a] -= pull
        }
        return result
    }

    private static func product(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
