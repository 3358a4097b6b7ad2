import AtlasModel
import RandomNumbers

/// The augmentation of a training picture: one of the eight symmetries of the square, because rock has
/// no upright position, and a shift by some pixels.
struct Augmentation: Equatable {
    /// Quarter turns, plus 4 for mirrored.
    let symmetry: Int
    /// Pixels by which the window moves over the picture.
    let right: Int
    let down: Int

    /// The picture as it is.
    static let none = Augmentation(symmetry: 0, right: 0, down: 0)
    /// Number of symmetries.
    static let symmetries = 8

    /// The augmentation of picture `index` in an epoch. Each picture goes through the symmetries in its
    /// own random order, so that eight epochs contain all of them (after K. Jordan, "94% on CIFAR-10 in
    /// 3.29 seconds on a single GPU", 2024, who alternates two mirror images).
    /// - Parameters:
    ///   - epoch: from 0.
    ///   - shift: the largest number of pixels to shift by.
    static func drawn(
        _ index: Int, epoch: Int, seed: UInt64, shift: Int, random: inout SplitMix64
    ) -> Augmentation {
        let round = UInt64(epoch / symmetries) << 32
        var own = SplitMix64(seed: SplitMix64.mixed(seed ^ round) &+ UInt64(index))
        let order = (0..<symmetries).shuffled(using: &own)
        return Augmentation(
            symmetry: order[epoch % symmetries],
            right: shift == 0 ? 0 : random.below(2 * shift + 1) - shift,
            down: shift == 0 ? 0 : random.below(2 * shift + 1) - shift)
    }

    /// For each symmetry the source of each pixel.
    private static let sources: [[Int]] = SquareSymmetry.all.map { symmetry in
        let side = ModelVectors.side
        return (0..<side * side).map { position in
            let (x, y) = symmetry.source(
                ofColumn: position % side, row: position / side, side: side)
            return y * side + x
        }
    }

    /// The values of bytes, in 0…1.
    private static let values = (0..<256).map { Float($0) / 255 }

    /// Writes the augmented picture `index`, as values in 0…1, to place `place` of a batch.
    func write(
        _ vectors: ModelVectors, _ index: Int, to target: UnsafeMutableBufferPointer<Float>,
        at place: Int
    ) {
        let side = ModelVectors.side
        let columns = Self.mirrored(right)
        let rows = Self.mirrored(down)
        let start = index * ModelVectors.length
        var end = place * ModelVectors.length
        vectors.bytes.withUnsafeBufferPointer { bytes in
            Self.sources[symmetry].withUnsafeBufferPointer { sources in
                Self.values.withUnsafeBufferPointer { values in
                    for row in rows {
                        for column in columns {
                            let from = start + sources[row * side + column] * 3
                            target[end] = values[Int(bytes[from])]
                            target[end + 1] = values[Int(bytes[from + 1])]
                            target[end + 2] = values[Int(bytes[from + 2])]
                            end += 3
                        }
                    }
                }
            }
        }
    }

    /// The source line of each line after a shift. Lines beyond an edge are mirrored at the edge line,
    /// which is not repeated.
    private static func mirrored(_ shift: Int) -> [Int] {
        let last = ModelVectors.side - 1
        return (shift...shift + last).map { place in
            place < 0 ? -place : place > last ? 2 * last - place : place
        }
    }
}
