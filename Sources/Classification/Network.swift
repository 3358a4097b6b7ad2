public import AtlasModel
import Foundation
import Kernels
import Parallel

/// A network that has learned.
public struct Network: Sendable, Equatable {
    public let architecture: Architecture
    /// Names of the classes, in the order of its outputs.
    public let classes: [String]
    /// Trainable values in the plan's order.
    let values: [Float]
    /// Mean and variance of the normalisations.
    let statistics: [Float]
    /// Divides the scores for calibrated probabilities; 1 when it was not fitted.
    public let temperature: Double
    /// Digests of the pictures it learned from, sorted; empty when unknown.
    public let trainingDigests: [String]
    /// How it came about; `nil` for a file that does not tell.
    public let origin: Origin?

    /// How far it was after each epoch; empty when unknown.
    public var history: [EpochRecord] { origin?.history ?? [] }
    /// The recipe it was trained by, in a sentence.
    public var recipeDescription: String? { origin?.settings.description }
    public var seed: UInt64? { origin?.settings.seed }
    public var threads: Int? { origin?.settings.threads }

    /// Values in all layers, statistics included, as Keras counts them.
    public var parameterCount: Int { values.count + statistics.count }

    /// Pictures in a pass.
    private static let batch = 128

    /// What the network says of each vector: the softmax of one forward pass.
    /// - Parameters:
    ///   - threads: to use; their number changes nothing.
    /// - Throws: `KernelError`.
    public func predict(
        _ vectors: ModelVectors, threads: Int, progress: ProgressReport? = nil
    ) throws -> [Prediction] {
        try scores(vectors, threads: threads, progress: progress).map {
            Prediction(probabilities: Self.softmax($0))
        }
    }

    /// The prediction with its probabilities calibrated by the temperature: the class stays the
    /// same.
    public func calibrated(_ prediction: Prediction) -> Prediction {
        // A probability's logarithm is its score up to a constant, which softmax cancels.
        let scores = prediction.probabilities.map { log(max($0, .leastNormalMagnitude)) }
        return Prediction(probabilities: Self.softmax(scores.map { $0 / Float(temperature) }))
    }

    /// Outputs before the softmax, a row for each vector.
    func scores(_ vectors: ModelVectors, threads: Int, progress: ProgressReport? = nil) throws
        -> [[Float]]
    {
        // Blocks of pictures are shared out to threads, each with a graph of its own; all graphs
        // are of one size, so nothing depends on their number.
        let size = min(Self.batch, max(1, vectors.count))
        let blocks = (vectors.count + size - 1) / size
        let share = max(1, (blocks + threads - 1) / threads)
        return try Workers(threads).map((blocks + share - 1) / share) { part -> [[Float]] in
            KernelThreads.use(1)
            let own = ParameterStore(values: values, statistics: statistics)
            let graph = try LayerGraph.of(architecture, batch: size, store: own, for: .inference)
            let pictures = part * share * size..<min(vectors.count, (part + 1) * share * size)
            // One part tells how far all are: they run side by side.
            return try Self.scores(vectors, pictures, on: graph) { done, total in
                if part == 0 { progress?(done * vectors.count / total, vectors.count) }
            }
        }.flatMap { $0 }
    }

    private static func scores(
        _ vectors: ModelVectors, _ pictures: Range<Int>, on graph: LayerGraph,
        progress: (Int, Int) -> Void
    ) throws -> [[Float]] {
        var rows: [[Float]] = []
        rows.reserveCapacity(pictures.count)
        for start in stride(from: pictures.lowerBound, to: pictures.upperBound, by: graph.batch) {
            let end = min(pictures.upperBound, start + graph.batch)
            graph.withInput { target in
                let offset = start * ModelVectors.length
                for i in 0..<(end - start) * ModelVectors.length {
                    target[i] = Float(vectors.bytes[offset + i]) / 255
                }
            }
            let output = try graph.forward()
            let width = output.count / graph.batch
            for row in 0..<end - start {
                rows.append(Array(output[row * width..<(row + 1) * width]))
            }
            progress(end - pictures.lowerBound, pictures.count)
        }
        return rows
    }

    /// exp(z) / Σ exp(z), shifted by the largest score.
    static func softmax(_ scores: [Float]) -> [Float] {
        let largest = scores.max() ?? 0
        let powers = scores.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

extension LayerGraph {
    /// The architecture's layers at work; the softmax is left to the caller.
    /// - Parameter random: random bits for dropout while training; `nil` leaves dropout out.
    static func of(
        _ architecture: Architecture, batch: Int, store: ParameterStore, for purpose: GraphPurpose,
        random: (() -> UInt64)? = nil
    ) throws -> LayerGraph {
        let plan = try ParameterPlan(architecture)
        let graph = try LayerGraph(
            batch: batch, height: ModelVectors.side, width: ModelVectors.side, channels: 3,
            store: store, for: purpose, method: purpose == .training ? .fastest : .direct)
        var padding = 0
        var skipsRectifier = false
        for (index, layer) in architecture.layers.enumerated() {
            let offset = plan.fields[index].first?.offset ?? 0
            switch layer.kind {
            case .zeroPadding(let pad): padding += pad
            case .convolution(let filters, let kernel, let same):
                try graph.addConvolution(
                    filters: filters, kernel: kernel, padding: padding + (same ? kernel / 2 : 0),
                    offset: offset)
                padding = 0
            case .normalization(let epsilon, _):
                let following = architecture.layers.dropFirst(index + 1).first
                skipsRectifier = following?.kind == .rectifier
                try graph.addNormalization(
                    epsilon: epsilon, rectified: skipsRectifier, offset: offset,
                    statistics: plan.fields[index].first(where: \.isStatistic)?.offset ?? 0)
            case .rectifier:
                if !skipsRectifier { try graph.addRectifier() }
                skipsRectifier = false
            case .maxPooling(let size): try graph.addMaxPooling(size: size)
            case .globalAveragePooling: try graph.addGlobalAveragePooling()
            case .dropout(let rate):
                if let random { try graph.addDropout(rate: rate, random: random) }
            case .dense(let units): try graph.addDense(units: units, offset: offset)
            case .flatten:
                // A dense layer flattens by itself.
                if index + 1 == architecture.layers.count { try graph.addFlattening() }
            case .softmax: break
            }
            if padding > 0, index + 1 < architecture.layers.count {
                guard case .convolution = architecture.layers[index + 1].kind else {
                    throw ClassificationError.impossibleLayer(
                        name: architecture.layers[index + 1].name, input: plan.inputs[index + 1])
                }
            }
        }
        return graph
    }
}
