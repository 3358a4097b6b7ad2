import AtlasModel
import RandomNumbers

/// A large picture of random blots, from which pictures are cut.
struct Scene {
    let side: Int
    /// `(side, side, 3)`.
    let bytes: [UInt8]

    /// Noise, averaged over squares of 3 by 3 pixels so that neighbouring pixels are alike.
    init(seed: UInt64, side: Int = 100) {
        var random = SplitMix64(seed: seed)
        let noise = (0..<(side + 2) * (side + 2) * 3).map { _ in random.below(256) }
        self.side = side
        bytes = (0..<side * side * 3).map { place in
            let (row, column, channel) = (place / 3 / side, place / 3 % side, place % 3)
            var sum = 0
            for y in row...row + 2 {
                for x in column...column + 2 { sum += noise[(y * (side + 2) + x) * 3 + channel] }
            }
            return UInt8(sum / 9)
        }
    }

    /// The model vector whose upper left corner is at (`top`, `left`).
    func cut(_ top: Int, _ left: Int) -> [UInt8] {
        (0..<ModelVectors.side).flatMap { row in
            let start = ((top + row) * side + left) * 3
            return bytes[start..<start + ModelVectors.side * 3]
        }
    }

    /// The upper left corner as a square.
    func square(_ length: Int) -> [UInt8] {
        (0..<length).flatMap { row in bytes[row * side * 3..<(row * side + length) * 3] }
    }
}

extension ModelVectors {
    /// Pictures one after another.
    init(_ pictures: [[UInt8]]) { self.init(bytes: pictures.flatMap(\.self)) }

    /// A picture whose pixels are `grey(row, column)`.
    static func picture(_ grey: (Int, Int) -> Int) -> [UInt8] {
        (0..<length).map { UInt8(grey($0 / 3 / side, $0 / 3 % side)) }
    }
}
