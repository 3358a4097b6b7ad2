import Foundation
import Parallel

/// The kernel 1 / (1 + d²) on a square grid, ready for convolutions.
struct Kernel: Sendable {
    /// A grid: the number of rows and columns, and how far they are apart.
    struct Size: Hashable, Sendable {
        let side: Int
        /// Number of the step in a series that grows by a twentieth each.
        private let level: Int

        /// Largest number of rows. More cost time: four times as much for twice as many.
        private static let largest = 256
        /// Rows and columns at the border that the splines of points reach.
        private static let border = 8
        private static let finest: Float = 0.5

        /// The grid for points that lie in a square of this side.
        init(span: Float) {
            var side = 32
            while side < Self.largest, Float(side - Self.border) * Self.finest < span { side *= 2 }
            var level = 0
            while Float(side - Self.border) * Self.step(level) < span { level += 1 }
            (self.side, self.level) = (side, level)
        }

        private static func step(_ level: Int) -> Float { finest * Float(pow(1.05, Double(level))) }

        var step: Float { Self.step(level) }
        var cells: Int { side * side }
    }

    private typealias Lanes = FourierTransform.Lanes

    private let side: Int
    private let transform: FourierTransform
    /// The transform of the kernel, divided by that of the splines, `(batches, length)`: eight columns
    /// in the lanes.
    private let factors: [Lanes]

    /// Rows and columns of the transforms: twice those of the grid, so that the kernel does not reach
    /// around the border.
    private var length: Int { transform.length }
    /// Eight columns each. The columns beyond half the length follow from the symmetry of real values.
    private var batches: Int { length / 16 + 1 }

    init(_ size: Size) {
        side = size.side
        transform = FourierTransform(length: 2 * size.side)
        factors = Self.factors(size, transform)
    }

    private static func factors(_ size: Size, _ transform: FourierTransform) -> [Lanes] {
        let (length, step) = (transform.length, Double(size.step))
        let batches = length / 16 + 1
        let offsets = (0..<length).map { step * Double($0 < length / 2 ? $0 : $0 - length) }
        // The values of the cubic spline at the grid points are 1/6, 4/6, 1/6. It is applied when
        // points are spread and again when φ is interpolated.
        let splines = (0..<length).map { k in
            let value = (4 + 2 * cos(2 * Double.pi * Double(k) / Double(length))) / 6
            return value * value
        }
        var columns = [Lanes](repeating: .zero, count: 2 * batches * length)
        var values = [Lanes](repeating: .zero, count: 2 * length)
        var scratch = values
        for block in stride(from: 0, to: length, by: 8) {
            for (column, x) in offsets.enumerated() {
                for lane in 0..<8 {
                    let y = offsets[block + lane]
                    values[2 * column][lane] = Float(1 / (1 + x * x + y * y))
                }
                values[2 * column + 1] = .zero
            }
            run(transform, &values, 0, &scratch)
            // The kernel is even, so its transforms are real.
            for column in 0...length / 2 {
                for lane in 0..<8 {
                    let index = (column / 8) * length + block + lane
                    columns[2 * index][column % 8] = values[2 * column][lane]
                }
            }
        }
        var factors = [Lanes](repeating: .zero, count: batches * length)
        for batch in 0..<batches {
            run(transform, &columns, 2 * batch * length, &scratch)
            for row in 0..<length {
                let value = columns[2 * (batch * length + row)]
                for lane in 0..<8 where 8 * batch + lane <= length / 2 {
                    let spline = splines[row] * splines[8 * batch + lane]
                    factors[batch * length + row][lane] = Float(
                        Double(value[lane]) / (spline * Double(length) * Double(length)))
                }
            }
        }
        return factors
    }

    private static func run(
        _ transform: FourierTransform, _ values: inout [Lanes], _ start: Int,
        _ scratch: inout [Lanes]
    ) {
        values.withUnsafeMutableBufferPointer { values in
            scratch.withUnsafeMutableBufferPointer { scratch in
                guard let values = values.baseAddress, let scratch = scratch.baseAddress else {
                    return
                }
                transform.transform(values + start, scratch: scratch)
            }
        }
    }

    /// Replaces a grid by its convolution with the kernel.
    /// - Parameter cells: laid out as `PointGrid` says.
    func convolve(_ cells: inout [Float], workers: Workers) throws {
        var columns = [Lanes](repeating: .zero, count: 2 * batches * length)
        let blocks = side / 16
        try cells.withUnsafeBufferPointer { cells in
            nonisolated(unsafe) let cells = cells
            try workers.fill(&columns, total: blocks) { range, columns in
                withScratch { values, scratch in
                    for block in range {
                        rowsForward(block, cells, values, scratch, into: columns)
                    }
                }
            }
        }
        try workers.fill(&columns, total: batches) { range, columns in
            withScratch { _, scratch in
                for batch in range { multiply(batch, columns, scratch) }
            }
        }
        try columns.withUnsafeBufferPointer { columns in
            nonisolated(unsafe) let columns = columns
            try workers.fill(&cells, total: blocks) { range, cells in
                withScratch { values, scratch in
                    for block in range {
                        rowsBackward(block, columns, values, scratch, into: cells)
                    }
                }
            }
        }
    }

