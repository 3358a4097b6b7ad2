import AtlasModel
import Foundation
import Kernels
import Parallel
import RandomNumbers

/// A batch shared out to graphs that run side by side, each on one thread.
///
/// Threads then meet once a step. Inside oneDNN they would meet after each of some thirty
/// operations, and on a machine with other work each meeting may cost a time slice. Normalisation
/// sees the pictures of one graph at a time.
struct SharedBatch {
    /// Pictures in a step.
    let size: Int
    private let parts: [BatchPart]
    /// First picture of each part, and the end.
    private let bounds: [Int]
    private let store: ParameterStore

    /// Fewest pictures a graph normalises over.
    private static let fewest = 8

    init(
        _ architecture: Architecture, size: Int, threads: Int, store: ParameterStore,
        smoothing: Float
    ) throws {
        self.size = size
        self.store = store
        let count = max(1, min(threads, size / Self.fewest))
        let bounds = (0...count).map { $0 * size / count }
        self.bounds = bounds
        parts = try (0..<count).map { index in
            try BatchPart(
                architecture, size: bounds[index + 1] - bounds[index], store: store,
                smoothing: smoothing)
        }
    }

    /// Begins the random numbers of the dropout layers anew.
    func seed(_ random: inout SplitMix64) {
        for part in parts { part.seed(random.next()) }
    }

    /// Runs forward and back; the store then holds the gradients of the mean loss.
    /// - Returns: the summed cross-entropy of the pictures.
    func learn(_ chosen: [Int], shown: [Presentation], from training: LabelledVectors) throws
        -> Double
    {
        precondition(
            chosen.count == size && shown.count == size, "as many pictures as the batch holds")
        let (parts, bounds, size) = (parts, bounds, size)
        let losses = try Workers(parts.count).map(parts.count) { index in
            let range = bounds[index]..<bounds[index + 1]
            return try parts[index].learn(
                chosen[range], shown: shown[range], from: training, of: size)
        }
        store.gather(parts.map(\.store))
        return losses.reduce(0, +)
    }
}

/// One graph with gradients of its own.
///
/// Not checked by the compiler, and safe: in each step one worker uses it, and steps follow one
/// another.
private final class BatchPart: @unchecked Sendable {
    let store: ParameterStore
    private let graph: LayerGraph
    private let bits: RandomBits
    private let smoothing: Float

    init(_ architecture: Architecture, size: Int, store: ParameterStore, smoothing: Float) throws {
        KernelThreads.use(1)
        self.store = ParameterStore(sharing: store)
        self.smoothing = smoothing
        let bits = RandomBits()
        self.bits = bits
        graph = try .of(
            architecture, batch: size, store: self.store, for: .training, random: bits.next)
    }

    func seed(_ seed: UInt64) { bits.random = SplitMix64(seed: seed) }

    func learn(
        _ chosen: ArraySlice<Int>, shown: ArraySlice<Presentation>, from training: LabelledVectors,
        of total: Int
    ) throws -> Double {
        KernelThreads.use(1)
        graph.withInput { target in
            for (place, (index, presentation)) in zip(chosen, shown).enumerated() {
                presentation.write(training.vectors, index, to: target, at: place)
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
            loss -= log(max(1e-7, Double(probabilities[label])))
            for column in 0..<width {
                let target = smoothing / Float(width) + (column == label ? 1 - smoothing : 0)
                gradient[row + column] = (probabilities[column] - target) / Float(total)
            }
        }
        try graph.backward(gradient)
        return loss
    }
}

/// Random bits that the dropout layers of a graph draw from one place.
private final class RandomBits {
    var random = SplitMix64(seed: 0)
    func next() -> UInt64 { random.next() }
}
