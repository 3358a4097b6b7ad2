import Parallel
import RandomNumbers

/// t-SNE: places in the plane at which neighbours are near each other (L. van der Maaten and G. Hinton,
/// "Visualizing Data using t-SNE", 2008).
///
/// Full-batch gradient descent with momentum and gains. Step sizes are those of openTSNE (P. Poličar et
/// al., 2019): n / exaggeration, as A. Belkina et al. recommend (2019).
struct Embedding {
    /// A part of the descent.
    struct Phase {
        let steps: Int
        /// Factor of all attractions. In the first phase it lets groups form.
        let exaggeration: Float
        let momentum: Float
    }

    static let phases = [
        Phase(steps: 250, exaggeration: 12, momentum: 0.5),
        Phase(steps: 500, exaggeration: 1, momentum: 0.8),
    ]
    /// Standard deviation of the places to begin with, wider side.
    private static let startWidth = 0.01
    /// Largest step of a point.
    fileprivate static let longestStep: Float = 5
    private static let block = 512

    private let graph: NeighbourGraph
    private let workers: Workers
    private var field: RepulsionField
    private var points: [SIMD2<Float>]
    private var states: [State]

    /// Movement of a point.
    fileprivate struct State {
        var step: SIMD2<Float> = .zero
        var gain: SIMD2<Float> = .one
    }

    /// The places of all pictures of `graph`, centred on (0, 0).
    /// - Parameters:
    ///   - start: places to begin with, in any scale.
    ///   - progress: in steps.
    static func places(
        of graph: NeighbourGraph, startingAt start: [SIMD2<Double>], phases: [Phase] = phases,
        workers: Workers, progress: ProgressReport?
    ) throws -> [SIMD2<Float>] {
        var embedding = Embedding(graph, start, workers)
        let total = phases.reduce(0) { $0 + $1.steps }
        var done = 0
        for phase in phases {
            for _ in 0..<phase.steps {
                try embedding.descend(phase)
                done += 1
                progress?(done, total)
            }
        }
        return embedding.centred
    }

    private init(_ graph: NeighbourGraph, _ start: [SIMD2<Double>], _ workers: Workers) {
        self.graph = graph
        self.workers = workers
        field = RepulsionField(workers: workers)
        var (mean, squares) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
        for place in start { mean += place }
        mean /= Double(max(1, start.count))
        for place in start { squares += (place - mean) * (place - mean) }
        let deviation = (squares.max() / Double(max(1, start.count))).squareRoot()
        let scale = deviation > 0 && deviation.isFinite ? Self.startWidth / deviation : 0
        // Pictures at one place could not move apart, so each begins a little beside it.
        var random = SplitMix64(seed: 0)
        points = start.map { place in
            let aside = SIMD2(
                Double.random(in: -1..<1, using: &random),
                Double.random(in: -1..<1, using: &random))
            return SIMD2<Float>((place - mean) * scale + aside * (Self.startWidth / 100))
        }
        states = [State](repeating: State(), count: start.count)
    }

    private mutating func descend(_ phase: Phase) throws {
        let samples = try field.samples(points)
        var total = 0.0
        for sample in samples { total += Double(sample.potential) }
        // Each point's own kernel is 1.
        let scale = Float(1 / max(total - Double(points.count), 1e-9))
        let rate = Float(points.count) / phase.exaggeration
        let (graph, old) = (graph, points)
        var (states, next) = (states, points)
        try next.withUnsafeMutableBufferPointer { next in
            guard let start = next.baseAddress else { return }
            nonisolated(unsafe) let next = start
            try workers.fill(&states, total: points.count, chunk: Self.block) { range, states in
                for index in range {
                    let attraction = graph.attraction(of: index, in: old)
                    // The repulsion is minus half of the gradient of φ, divided by the sum of all φ.
                    let gradient =
                        attraction * phase.exaggeration + samples[index].gradient * (0.5 * scale)
                    next[index] += states[index].move(
                        along: gradient, rate: rate, momentum: phase.momentum)
                }
            }
        }
        (self.states, points) = (states, next)
    }

    private var centred: [SIMD2<Float>] {
        var sum = SIMD2<Double>.zero
        for point in points { sum += SIMD2<Double>(point) }
        let mean = SIMD2<Float>(sum / Double(max(1, points.count)))
        return points.map { $0 - mean }
    }
}

extension Embedding.State {
    /// The next step: the last one times momentum, less the gradient times rate and gain. A gain grows
    /// while the gradient keeps its direction.
    fileprivate mutating func move(
        along gradient: SIMD2<Float>, rate: Float, momentum: Float
    ) -> SIMD2<Float> {
        let turns = (gradient .> 0) .== (step .> 0)
        gain = (gain + 0.2).replacing(with: gain * 0.8, where: turns)
        gain = pointwiseMax(gain, SIMD2(repeating: 0.01))
        step = step * momentum - gradient * gain * rate
        let length = (step * step).sum().squareRoot()
        let longest = Embedding.longestStep
        if length > longest { step *= longest / length }
        return step
    }
}

extension NeighbourGraph {
    /// Σ p (y − yⱼ) / (1 + |y − yⱼ|²) over the neighbours of a picture.
    func attraction(of index: Int, in points: [SIMD2<Float>]) -> SIMD2<Float> {
        points.withUnsafeBufferPointer { points in
            var sum = SIMD2<Float>.zero
            let own = points[index]
            for edge in starts[index]..<starts[index + 1] {
                let way = own - points[Int(targets[edge])]
                sum += way * (weights[edge] / (1 + (way * way).sum()))
            }
            return sum
        }
    }
}
