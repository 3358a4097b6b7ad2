import AtlasModel
import Foundation
import Kernels
import Parallel
import RandomNumbers

/// A batch that is divided between graphs, which run in parallel on one thread each.
///
/// So the threads wait for each other once a step. Inside oneDNN they would wait after each of some
/// thirty operations, and on a machine with other work each wait may cost a time slice. Each graph
/// normalises over its own pictures. The graphs of networks that see crops take eight pictures each,
/// whatever the number of threads, so that they give the same result.
struct SharedBatch {
    /// Pictures in a step.
    let size: Int
    private let parts: [BatchPart]
    /// The first picture of each part, and the end.
    private let bounds: [Int]
    private let store: ParameterStore
    private let workers: Workers

    /// The smallest number of pictures that a graph normalises over.
    private static let smallestPart = 8

    init(
        _ architecture: Architecture, size: Int, threads: Int, store: ParameterStore,
        smoothing: Float
    ) throws {
        self.size = size
        self.store = store
        let most = size / Self.smallestPart
        let count = max(1, architecture.seesCrops ? most : min(threads, most))
        workers = Workers(min(threads, count))
        let bounds = (0...count).map { $0 * size / count }
        self.bounds = bounds
        parts = try (0..<count).map { index in
            try BatchPart(
                architecture, size: bounds[index + 1] - bounds[index], store: store,
                smoothing: smoothing)
        }
    }

    /// Seeds the random numbers of the dropout layers.
    func seed(_ random: inout SplitMix64) {
        for part in parts { part.seed(random.next()) }
    }

    /// Runs all layers forward and backward; the store then holds the gradients of the mean loss.
    /// - Parameters:
    ///   - chosen: indices of the training pictures, as many as the batch holds.
    ///   - views: one for each of them.
    /// - Returns: the sum of the cross-entropies of the pictures.
    func gradients(
        of chosen: [Int], as views: [PictureView], from training: LabelledPictures
    ) throws -> Double {
        precondition(
            chosen.count == size && views.count == size, "as many pictures as the batch holds")
        let (parts, bounds, size) = (parts, bounds, size)
        let losses = try workers.map(parts.count) { index in
            let range = bounds[index]..<bounds[index + 1]
            return try parts[index].gradients(
                of: chosen[range], as: views[range], from: training, batch: size)
        }
        store.gather(parts.map(\.store))
        return losses.reduce(0, +)
    }
}

/// One graph with its own gradients.
///
/// `@unchecked`, because a graph is not Sendable: in each step exactly one worker uses it, and the
/// steps follow one another.
private final class BatchPart: @unchecked Sendable {
    let store: ParameterStore
    private let graph: LayerGraph
    private let bits: RandomBits
    private let smoothing: Float
    private let side: Int

    init(_ architecture: Architecture, size: Int, store: ParameterStore, smoothing: Float) throws {
        KernelThreads.use(1)
        self.store = ParameterStore(sharing: store)
        self.smoothing = smoothing
        side = architecture.side
        let bits = RandomBits()
        self.bits = bits
        graph = try .of(
            architecture, batch: size, store: self.store, for: .training, random: bits.next)
    }

    func seed(_ seed: UInt64) { bits.random = SplitMix64(seed: seed) }

    /// Cross-entropy is computed from probabilities of at least this, so that one wrong prediction does
    /// not make it infinite; Keras uses the same value (`epsilon` of its backend).
    private static let leastProbability = 1e-7

    /// - Parameter batch: pictures in the whole batch.
    func gradients(
        of chosen: ArraySlice<Int>, as views: ArraySlice<PictureView>,
        from training: LabelledPictures, batch: Int
    ) throws -> Double {
        KernelThreads.use(1)
        graph.withInput { target in
            for (place, (index, view)) in zip(chosen, views).enumerated() {
                training.input.write(index, view, side: side, to: target, at: place)
            }
        }
        let scores = try graph.forward()
        let width = scores.count / chosen.count
        var gradient = [Float](repeating: 0, count: scores.count)
        var loss = 0.0
        for (place, index) in chosen.enumerated() {
            let row = place * width
            let probabilities = Network.softmax(Array(scores[row..<row + width]))
            let label = training.labels[index]
            loss -= log(max(Self.leastProbability, Double(probabilities[label])))
            for column in 0..<width {
                let target = smoothing / Float(width) + (column == label ? 1 - smoothing : 0)
                gradient[row + column] = (probabilities[column] - target) / Float(batch)
            }
        }
        try graph.backward(gradient)
        return loss
    }
}

/// The random generator that the dropout layers of a graph share.
private final class RandomBits {
    var random = SplitMix64(seed: 0)
    func next() -> UInt64 { random.next() }
}
