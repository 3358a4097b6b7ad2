import AtlasModel
import RandomNumbers

/// A square part of a picture as a network sees it: resized by bilinear interpolation, turned or
/// mirrored, and in training with changed colours.
struct Crop: Sendable, Equatable {
    /// Its side as a share of the shorter side of the picture.
    let share: Float
    /// Where it lies, from 0 at the left or top edge to 1 at the right or bottom edge.
    let right: Float
    let down: Float
    /// Quarter turns, plus 4 for mirrored.
    let symmetry: Int
    /// Factors of red, green and blue.
    var gains = SIMD3<Float>(repeating: 1)
    /// Added to the values, which are 0 to 1.
    var lift: Float = 0
}

extension Crop {
    /// The crops that are averaged for a prediction: the middle in full, then the four corners, then the
    /// middle again, in six of the eight symmetries. They cover the picture, and are as large as the crops
    /// of a training in the mean.
    static let predicted: [Crop] = {
        let share: Float = 0.85
        let places: [(Float, Float, Float)] = [
            (0.5, 0.5, 1), (0, 0, share), (1, 1, share), (1, 0, share), (0, 1, share),
            (0.5, 0.5, share),
        ]
        return places.enumerated().map { number, place in
            // An upright one, then mirrored and upright ones by turns.
            Crop(
                share: place.2, right: place.0, down: place.1,
                symmetry: number % 2 == 0 ? number / 2 : 4 + number / 2)
        }
    }()

    /// A crop for a training.
    static func drawn(_ recipe: CropRecipe, symmetry: Int, random: inout SplitMix64) -> Crop {
        func uniform(_ most: Float) -> Float {
            Float(random.uniform(-Double(most)...Double(most)))
        }
        let share = 1 - (1 - recipe.smallest) * Float(random.uniform(0...1))
        let (right, down) = (Float(random.uniform(0...1)), Float(random.uniform(0...1)))
        let light = uniform(recipe.light)
        let tints = SIMD3(uniform(recipe.tint), uniform(recipe.tint), uniform(recipe.tint))
        return Crop(
            share: share, right: right, down: down, symmetry: symmetry, gains: 1 + light + tints,
            lift: uniform(recipe.light) / 2)
    }

    /// Writes the crop of a picture as values around 0…1, `(side, side, 3)`.
    func write(
        _ picture: LargerPicture, side: Int, to target: UnsafeMutableBufferPointer<Float>
    ) {
        let length = share * Float(min(picture.width, picture.height))
        let columns = Self.samples(side, from: right, length, picture.width)
        let rows = Self.samples(side, from: down, length, picture.height)
        let start = placed(0, 0, side)
        let (toRight, toBottom) = (placed(1, 0, side) - start, placed(0, 1, side) - start)
        let gains = gains / 255
        picture.bytes.withUnsafeBufferPointer { bytes in
            for (y, row) in rows.enumerated() {
                let (upper, lower) = (row.first * picture.width, row.second * picture.width)
                var place = (start + y * toBottom) * 3
                for column in columns {
                    let corners = (
                        (upper + column.first) * 3, (upper + column.second) * 3,
                        (lower + column.first) * 3, (lower + column.second) * 3
                    )
                    for channel in 0..<3 {
                        let top = Self.between(
                            bytes[corners.0 + channel], bytes[corners.1 + channel], column.weight)
                        let bottom = Self.between(
                            bytes[corners.2 + channel], bytes[corners.3 + channel], column.weight)
                        target[place + channel] =
                            (top + row.weight * (bottom - top)) * gains[channel] + lift
                    }
                    place += toRight * 3
                }
            }
        }
    }

    private static func between(_ first: UInt8, _ second: UInt8, _ weight: Float) -> Float {
        Float(first) + weight * (Float(second) - Float(first))
    }

    /// Two neighbouring pixels, and the weight of the second.
    private typealias Sample = (first: Int, second: Int, weight: Float)

    /// The pixels of a line of a picture between which each pixel of a crop lies.
    private static func samples(
        _ count: Int, from place: Float, _ length: Float, _ whole: Int
    ) -> [Sample] {
        let begin = place * (Float(whole) - length)
        return (0..<count).map { number in
            let centre = begin + (Float(number) + 0.5) * length / Float(count) - 0.5
            let held = min(max(centre, 0), Float(whole - 1))
            let first = Int(held)
            return (first, min(first + 1, whole - 1), held - Float(first))
        }
    }

    /// The place of a pixel after mirroring and turning: where the opposite would take it from.
    private func placed(_ column: Int, _ row: Int, _ side: Int) -> Int {
        let (x, y) = SquareSymmetry(symmetry).inverse.source(ofColumn: column, row: row, side: side)
        return y * side + x
    }
}