    private func withScratch(
        _ body: (UnsafeMutablePointer<Lanes>, UnsafeMutablePointer<Lanes>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 4 * length) { buffer in
            guard let start = buffer.baseAddress else { return }
            buffer.initialize(repeating: .zero)
            body(start, start + 2 * length)
        }
    }

    /// Transforms sixteen rows: eight as real and eight as imaginary parts, which are told apart
    /// afterwards.
    private func rowsForward(
        _ block: Int, _ cells: UnsafeBufferPointer<Float>, _ values: UnsafeMutablePointer<Lanes>,
        _ scratch: UnsafeMutablePointer<Lanes>, into columns: UnsafeMutablePointer<Lanes>
    ) {
        guard let start = cells.baseAddress else { return }
        let rows = UnsafeRawPointer(start + block * side * 16)
        for index in 0..<2 * side {
            values[index] = rows.loadUnaligned(fromByteOffset: 32 * index, as: Lanes.self)
        }
        for index in 2 * side..<2 * length { values[index] = .zero }
        transform.transform(values, scratch: scratch)
        columns.withMemoryRebound(to: Float.self, capacity: 16 * batches * length) { floats in
            for k in 0...length / 2 {
                let other = (length - k) % length
                let (re, im) = (values[2 * k], values[2 * k + 1])
                let (mirroredRe, mirroredIm) = (values[2 * other], values[2 * other + 1])
                let first = ((re + mirroredRe) * 0.5, (im - mirroredIm) * 0.5)
                let second = ((im + mirroredIm) * 0.5, (mirroredRe - re) * 0.5)
                let column = floats + ((k / 8) * length + 16 * block) * 16 + k % 8
                for lane in 0..<8 {
                    column[16 * lane] = first.0[lane]
                    column[16 * lane + 8] = first.1[lane]
                    column[16 * (lane + 8)] = second.0[lane]
                    column[16 * (lane + 8) + 8] = second.1[lane]
                }
            }
        }
    }

    /// Transforms eight columns, multiplies them by the factors and transforms them back, with real and
    /// imaginary parts exchanged.
    private func multiply(
        _ batch: Int, _ columns: UnsafeMutablePointer<Lanes>, _ scratch: UnsafeMutablePointer<Lanes>
    ) {
        let column = columns + 2 * batch * length
        transform.transform(column, scratch: scratch)
        factors.withUnsafeBufferPointer { factors in
            for row in 0..<length {
                let factor = factors[batch * length + row]
                let re = column[2 * row]
                column[2 * row] = column[2 * row + 1] * factor
                column[2 * row + 1] = re * factor
            }
        }
        transform.transform(column, scratch: scratch)
    }

    /// Transforms sixteen rows back.
    private func rowsBackward(
        _ block: Int, _ columns: UnsafeBufferPointer<Lanes>,
        _ values: UnsafeMutablePointer<Lanes>, _ scratch: UnsafeMutablePointer<Lanes>,
        into cells: UnsafeMutablePointer<Float>
    ) {
        guard let start = columns.baseAddress else { return }
        start.withMemoryRebound(to: Float.self, capacity: 16 * batches * length) { floats in
            for k in 0...length / 2 {
                let column = floats + ((k / 8) * length + 16 * block) * 16 + k % 8
                var first = (re: Lanes.zero, im: Lanes.zero)
                var second = first
                for lane in 0..<8 {
                    // Real and imaginary parts are still exchanged.
                    first.im[lane] = column[16 * lane]
                    first.re[lane] = column[16 * lane + 8]
                    second.im[lane] = column[16 * (lane + 8)]
                    second.re[lane] = column[16 * (lane + 8) + 8]
                }
                // first + i second, exchanged again for the way back.
                values[2 * k] = first.im + second.re
                values[2 * k + 1] = first.re - second.im
                let other = length - k
                guard k > 0, other > length / 2 else { continue }
                values[2 * other] = second.re - first.im
                values[2 * other + 1] = first.re + second.im
            }
        }
        transform.transform(values, scratch: scratch)
        let rows = cells + block * side * 16
        for column in 0..<side {
            let (re, im) = (values[2 * column + 1], values[2 * column])
            for lane in 0..<8 {
                rows[16 * column + lane] = re[lane]
                rows[16 * column + 8 + lane] = im[lane]
            }
        }
    }
}
