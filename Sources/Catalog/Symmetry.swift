import AtlasModel

/// The eight symmetries of the square, applied to model vectors. A picture of a rock has no
/// preferred direction.
enum Symmetry {
    /// The smallest, in lexicographic order of bytes, of the eight turned and mirrored forms of a
    /// model vector.
    static func smallest(of vector: [UInt8]) -> [UInt8] {
        let sources = ModelVectors.symmetrySources
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
