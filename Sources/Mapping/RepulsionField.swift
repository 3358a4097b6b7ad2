import Parallel

/// The sum of a kernel around many points of the plane, φ(y) = Σ 1 / (1 + |y − yⱼ|²), and its gradient.
///
/// t-SNE needs both at every point: the repulsion of a point is −∇φ / 2. The points are spread on a grid
/// by cubic B-splines, the grid is convolved with the kernel by Fourier transforms, and φ is
/// interpolated by the same splines. This is the particle-mesh method of U. Essmann et al., "A smooth
/// particle mesh Ewald method" (1995), used for t-SNE as by G. Linderman et al., "Fast
/// interpolation-based t-SNE" (2019).
///
/// All sums have a fixed order, so the result does not depend on the number of threads.
struct RepulsionField {
    /// φ, and its gradient, at each point.
    struct Sample {
        var potential: Float
        var gradient: SIMD2<Float>
    }

    private let workers: Workers
    private var kernels: [Kernel.Size: Kernel] = [:]
    /// The points are spread by this many tasks, each on its own grid. It is a constant, because it
    /// decides the order of sums.
    private static let spreads = 4
    /// Number of points that a thread samples at a time.
    private static let block = 1024

    init(workers: Workers) { self.workers = workers }

    /// φ and its gradient at each of `points`. Each includes the point's own kernel.
    mutating func samples(_ points: [SIMD2<Float>]) throws -> [Sample] {
        guard let borders = Borders(of: points) else { return [] }
        return try samples(at: points, of: sum(of: points, within: borders))
    }

    /// The sum of the kernels around points, on a grid.
    struct Sum: Sendable {
        fileprivate let grid: PointGrid
        fileprivate let potential: [Float]
    }

    /// - Parameter borders: of all points; φ can be sampled up to there.
    mutating func sum(of points: [SIMD2<Float>], within borders: Borders) throws -> Sum {
        let size = Kernel.Size(span: (borders.high - borders.low).max())
        let kernel = kernels[size] ?? Kernel(size)
        kernels[size] = kernel
        let grid = PointGrid(size, low: borders.low, high: borders.high)
        var cells = try spread(points, on: grid)
        try kernel.convolve(&cells, workers: workers)
        return Sum(grid: grid, potential: cells)
    }

    /// φ and its gradient at points within the borders of `sum`.
    func samples(at points: [SIMD2<Float>], of sum: Sum) throws -> [Sample] {
        var samples = [Sample](
            repeating: Sample(potential: 0, gradient: .zero), count: points.count)
        try workers.fill(&samples, total: points.count, chunk: Self.block) { range, samples in
            sum.potential.withUnsafeBufferPointer { potential in
                for index in range {
                    samples[index] = sum.grid.sample(potential, at: points[index])
                }
            }
        }
        return samples
    }

    private func spread(_ points: [SIMD2<Float>], on grid: PointGrid) throws -> [Float] {
        let count = grid.size.cells
        let part = (points.count + Self.spreads - 1) / Self.spreads
        var parts = [Float](repeating: 0, count: Self.spreads * count)
        try workers.fill(&parts, total: Self.spreads) { range, cells in
            for number in range {
                let cells = cells + number * count
                for index in number
                    * part..<max(number * part, min(points.count, (number + 1) * part))
                {
                    grid.add(points[index], to: cells)
                }
            }
        }
        var sums = [Float](repeating: 0, count: count)
        try workers.fill(&sums, total: count, chunk: 16_384) { [parts] range, sums in
            parts.withUnsafeBufferPointer { parts in
                for number in 0..<Self.spreads {
                    for cell in range { sums[cell] += parts[number * count + cell] }
                }
            }
        }
        return sums
    }
}

/// The smallest upright rectangle around points.
struct Borders: Sendable {
    let low: SIMD2<Float>
    let high: SIMD2<Float>

    /// `nil` without points.
    init?(of points: [SIMD2<Float>]) {
        guard let first = points.first else { return nil }
        (low, high) = points.reduce((first, first)) {
            (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1))
        }
    }

    /// The place within the borders that is nearest to `point`.
    func clamped(_ point: SIMD2<Float>) -> SIMD2<Float> {
        point.clamped(lowerBound: low, upperBound: high)
    }
}

/// Where points lie on a grid. Sixteen rows of a column are next to each other in memory, because they
/// are transformed together.
struct PointGrid: Sendable {
    let size: Kernel.Size
    private let origin: SIMD2<Float>
    private let scale: Float

    init(_ size: Kernel.Size, low: SIMD2<Float>, high: SIMD2<Float>) {
        self.size = size
        scale = 1 / size.step
        let middle = (low + high) * 0.5
        origin = middle - size.step * Float(size.side / 2)
    }

    /// Index of the first of four rows and columns whose splines reach a point, and the place of the
    /// point in its cell.
    private func place(_ point: SIMD2<Float>) -> (row: Int, column: Int, inside: SIMD2<Float>) {
        let place = (point - origin) * scale
        let column = Int(place.x)
        let row = Int(place.y)
        return (row - 1, column - 1, place - SIMD2(Float(column), Float(row)))
    }

    private func index(_ row: Int, _ column: Int) -> Int {
        (((row >> 4) * size.side + column) << 4) + (row & 15)
    }

    func add(_ point: SIMD2<Float>, to cells: UnsafeMutablePointer<Float>) {
        let (row, column, inside) = place(point)
        let (x, y) = (CubicSpline.values(inside.x), CubicSpline.values(inside.y))
        for j in 0..<4 {
            for i in 0..<4 { cells[index(row + j, column + i)] += y[j] * x[i] }
        }
    }

    func sample(_ cells: UnsafeBufferPointer<Float>, at point: SIMD2<Float>)
        -> RepulsionField.Sample
    {
        let (row, column, inside) = place(point)
        let (x, y) = (CubicSpline.values(inside.x), CubicSpline.values(inside.y))
        let (dx, dy) = (CubicSpline.slopes(inside.x), CubicSpline.slopes(inside.y))
        var (sum, alongX, alongY): (Float, Float, Float) = (0, 0, 0)
        for j in 0..<4 {
            var (value, slope): (Float, Float) = (0, 0)
            for i in 0..<4 {
                let cell = cells[index(row + j, column + i)]
                value += cell * x[i]
                slope += cell * dx[i]
            }
            sum += y[j] * value
            alongX += y[j] * slope
            alongY += dy[j] * value
        }
        return .init(potential: sum, gradient: SIMD2(alongX, alongY) * scale)
    }
}

/// The cubic B-spline at the four grid points around a place.
enum CubicSpline {
    /// - Parameter t: place between the second and the third grid point, from 0 to 1.
    static func values(_ t: Float) -> SIMD4<Float> {
        let u = 1 - t
        return SIMD4(
            u * u * u, 3 * t * t * t - 6 * t * t + 4, 3 * u * u * u - 6 * u * u + 4, t * t * t)
            * (1 / 6)
    }

    static func slopes(_ t: Float) -> SIMD4<Float> {
        let u = 1 - t
        return SIMD4(-u * u, 3 * t * t - 4 * t, 4 * u - 3 * u * u, t * t) * 0.5
    }
}
