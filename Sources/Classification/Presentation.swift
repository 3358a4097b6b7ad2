import AtlasModel
import RandomNumbers

/// How a picture is shown to a network that learns: in one of the eight forms that turning and
/// mirroring give, since rock has no up, and shifted by some pixels.
struct Presentation: Equatable {
    let form: Int
    /// Pixels by which the window moves over the picture.
    let right: Int
    let down: Int

    static let forms = 8
    static let plain = Presentation(form: 0, right: 0, down: 0)

    /// How picture `index` is shown in an epoch: forms in a random order of its own, so that in
    /// eight epochs it is seen in all (K. Jordan, 2024, who alternates two mirror images).
    static func drawn(
        _ index: Int, epoch: Int, seed: UInt64, shift: Int, random: inout SplitMix64
    ) -> Presentation {
        let round = UInt64(epoch / forms) << 32
        var own = SplitMix64(seed: SplitMix64.mixed(seed ^ round) &+ UInt64(index))
        let order = (0..<forms).shuffled(using: &own)
        return Presentation(
            form: order[epoch % forms],
            right: shift == 0 ? 0 : random.below(2 * shift + 1) - shift,
            down: shift == 0 ? 0 : random.below(2 * shift + 1) - shift)
    }

    /// For each form, where each pixel comes from.
    private static let sources: [[Int]] = (0..<forms).map { form in
        let side = ModelVectors.side
        return (0..<side * side).map { position in
            var (x, y) = (position % side, position / side)
            for _ in 0..<form % 4 { (x, y) = (side - 1 - y, x) }
            if form >= 4 { x = side - 1 - x }
            return y * side + x
        }
    }

    /// The values of bytes, in 0…1.
    private static let values = (0..<256).map { Float($0) / 255 }

    /// Writes picture `index` so, as values in 0…1, to place `place` of a batch.
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
            Self.sources[form].withUnsafeBufferPointer { sources in
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

    /// Which line stands at each place behind a shift, mirrored at the edges, which stay single.
    private static func mirrored(_ shift: Int) -> [Int] {
        let last = ModelVectors.side - 1
        return (shift...shift + last).map { place in
            place < 0 ? -place : place > last ? 2 * last - place : place
        }
    }
}
