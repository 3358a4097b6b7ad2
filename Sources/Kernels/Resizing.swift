internal import COneDNN

/// How pixels between those of a picture are found.
package enum Interpolation: Sendable, Equatable {
    case nearest
    /// From the two next rows and columns, by distance.
    case bilinear
}

/// Resizes pictures as TensorFlow does: the middle of a pixel is half a pixel from its edge, and
/// beyond the middles of the outermost pixels their values continue. For prediction only.
final class ResizingStep: Step {
    let output: Tensor
    let outputGradient: Tensor? = nil
    private let source: Adapted
    private let shape: [Int]
    private let sides: Sides
    private let rows: [Position]
    private let columns: [Position]

    /// Between which two pixels a new pixel lies, and the weight of the second.
    private struct Position {
        let first: Int
        let second: Int
        let weight: Float
    }

    init(to sides: Sides, _ interpolation: Interpolation, _ context: StepContext)
        throws(KernelError)
    {
        shape = context.shape
        self.sides = sides
        source = try Adapted(
            from: context.input, to: layout(shape, dnnl_nhwc), context.engine)
        output = try context.tensor(
            layout([shape[0], shape[1], sides.height, sides.width], dnnl_nhwc))
        rows = Self.positions(from: shape[2], to: sides.height, interpolation)
        columns = Self.positions(from: shape[3], to: sides.width, interpolation)
    }

    private static func positions(from old: Int, to new: Int, _ interpolation: Interpolation)
        -> [Position]
    {
        // In single precision, because the neighbour of a pixel between two depends on the rounding.
        let scale = Float(old) / Float(new)
        return (0..<new).map { place in
            let middle = (Float(place) + 0.5) * scale
            switch interpolation {
            case .nearest:
                let nearest = min(old - 1, Int(middle))
                return Position(first: nearest, second: nearest, weight: 0)
            case .bilinear:
                let floor = (middle - 0.5).rounded(.down)
                let (first, second) = (max(0, Int(floor)), min(old - 1, Int(floor) + 1))
                return Position(first: first, second: second, weight: middle - 0.5 - floor)
            }
        }
    }

    func forward() throws(KernelError) {
        try source.copy?.run()
        let (old, new, channels) = (source.tensor.floats, output.floats, shape[1])
        let (height, width) = (shape[2], shape[3])
        for picture in 0..<shape[0] {
            let from = old + picture * height * width * channels
            let to = new + picture * sides.height * sides.width * channels
            for (y, row) in rows.enumerated() {
                let (upper, lower) = (
                    from + row.first * width * channels, from + row.second * width * channels
                )
                for (x, column) in columns.enumerated() {
                    let (left, right) = (column.first * channels, column.second * channels)
                    let target = to + (y * sides.width + x) * channels
                    for channel in 0..<channels {
                        let above =
                            upper[left + channel]
                            + (upper[right + channel] - upper[left + channel]) * column.weight
                        let below =
                            lower[left + channel]
                            + (lower[right + channel] - lower[left + channel]) * column.weight
                        target[channel] = above + (below - above) * row.weight
                    }
                }
            }
        }
    }

    func backward() {}
}
