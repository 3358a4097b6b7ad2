import AtlasModel

/// Whether two model vectors show the same where they overlap.
struct GroundFit: Sendable {
    /// Least number of common pixels that tell: a quarter of a model vector.
    static let leastArea = ModelVectors.side * ModelVectors.side / 4
    /// Largest mean difference of bytes on the same ground.
    static let difference = 6.0
    /// Least correlation on the same ground when one picture is brighter than the other.
    static let correlation = 0.9

    let vectors: ModelVectors

    /// Whether they fit at a place or one pixel beside it, because offsets are rounded.
    /// - Parameter place: where `b` lies beside `a`.
    /// - Returns: `nil` when they have fewer pixels in common than `leastArea`.
    func fits(_ a: Int, _ b: Int, _ place: Placement) -> Bool? {
        guard let fit = fitsExactly(a, b, place) else { return nil }
        if fit { return true }
        return [-1, 0, 1].contains { down in
            [-1, 0, 1].contains { right in
                let near = Placement(
                    symmetry: place.symmetry, down: place.down + down, right: place.right + right)
                return near != place && fitsExactly(a, b, near) == true
            }
        }
    }

    private func fitsExactly(_ a: Int, _ b: Int, _ place: Placement) -> Bool? {
        let side = ModelVectors.side
        guard abs(place.down) < side, abs(place.right) < side else { return nil }
        let rows = max(0, place.down)..<min(side, side + place.down)
        let columns = max(0, place.right)..<min(side, side + place.right)
        guard rows.count * columns.count >= Self.leastArea else { return nil }
        let (first, second) = (vectors[a], vectors[b])
        let sources = place.symmetry.sources
        // Sums of whole numbers are exact.
        var (differences, sumA, sumB, squaresA, squaresB, products) = (0, 0, 0, 0, 0, 0)
        for row in rows {
            let fromA = first.startIndex + row * side * 3
            let fromB = (row - place.down) * side * 3
            for byte in columns.lowerBound * 3..<columns.upperBound * 3 {
                let one = Int(first[fromA + byte])
                let other = Int(
                    second[second.startIndex + sources[fromB + byte - place.right * 3]])
                differences += abs(one - other)
                sumA += one
                sumB += other
                squaresA += one * one
                squaresB += other * other
                products += one * other
            }
        }
        let count = rows.count * columns.count * 3
        if Double(differences) <= Self.difference * Double(count) { return true }
        let spread =
            Double(count * squaresA - sumA * sumA).squareRoot()
            * Double(count * squaresB - sumB * sumB).squareRoot()
        return Double(count * products - sumA * sumB) >= Self.correlation * spread && spread > 0
    }
}
