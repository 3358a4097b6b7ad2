/// Lightness of a picture from 0 to 1: 0.299 R + 0.587 G + 0.114 B, row by row.
///
/// Rows are padded, so that eight values can be loaded at once from each place of a row, and from some places
/// beyond the last one.
struct GreyPicture {
    let width: Int
    let height: Int
    /// Values from one row to the next: `width`, rounded up to whole lanes.
    let stride: Int
    let values: [Float]

    /// Values that are loaded at once.
    typealias Lanes = SIMD8<Float>

    init(_ picture: Picture) {
        let (width, height) = (picture.width, picture.height)
        let stride = (width + Lanes.scalarCount - 1) / Lanes.scalarCount * Lanes.scalarCount
        let count = stride * height + 2 * Lanes.scalarCount
        self.width = width
        self.height = height
        self.stride = stride
        values = [Float](unsafeUninitializedCapacity: count) { values, initialized in
            values.initialize(repeating: 0)
            picture.pixels.withUnsafeBufferPointer { pixels in
                for row in 0..<height {
                    for column in 0..<width {
                        let place = 3 * (row * width + column)
                        let (red, green, blue) = (
                            Int32(pixels[place]), Int32(pixels[place + 1]), Int32(pixels[place + 2])
                        )
                        values[row * stride + column] =
                            Float(299 &* red &+ 587 &* green &+ 114 &* blue) / 255_000
                    }
                }
            }
            initialized = count
        }
    }

    /// Eight values from a place on.
    @inline(__always)
    static func load(_ place: UnsafePointer<Float>) -> Lanes {
        UnsafeRawPointer(place).loadUnaligned(as: Lanes.self)
    }
}
