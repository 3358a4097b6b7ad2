import AtlasModel

/// The eight symmetries of the square, applied to model vectors. A picture of a rock has no
/// preferred direction.
enum Symmetry {
    /// For each symmetry: the source index of each byte of the transformed vector.
    private static let sources: [[Int]] = (0..<8).map { form in
        let side = ModelVectors.side
        return (0..<ModelVectors.length).map { position in
            let channel = position % 3
            var x = position / 3 % side
            var y = position / 3 / side
            for _ in 0..<form % 4 { (x, y) = (side - 1 - y, x) }
            if form >= 4 { x = side - 1 - x }
            return (y * side + x) * 3 + channel
        }
    }

    /// The smallest, in lexicographic order of bytes, of the eight turned and mirrored forms of a
    /// model vector.
    static func smallest(of vector: [UInt8]) -> [UInt8] {
        var best = sources[0]
        for candidate in sources.dropFirst() {
            for position in 0..<ModelVectors.length {
                let (new, old) = (vector[candidate[position]], vector[best[position]])
                if new != old {
                    if new < old { best = candidate }
                    break
                }
            }
        }
        return best.map { vector[$0] }
    }
}
